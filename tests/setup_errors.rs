//! The mistakes that everybody makes once, as a user meets them: each says what to write instead.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support::until;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use honey::{Client, Config, DiagnosticKind, DropReason};
use honey_local::Server;

/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn refusal(config: Config) -> String {
    let error = Client::new(config).unwrap_err();
    assert!(error.is_config());
    // What `fn main() -> Result<(), Box<dyn Error>>` prints.
    assert_eq!(format!("{error:?}"), error.to_string());
    error.to_string()
}

#[test]
fn no_key_says_where_it_comes_from_and_how_to_do_without() {
    let text = refusal(Config::new(""));
    for advice in [
        "no API key",
        "HONEYCOMB_API_KEY",
        "OTEL_SDK_DISABLED=true",
        ".disabled(true)",
    ] {
        assert!(text.contains(advice), "{text}");
    }
    assert!(
        Client::new(Config::new("").disabled(true)).is_ok(),
        "disabled needs no key"
    );
}

#[test]
fn a_server_on_this_machine_needs_no_key() {
    let server = Server::builder().key_optional().start().unwrap();
    let client = Client::new(Config::new("").api_host(server.url()).dataset("d")).unwrap();
    let mut event = client.builder().new_event();
    event.add_field("a", 1);
    event.send();
    let stats = client.close(LONG).stats;
    assert!(stats.accepted == 1 && stats.is_balanced(), "{stats}");
    assert_eq!(
        server.requests()[0].headers.get("x-honeycomb-team"),
        None,
        "not an empty one"
    );
}

#[test]
fn a_classic_key_without_a_dataset_asks_for_one() {
    let text = refusal(Config::new("0123456789abcdef0123456789abcdef"));
    assert!(
        text.contains("classic")
            && text.contains(".dataset(")
            && text.contains("HONEYCOMB_DATASET"),
        "{text}"
    );
}

#[test]
fn an_api_host_that_is_no_url_shows_one() {
    for host in [
        "api.honeycomb.io",
        "htp://api.honeycomb.io",
        "https://",
        "https://api.honeycomb.io/?team=1",
    ] {
        let text = refusal(Config::new("key").api_host(host));
        assert!(
            text.contains("api_host") && text.contains("https://api.honeycomb.io"),
            "{text}"
        );
    }
}

#[test]
fn a_batch_that_is_never_sent_is_refused() {
    let text = refusal(
        Config::new("key")
            .max_batch_size(0)
            .send_frequency(Duration::ZERO),
    );
    assert!(
        text.contains("max_batch_size") && text.contains("send_frequency"),
        "{text}"
    );
}

#[test]
fn init_twice_says_to_do_it_once() {
    let guard = honey::init(Config::new("key").api_host("")).unwrap();
    let error = honey::init(Config::new("key").api_host("")).err().unwrap();
    assert!(error.is_already_initialized());
    assert!(
        error.to_string().contains("once") && error.to_string().contains("Client::new"),
        "{error}"
    );
    drop(guard);
    honey::init(Config::new("key").api_host(""))
        .unwrap()
        .close(LONG);
}

#[test]
fn an_event_without_fields_is_counted_and_explained() {
    let said = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&said);
    let config = Config::new("key")
        .api_host("")
        .on_diagnostic(move |kind, text| listener.lock().unwrap().push((kind, text.to_owned())));
    let client = Client::new(config).unwrap();
    honey::with_client(&client, || honey::Event::new().send());
    let stats = client.close(LONG).stats;
    assert_eq!(stats.dropped.by(DropReason::NoFields), 1);
    assert!(stats.is_balanced(), "{stats}");
    until("a word", || !said.lock().unwrap().is_empty());
    let said = said.lock().unwrap();
    assert!(
        matches!(&said[..], [(DiagnosticKind::NoFields, text)] if text.contains("add at least one field")),
        "{said:?}"
    );
}
