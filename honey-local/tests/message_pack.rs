//! The same events in JSON and in MessagePack, read by a reader of its own: a server understands the same.
#![expect(clippy::unwrap_used, reason = "a failed step ends the test")]

use std::time::{Duration, UNIX_EPOCH};

use honey::{BodyEncoding, Client, Compression, Config, DropReason, Stats};
use honey_local::{Answer, Event, Server};
use honey_test_support as _;
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(300);
const EVENTS: u64 = 100;

fn client(server: &Server, encoding: BodyEncoding) -> Client {
    let config = Config::new("")
        .dataset("shop")
        .api_host(server.url())
        // What is given up is sent again, and may arrive twice.
        .request_timeout(PATIENCE)
        .body_encoding(encoding);
    Client::new(config).unwrap()
}

/// Every kind of value, at the edges of its width, at every length that has a form of its own.
fn record(client: &Client) {
    for n in 0..EVENTS {
        let mut event = client.builder().new_event();
        event.set_timestamp(UNIX_EPOCH + Duration::from_nanos(n * 7_777_777_777_777));
        event.set_sample_rate(u32::try_from(n).unwrap());
        event.add_field("n", n);
        for bits in [0, 7, 8, 15, 16, 31, 32, 62, 63] {
            let edge = 1_i64.checked_shl(bits).unwrap_or(i64::MAX);
            event.add_field(format!("i{bits}"), edge);
            event.add_field(format!("below{bits}"), edge.wrapping_neg());
            event.add_field(format!("u{bits}"), (1_u64 << bits) - 1);
        }
        event.add_field("u64", u64::MAX);
        event.add_field("i64", i64::MIN);
        event.add_field("i128", i128::MAX);
        for (place, float) in [0.1, -0.0, 1e300, 5e-324, 3.0, 1.5e-7].iter().enumerate() {
            event.add_field(format!("f{place}"), *float);
        }
        event.add_field("f32", 0.1_f32);
        event.add_field("nan", f64::NAN);
        event.add_field("yes", true);
        event.add_field("no", false);
        for length in [0, 1, 31, 32, 255, 256, 70_000] {
            event.add_field(format!("text{length}"), "é\n".repeat(length));
        }
        event.add_field("odd \"key\"\n\u{1F600}", "\0\u{7f}\u{2028}\\\"");
        event.add_field(
            "json",
            honey::json(&json!({"a": [1, -1, {"b": [null, [], {}]}], "u": u64::MAX, "f": 0.1})),
        );
        event.add_json(&json!({"flat": {"deep": {"er": n}, "list": [1, 2]}, "null": null}));
        event.add_field("many", honey::json(&(0..100).collect::<Vec<u64>>()));
        event.send_presampled();
    }
}

fn understood(server: &Server) -> Vec<(i64, u64, String)> {
    let read = |event: &Event| {
        let data = serde_json::to_string(&*event.data).unwrap();
        (event.time_ns, event.sample_rate, data)
    };
    let mut all: Vec<_> = server.events().iter().map(read).collect();
    all.sort();
    all
}

fn sent_to(server: &Server, encoding: BodyEncoding) -> Stats {
    let client = client(server, encoding);
    record(&client);
    let report = client.close(PATIENCE);
    assert!(report.stats.is_balanced(), "{report}");
    report.stats
}

fn server() -> Server {
    Server::builder().key_optional().start().unwrap()
}

#[test]
fn json_and_message_pack_are_understood_alike() {
    let (by_json, by_pack) = (server(), server());
    let json = sent_to(&by_json, BodyEncoding::Json);
    let pack = sent_to(&by_pack, BodyEncoding::MessagePack);
    assert_eq!((json.accepted, pack.accepted), (EVENTS, EVENTS));
    assert_eq!(json.truncated, pack.truncated);
    let (by_json, by_pack) = (understood(&by_json), understood(&by_pack));
    assert_eq!(by_json.len(), usize::try_from(EVENTS).unwrap());
    for (one, other) in by_json.iter().zip(&by_pack) {
        assert_eq!(one, other);
    }
}

#[test]
fn the_request_says_what_it_is_with_any_compression() {
    let server = server();
    for compression in [Compression::None, Compression::default()] {
        let config = Config::new("")
            .api_host(server.url())
            .request_timeout(PATIENCE)
            .compression(compression)
            .body_encoding(BodyEncoding::MessagePack);
        let client = Client::new(config).unwrap();
        let mut event = client.builder().new_event();
        event.add_field("n", 1);
        event.send();
        assert_eq!(client.close(PATIENCE).stats.accepted, 1);
    }
    for request in server.requests() {
        let kind = request.headers.get("content-type");
        assert_eq!(kind, Some("application/msgpack"));
        assert_eq!(request.body.first(), Some(&0x91));
    }
}

