//! What goes over the wire, read by a strict second reader of the protocol: values, names, limits, compression.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::time::Duration;

use honey::{Client, Compression, Config, DropReason, Stats};
use honey_local::{Answer, Event, Server};
use serde_json::{Value, json};

const KEY: &str = concat!("honeykey", "4test-wire");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn client(server: &Server, change: impl FnOnce(Config) -> Config) -> Client {
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("wire")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .send_frequency(Duration::from_millis(5))
        .silent();
    Client::new(change(config)).unwrap()
}

/// Closes the client; checks the balance.
fn close(client: &Client) -> Stats {
    let report = client.close(LONG);
    let stats = client.stats();
    assert!(stats.is_balanced() && stats.pending == 0, "{report}");
    stats
}

fn numbers(events: &[Event]) -> Vec<u64> {
    let mut numbers: Vec<u64> = events.iter().filter_map(|event| event.u64("n")).collect();
    numbers.sort_unstable();
    numbers
}

fn send_numbered(client: &Client, events: u64) {
    for n in 0..events {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
}

#[test]
fn hostile_keys_and_extreme_values_arrive_as_they_are() {
    let text: String = (0..0x300u32).filter_map(char::from_u32).collect();
    let values: Vec<(&str, Value)> = vec![
        ("plain", json!("x")),
        ("\",\"forged\":\"", json!("a key cannot forge fields")),
        ("back\\slash\n", json!(text)),
        ("ключ 😀 \u{2028}", json!("\u{0}\u{1f}\"\\/")),
        ("", json!("an empty key")),
        ("max", json!(u64::MAX)),
        ("min", json!(i64::MIN)),
        ("tiny", json!(5e-324)),
        ("yes", json!(true)),
    ];
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd(1)] {
        let server = Server::start().unwrap();
        let client = client(&server, |config| config.compression(compression));
        let mut event = client.builder().new_event();
        for (key, value) in &values {
            let key = (*key).to_owned();
            match value {
                Value::String(text) => event.add_field(key, text.as_str()),
                Value::Bool(yes) => event.add_field(key, *yes),
                Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                    (Some(number), _) => event.add_field(key, number),
                    (_, Some(number)) => event.add_field(key, number),
                    _ => event.add_field(key, number.as_f64().unwrap()),
                },
                _ => unreachable!("not in the table"),
            }
        }
        event.add_field("short", 0.1f32);
        event.add_field("nan", f64::NAN);
        event.add_field("infinite", f32::NEG_INFINITY);
        event.send();
        let stats = close(&client);
        assert_eq!((stats.accepted, stats.bad_values), (1, 2));
        let events = server.wait_for_events(1, LONG).unwrap();
        for (key, value) in &values {
            assert_eq!(events[0].get(key), Some(value), "{key:?} {compression:?}");
        }
        assert_eq!(events[0].get("short"), Some(&json!(0.1)));
        assert_eq!(events[0].get("forged"), None);
        assert_eq!(events[0].get("nan"), None);
        let encoding = server.requests()[0].encoding().map(str::to_owned);
        let expected = match compression {
            Compression::Gzip => Some("gzip"),
            Compression::Zstd(_) => Some("zstd"),
            _ => None,
        };
        assert_eq!(encoding.as_deref(), expected);
    }
}

#[test]
fn datasets_of_any_name_arrive_under_that_name() {
    let names = [
        "My Dataset",
        "foo/bar",
        "foo(bar)",
        "foo%20bar",
        "foo.bar",
        "a?b#c",
        "ünïcode",
        "x;y=z&w",
    ];
    let server = Server::start().unwrap();
    let client = client(&server, |config| config);
    for name in names {
        let mut event = client.builder().new_event();
        event.add_field("name", name);
        event.set_dataset(name.to_owned());
        event.send();
    }
    assert_eq!(close(&client).accepted, 8);
    for event in server.wait_for_events(names.len(), LONG).unwrap() {
        assert_eq!(event.str("name"), Some(event.dataset.as_str()));
    }
}

#[test]
fn a_string_larger_than_an_event_may_be_is_cut_and_not_lost() {
    let server = Server::start().unwrap();
    let client = client(&server, |config| config);
    let mut event = client.builder().new_event();
    event.add_field("long", "é".repeat(3_000_000));
    event.add_field("short", 1);
    event.send();
    assert_eq!(close(&client).accepted, 1);
    let [event] = &server.events()[..] else {
        unreachable!("one event was sent")
    };
    let long = event.data["long"].as_str().unwrap();
    assert!(
        long.len() <= 65_535 && long.starts_with("éé"),
        "{}",
        long.len()
    );
    assert_eq!(event.data["short"], json!(1));
    assert_eq!(event.data["meta.truncated"], json!("long"));
}

