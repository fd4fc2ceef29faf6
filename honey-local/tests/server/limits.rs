//! Every limit, on both sides of its figure.

use std::io::Write;

use honey_local::Server;
use serde_json::{Map, Value, json};

use crate::{Client, pair, post};

const TOO_LARGE: &str = "request body is too large";

fn zstd(body: &[u8]) -> Vec<u8> {
    zstd::encode_all(body, 1).unwrap()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// A batch of small events, padded with spaces to this many bytes.
fn batch_of(bytes: usize) -> Vec<u8> {
    let mut body = br#"[{"data":{"a":1}}]"#.to_vec();
    body.resize(bytes, b' ');
    body
}

/// A batch's element whose JSON has this many bytes.
fn element_of(bytes: usize) -> String {
    let (head, tail) = (r#"{"data":{"a":"","b":""#, r#""}}"#);
    let half = |n: usize| "x".repeat(n);
    let free = bytes - head.len() - tail.len();
    format!(
        r#"{{"data":{{"a":"{}","b":"{}{tail}"#,
        half(free / 2),
        half(free - free / 2)
    )
}

#[test]
fn a_body_of_5_mb() {
    let (server, mut client) = pair();
    assert_eq!(
        client
            .post("/1/batch/shop", &[], batch_of(5_000_000))
            .status,
        200
    );
    let answer = client.post("/1/batch/shop", &[], batch_of(5_000_001));
    assert_eq!((answer.status, answer.error().as_str()), (400, TOO_LARGE));
    // Far over it, the answer still comes, on a connection that is still good.
    assert_eq!(
        client
            .post("/1/batch/shop", &[], batch_of(20_000_000))
            .error(),
        TOO_LARGE
    );
    assert_eq!(client.post("/1/batch/shop", &[], batch_of(100)).status, 200);
    assert_eq!(server.events().len(), 2);

    let server = Server::builder().too_large_status(413).start().unwrap();
    let answer = post(&server, batch_of(5_000_001));
    assert_eq!((answer.status, answer.error().as_str()), (413, TOO_LARGE));
}

#[test]
fn a_body_of_less_when_set() {
    for (set, limit) in [(1_000, 1_000), (usize::MAX, 5_000_000)] {
        let server = Server::builder().max_body_bytes(set).start().unwrap();
        assert_eq!(post(&server, batch_of(limit)).status, 200);
        assert_eq!(post(&server, batch_of(limit + 1)).error(), TOO_LARGE);
    }
}

#[test]
fn the_body_counts_uncompressed_too() {
    let (server, mut client) = pair();
    for (encoding, compress) in [("zstd", zstd as fn(&[u8]) -> Vec<u8>), ("gzip", gzip)] {
        let headers = [("content-encoding", encoding)];
        let answer = client.post("/1/batch/shop", &headers, compress(&batch_of(5_000_000)));
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, r#"[{"status":202}]"#)
        );
        let answer = client.post("/1/batch/shop", &headers, compress(&batch_of(5_000_001)));
        assert_eq!((answer.status, answer.error().as_str()), (400, TOO_LARGE));
        let requests = server.requests();
        let [.., taken, refused] = &requests[..] else {
            unreachable!()
        };
        assert_eq!(
            (taken.encoding(), taken.body.len()),
            (Some(encoding), 5_000_000)
        );
        assert!(taken.wire.len() < 100_000 && refused.body.is_empty());
    }
}

#[test]
fn a_bomb() {
    // Spaces: 256 MiB in a few kilobytes of zstd, 16 MiB in a few kilobytes of gzip.
    let (_server, mut client) = pair();
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..256 {
        encoder.write_all(&spaces).unwrap();
    }
    for _ in 0..16 {
        gzip.write_all(&spaces).unwrap();
    }
    let before = peak_memory_bytes();
    for (encoding, bomb) in [
        ("zstd", encoder.finish().unwrap()),
        ("gzip", gzip.finish().unwrap()),
    ] {
        assert!(bomb.len() < 1_000_000);
        assert_eq!(
            client
                .post("/1/batch/shop", &[("content-encoding", encoding)], bomb)
                .error(),
            TOO_LARGE
        );
    }
    // Other tests run beside this one and need memory too. The system counts roughly, and may take a little back.
    assert!(peak_memory_bytes().saturating_sub(before) < 128 << 20);
}

/// The most this process ever held; 0 where the system does not say.
fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .map_or(0, |kilobytes: u64| kilobytes * 1_024)
}

#[test]
fn an_event_of_100_kb() {
    let server = Server::start().unwrap();
    let body = format!(
        "[{},{},{}]",
        element_of(100_000),
        element_of(100_001),
        element_of(50)
    );
    let answer = post(&server, body);
    assert_eq!(answer.of_event(0), "202");
    assert_eq!(
        answer.of_event(1),
        "event is too large: 100001 bytes of uncompressed JSON, the limit is 100000"
    );
    assert_eq!(answer.of_event(2), "202");
    let kept: Vec<_> = server
        .events()
        .iter()
        .map(|event| (event.index, event.size_bytes))
        .collect();
    assert_eq!(kept, [(0, 100_000), (2, 50)]);
}

#[test]
fn an_event_of_1_mb_when_set() {
    let server = Server::builder()
        .max_event_bytes(usize::MAX)
        .start()
        .unwrap();
    let strings: Map<String, Value> = (0..20)
        .map(|n| (format!("s{n}"), json!("x".repeat(45_000))))
        .collect();
    assert_eq!(
        post(&server, json!([{ "data": strings }]).to_string()).of_event(0),
        "202"
    );
    let strings: Map<String, Value> = (0..20)
        .map(|n| (format!("s{n}"), json!("x".repeat(50_000))))
        .collect();
    assert!(
        post(&server, json!([{ "data": strings }]).to_string())
            .of_event(0)
            .starts_with("event is too large")
    );
}

