//! Where events go: per event and per Builder, and what becomes of those that cannot go there.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support::until;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use honey::{Client, Config, DiagnosticKind, DropReason};
use honey_local::Server;

const KEY: &str = concat!("honeykey", "4test-destinations");
const OTHER_KEY: &str = concat!("honeykey", "4test-other");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn config(server: &Server) -> Config {
    Config::new(KEY)
        .api_host(server.url())
        .dataset("main")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
}

#[test]
fn events_and_builders_choose_their_own_key_host_dataset_and_rate() {
    let (server, other) = (Server::start().unwrap(), Server::start().unwrap());
    let client = Client::new(config(&server).silent()).unwrap();
    let mut builder = client.builder();
    builder
        .set_api_key(format!(" {OTHER_KEY} "))
        .set_api_host(format!(" {} ", other.url()))
        .set_dataset(" audit ")
        .set_sample_rate(1);
    let mut of_builder = builder.new_event();
    of_builder.add_field("n", 1);
    of_builder.send();
    let mut of_event = builder.new_event();
    of_event.add_field("n", 2);
    of_event.set_api_key(KEY);
    of_event.set_api_host(server.url());
    of_event.set_dataset("own");
    of_event.set_sample_rate(7);
    of_event.send_presampled();
    let mut plain = client.builder().new_event();
    plain.add_field("n", 3);
    plain.send();
    let stats = client.close(LONG).stats;
    assert!(stats.accepted == 3 && stats.is_balanced(), "{stats}");

    let [audited] = &other.events()[..] else {
        unreachable!("{:?}", other.events())
    };
    assert!(audited.dataset == "audit" && audited.u64("n") == Some(1));
    let request = &other.requests()[0];
    assert_eq!(request.headers.get("x-honeycomb-team"), Some(OTHER_KEY));
    let mut here: Vec<_> = server
        .events()
        .iter()
        .map(|event| {
            (
                event.u64("n").unwrap(),
                event.dataset.as_str().to_owned(),
                event.sample_rate,
            )
        })
        .collect();
    here.sort();
    assert_eq!(here, [(2, "own".to_owned(), 7), (3, "main".to_owned(), 1)]);
}

#[test]
fn what_leads_nowhere_costs_its_own_events_and_says_what_to_write() {
    let server = Server::start().unwrap();
    for (change, advice) in [
        (
            (|builder| builder.set_api_host("api.honeycomb.io"))
                as fn(&mut honey::Builder) -> &mut _,
            "https://api.honeycomb.io",
        ),
        (
            |builder| builder.set_api_host("https://user:hunter2@host"),
            "must not contain a user name",
        ),
        (
            |builder| builder.set_api_key("hunter2\r\nX-Evil: 1"),
            "copy it again",
        ),
        (
            |builder| builder.set_api_host("https://example.org").set_api_key(""),
            "HONEYCOMB_API_KEY",
        ),
        (
            |builder| builder.set_dataset("shop\r\nX-Evil: 1"),
            "control characters",
        ),
    ] {
        let said = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&said);
        let config = config(&server).on_diagnostic(move |kind, text| {
            listener.lock().unwrap().push((kind, text.to_owned()));
        });
        let client = Client::new(config).unwrap();
        let responses = client.responses();
        let mut wrong = client.builder();
        change(&mut wrong);
        for builder in [&wrong, &client.builder()] {
            let mut event = builder.new_event();
            event.add_field("a", 1);
            event.send();
        }
        assert!(client.flush(LONG));
        let stats = client.close(LONG).stats;
        assert_eq!(
            (stats.accepted, stats.dropped.by(DropReason::Transport)),
            (1, 1),
            "{stats}"
        );
        let errors: Vec<String> = responses.filter_map(|response| response.error).collect();
        until("a word", || !said.lock().unwrap().is_empty());
        let said = said.lock().unwrap();
        let [(DiagnosticKind::Unsendable, text)] = &said[..] else {
            unreachable!("one message: {said:?}")
        };
        for text in [text, &errors[0]] {
            assert!(
                text.contains(advice) && !text.contains("hunter2"),
                "{text} should name {advice}"
            );
        }
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.headers.get("x-evil").is_none())
    );
}

#[test]
fn headers_go_along_and_a_proxy_gets_the_requests() {
    let proxy = Server::start().unwrap();
    // `.invalid` never resolves, so only the proxy can have taken it.
    let config = Config::new(KEY)
        .api_host("http://honey.invalid/prefix")
        .dataset("proxied")
        .proxy(proxy.url())
        .header("X-Gateway-Tenant", "shop")
        .header("x-gateway-tenant", "later")
        .silent()
        .max_tries(1)
        .request_timeout(LONG)
        .connect_timeout(LONG);
    let client = Client::new(config).unwrap();
    let mut event = client.builder().new_event();
    event.add_field("a", 1);
    event.send();
    client.close(LONG);
    let requests = proxy.requests();
    assert!(!requests.is_empty(), "the proxy was not asked");
    let headers = &requests[0].headers;
    assert_eq!(headers.get("host"), Some("honey.invalid"));
    assert_eq!(headers.get("x-gateway-tenant"), Some("later"));
}