#[test]
fn a_strict_server_takes_what_was_cut_to_its_limits() {
    let server = Server::builder().max_event_bytes(100_000).start().unwrap();
    let client = client(&server, |config| config);
    let long = "€".repeat(100_000);
    let mut event = client.builder().new_event();
    event.add_field("a", long.as_str());
    event.add_field("b", long.as_str());
    event.add_field("short", "whole");
    event.send();
    let mut wide = client.builder().new_event();
    for n in 0..2_500 {
        wide.add_field(format!("f{n}"), n);
    }
    wide.send();
    client.builder().new_event().send();
    let stats = close(&client);
    assert_eq!((stats.accepted, stats.rejected, stats.truncated), (2, 0, 2));
    assert_eq!(stats.dropped.by(DropReason::NoFields), 1);
    let events = server.wait_for_events(2, LONG).unwrap();
    let cut = events
        .iter()
        .find(|event| event.get("a").is_some())
        .unwrap();
    assert_eq!(cut.str("meta.truncated"), Some("a,b"));
    assert_eq!(cut.str("short"), Some("whole"));
}

#[test]
fn bodies_over_the_servers_limit_are_split_until_they_fit() {
    for status in [413, 400] {
        let server = Server::builder()
            .max_body_bytes(2_000)
            .too_large_status(status)
            .start()
            .unwrap();
        let client = client(&server, |config| config);
        send_numbered(&client, 500);
        assert_eq!(close(&client).accepted, 500);
        assert_eq!(numbers(&server.events()), (0..500).collect::<Vec<_>>());
        let requests = server.requests();
        let refused = requests.iter().filter(|request| request.status == status);
        assert!(refused.count() > 3, "split more than once");
    }
}

#[test]
fn no_body_is_over_the_servers_limit_however_large_its_events() {
    const EVENTS: usize = 40;
    let server = Server::builder()
        .max_event_bytes(1_000_000)
        .start()
        .unwrap();
    let client = client(&server, |config| config.max_event_bytes(1_000_000));
    let text = "x".repeat(60_000);
    for _ in 0..EVENTS {
        let mut event = client.builder().new_event();
        for n in 0..16 {
            event.add_field(format!("text{n}"), text.as_str());
        }
        event.send();
    }
    let stats = close(&client);
    assert_eq!((stats.accepted, stats.truncated), (EVENTS as u64, 0));
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.status == 200));
    assert!(
        requests
            .iter()
            .all(|request| request.body.len() < 5_000_000)
    );
}

/// A destination that accepts and never answers, one that refuses, one whose key is unknown: none delays the one that works.
#[test]
fn no_destination_waits_for_another() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let strict = Server::builder()
        .keys([honey_local::KnownKey::new(KEY)])
        .start()
        .unwrap();
    let server = Server::start().unwrap();
    let client = client(&server, |config| config);
    let elsewhere = |event: &mut honey::Event, n: u64| match n % 4 {
        0 => event.set_api_host(format!("http://{}", silent.local_addr().unwrap())),
        1 => event.set_api_host("http://127.0.0.1:1"),
        2 => {
            event.set_api_host(strict.url());
            event.set_api_key(concat!("honeykey", "4test-unknown"));
        }
        _ => event.set_dataset("one of its own"),
    };
    for n in 0..400_u64 {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        elsewhere(&mut event, n);
        event.send();
    }
    // All but the dead ones' have their outcome, while those still wait.
    let arrived = server.wait_for_events(100, LONG).unwrap();
    assert!(
        arrived
            .iter()
            .all(|event| event.dataset == "one of its own")
    );
    let stats = client.stats();
    assert!(stats.is_balanced());
    assert_eq!(stats.pending + stats.accepted, 400, "{stats}");
    let report = client.close(Duration::ZERO);
    assert!(report.stats.is_balanced() && report.stats.pending == 0);
}

#[test]
fn a_server_in_trouble_gets_everything_once_it_is_well() {
    for answer in [
        Answer::new(500),
        Answer::new(503).header("Retry-After", "0.01"),
        Answer::new(429)
            .header("Retry-After", 0)
            .body(r#"{"error":"request dropped due to rate limiting"}"#),
    ] {
        let server = Server::start().unwrap();
        server.respond_next(3, answer);
        let client = client(&server, |config| config);
        send_numbered(&client, 1_000);
        let stats = close(&client);
        assert_eq!(stats.accepted, 1_000);
        assert!(stats.retries >= 3);
        assert_eq!(numbers(&server.events()), (0..1_000).collect::<Vec<_>>());
    }
}

#[test]
fn an_answer_that_is_lost_means_at_least_once() {
    let server = Server::start().unwrap();
    server.respond_next(1, Answer::new(504).keep_events());
    let client = client(&server, |config| config);
    send_numbered(&client, 1);
    assert_eq!(close(&client).accepted, 1);
    assert_eq!(
        numbers(&server.events()),
        vec![0, 0],
        "taken twice, counted once"
    );
}