#[test]
fn two_thousand_columns() {
    let server = Server::start().unwrap();
    let event = |columns: usize| json!({ "data": (0..columns).map(|n| (n.to_string(), json!(n))).collect::<Map<_, _>>() });
    let answer = post(&server, json!([event(2_000), event(2_001)]).to_string());
    assert_eq!(
        (answer.of_event(0).as_str(), answer.of_event(1).as_str()),
        ("202", "Event has too many columns.")
    );
}

#[test]
fn a_string_of_64_kb() {
    let server = Server::start().unwrap();
    let event = |bytes: usize| json!({ "data": { "text": "x".repeat(bytes) } });
    let nested = json!({ "data": { "list": [{ "deep": "x".repeat(65_537) }] } });
    let answer = post(
        &server,
        json!([event(65_536), event(65_537), nested]).to_string(),
    );
    assert_eq!(answer.of_event(0), "202");
    assert_eq!(
        answer.of_event(1),
        "string in field \"text\" is too long: 65537 bytes, the limit is 65536"
    );
    assert_eq!(
        answer.of_event(2),
        "string in field \"list\" is too long: 65537 bytes, the limit is 65536"
    );
    // What counts is the string, not how it is escaped.
    assert_eq!(
        post(
            &server,
            format!(r#"[{{"data":{{"a":"{}"}}}}]"#, r"\u0041".repeat(10_000))
        )
        .of_event(0),
        "202"
    );
}

#[test]
fn a_single_event_is_bounded_on_the_wire() {
    let (_server, mut client) = pair();
    let event = |bytes: usize| {
        json!({ "a": "x".repeat(60_000), "b": "x".repeat(bytes - 60_015) }).to_string()
    };
    assert_eq!(event(100_000).len(), 100_000);
    assert_eq!(
        client.post("/1/events/shop", &[], event(100_000)).status,
        200
    );
    assert_eq!(
        client.post("/1/events/shop", &[], event(100_001)).error(),
        TOO_LARGE
    );
    let headers = [("content-encoding", "zstd")];
    assert_eq!(
        client
            .post("/1/events/shop", &headers, zstd(event(100_001).as_bytes()))
            .error(),
        TOO_LARGE
    );
}

#[test]
fn the_bad_events_of_a_batch_go_alone() {
    let server = Server::start().unwrap();
    let answer = post(
        &server,
        r#"[{"data":{"n":0}}, {"data":{}}, {}, {"data":null}, {"data":[1]}, {"data":"x"}, 7, null,
            {"data":{"n":1},"samplerate":2.5}, {"data":{"n":1},"samplerate":-1}, {"data":{"n":1},"time":"soon"},
            {"data":{"n":1,"n":2}}, {"data":{"o":{"k":1,"k":1}}}, {"data":{"n":1},"data":{"n":2}},
            {"data":{"n":1e999}}, {"data":{"n":"\ud800"}}, {"data":{"n":1},"samplerate":0,"time":null,"x":1}]"#,
    );
    let expected = [
        "202",
        "empty event data",
        "empty event data",
        "empty event data",
        "event data must be a JSON object",
        "event data must be a JSON object",
        "Request body is malformed and cannot be read.",
        "Request body is malformed and cannot be read.",
        "samplerate must be an integer from 0, not 2.5",
        "samplerate must be an integer from 0, not -1",
        "time cannot be read: \"soon\" is neither RFC 3339 nor Unix seconds (10 digits), ms (13), µs (16) or ns (19)",
        "duplicate key \"n\"",
        "duplicate key \"k\"",
        "duplicate key \"data\"",
        "Request body is malformed and cannot be read.",
        "Request body is malformed and cannot be read.",
        "202",
    ];
    let texts: Vec<_> = (0..expected.len())
        .map(|index| answer.of_event(index))
        .collect();
    assert_eq!(texts, expected);
    assert!(
        answer.json().as_array().unwrap()[1..16]
            .iter()
            .all(|event| event["status"] == 400)
    );
    let kept: Vec<_> = server
        .events()
        .iter()
        .map(|event| (event.index, event.sample_rate, event.sample_rate_given))
        .collect();
    assert_eq!(kept, [(0, 1, None), (16, 1, Some(0))]);
}

#[test]
fn the_log_is_bounded() {
    let server = Server::builder()
        .max_events(3)
        .max_request_bytes(0)
        .start()
        .unwrap();
    let mut client = Client::connect(&server);
    for n in 0..5 {
        client.post(
            "/1/batch/shop",
            &[],
            json!([{ "data": { "n": n } }]).to_string(),
        );
    }
    let kept: Vec<_> = server
        .events()
        .iter()
        .filter_map(|event| event.u64("n"))
        .collect();
    assert_eq!(
        (kept, server.forgotten(), server.requests().len()),
        (vec![2, 3, 4], 2, 0)
    );
    server.clear();
    assert_eq!((server.events().len(), server.forgotten()), (0, 0));

    // A byte is too little for any request, but the last one stays.
    let server = Server::builder().max_request_bytes(1).start().unwrap();
    post(&server, batch_of(100));
    post(&server, batch_of(100));
    assert_eq!(
        server
            .requests()
            .iter()
            .map(|request| request.number)
            .collect::<Vec<_>>(),
        [2]
    );
}