/// One batch of four that gets `answer` first; the balance, with one event and one request before.
fn four(server: &Server, answer: Answer) -> Stats {
    let config = Config::new("")
        .dataset("d")
        .api_host(server.url())
        .request_timeout(PATIENCE)
        // Never in this test: closing sends the four together.
        .send_frequency(Duration::from_secs(3_600))
        .body_encoding(BodyEncoding::MessagePack);
    let client = Client::new(config).unwrap();
    let send = |n: u64| {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    };
    // With this one the first sweep is over.
    send(0);
    assert!(client.flush(PATIENCE));
    server.clear();
    server.respond_next(1, answer);
    (0..4).for_each(send);
    let report = client.close(PATIENCE);
    assert!(report.stats.is_balanced(), "{report}");
    report.stats
}

#[test]
fn batches_are_split_and_bisected_and_parts_sent_again_as_with_json() {
    let server = server();
    let stats = four(&server, Answer::new(413));
    assert_eq!((stats.accepted, stats.requests), (5, 4));
    assert_eq!(server.events().len(), 4);

    let malformed = r#"{"error":"request body is malformed and cannot be read as MessagePack"}"#;
    let stats = four(&server, Answer::new(400).body(malformed));
    assert_eq!((stats.accepted, stats.requests), (5, 4));
    assert_eq!(server.events().len(), 4);

    let partly = r#"[{"status":202},{"status":429,"error":"later"},{"status":202},{"status":400,"error":"no"}]"#;
    let stats = four(&server, Answer::new(200).body(partly));
    assert_eq!((stats.accepted, stats.rejected, stats.retries), (4, 1, 1));
    assert_eq!(stats.dropped.by(DropReason::MaxTries), 0);
    assert_eq!(server.events()[0].u64("n"), Some(1), "that one alone");
}

/// Arrays in arrays, to so many levels.
fn nested(levels: usize) -> serde_json::Value {
    (1..levels).fold(json!([]), |inside, _| json!([inside]))
}

/// A server may read no deeper than 128 levels, and refuses the whole request above.
#[test]
fn the_deepest_values_are_read_and_deeper_ones_cost_their_field_alone() {
    const DEEPEST: usize = 100;
    const PLACEHOLDER: &str = "[could not be serialized]";
    for encoding in [BodyEncoding::Json, BodyEncoding::MessagePack] {
        let server = server();
        let client = client(&server, encoding);
        for levels in [DEEPEST, DEEPEST + 1] {
            let mut event = client.builder().new_event();
            event.add_field("levels", levels);
            event.add_field("value", honey::json(&nested(levels)));
            event.add_json(&json!({ "spread": nested(levels), "beside": 1 }));
            event.send();
        }
        let stats = client.close(PATIENCE).stats;
        assert_eq!((stats.accepted, stats.bad_values), (2, 2), "{stats}");
        for event in server.wait_for_events(2, PATIENCE).unwrap() {
            let expected = match event.u64("levels") {
                Some(100) => nested(DEEPEST),
                _ => json!(PLACEHOLDER),
            };
            assert_eq!(event.get("value"), Some(&expected));
            assert_eq!(event.get("spread"), Some(&expected));
            assert_eq!(event.u64("beside"), Some(1));
        }
    }
}

/// The same key twice, as a flattened struct makes it.
struct Twice;

impl serde::Serialize for Twice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = json!({"b": [1]});
        serializer.collect_map([
            ("a", &inner),
            ("b", &json!(0)),
            ("a", &json!({"b": "}\","})),
        ])
    }
}

#[test]
fn a_key_given_twice_costs_nobody_the_event() {
    for encoding in [BodyEncoding::Json, BodyEncoding::MessagePack] {
        let server = server();
        let client = client(&server, encoding);
        let mut event = client.builder().new_event();
        event.add_field("value", honey::json(&Twice));
        event.add_field("inside", honey::json(&[(1, Twice)]));
        event.add_json(&Twice);
        event.send();
        assert_eq!(client.close(PATIENCE).stats.accepted, 1);
        let event = &server.wait_for_events(1, PATIENCE).unwrap()[0];
        let last = json!({"b": 0, "a": {"b": "}\","}});
        assert_eq!(event.get("value"), Some(&last));
        assert_eq!(event.get("inside"), Some(&json!([[1, last]])));
        assert_eq!((event.str("a.b"), event.u64("b")), (Some("}\","), Some(0)));
    }
}
