//! Requests, and what becomes of many events when the server is in its worst mood; each answer by itself is in `documented`.

use honey_test_support::{Act, Request, Server};

use crate::compression::Compression;
use crate::record::{Chunk, FieldBuffer};
use crate::response::{DropReason, Outcome};
use crate::sender::Settings;
use crate::sender::testing::rig::{Rig, quick, scope};
use crate::sender::testing::{Put, destination, fields, numbered, record, snapshot};
use crate::stats::Stats;

/// What becomes of `events` events at a server that does this.
fn run(
    events: usize,
    script: impl Fn(&Request) -> Act + Send + Sync + 'static,
) -> (Stats, Vec<Request>, Vec<String>) {
    let server = Server::new(script);
    let rig = Rig::http(quick());
    rig.offer_numbered(&server.url(), events);
    let stats = rig.settled();
    rig.close();
    let said = rig.said();
    (stats, server.seen(), said)
}

#[test]
fn a_request_is_as_the_document_says() {
    let server = Server::new(Act::accept);
    let rig = Rig::http(Settings {
        user_agent_addition: "shop/1".into(),
        ..quick()
    });
    let to = snapshot(
        destination(&format!("{}/prefix/", server.url()), "My Dataset"),
        FieldBuffer::new(),
    );
    rig.offer(numbered(&to, 2), 1);
    assert_eq!(rig.settled().accepted, 2);
    rig.close();
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /prefix/1/batch/My%20Dataset HTTP/1.1");
    for (name, value) in [
        ("X-Honeycomb-Team", concat!("honeykey", "4test-sender")),
        ("Content-Type", "application/json"),
    ] {
        assert_eq!(seen[0].header(name), Some(value));
    }
    assert!(
        seen[0]
            .header("user-agent")
            .is_some_and(|agent| agent.starts_with("honey-rust/0.1.0 shop/1 "))
    );
    let time = "2006-01-02T15:04:05.999999999Z";
    let expected =
        serde_json::json!([{"data": {"n": 0}, "time": time}, {"data": {"n": 1}, "time": time}]);
    assert_eq!(serde_json::Value::from(seen[0].events()), expected);
}

#[test]
fn every_compression_arrives() {
    for compression in [
        Compression::None,
        #[cfg(feature = "gzip")]
        Compression::Gzip,
        #[cfg(feature = "zstd")]
        Compression::Zstd(1),
    ] {
        let server = Server::new(|request| {
            let mut request = request.clone();
            request.body = decompressed(&request);
            Act::accept(&request)
        });
        let rig = Rig::http(Settings {
            compression,
            ..quick()
        });
        rig.offer_numbered(&server.url(), 1_000);
        let stats = rig.settled();
        assert_eq!(
            (stats.accepted, stats.requests),
            (1_000, server.requests() as u64)
        );
        assert!(stats.body_bytes > 0);
        rig.close();
    }
}

fn decompressed(request: &Request) -> Vec<u8> {
    match request.header("content-encoding") {
        #[cfg(feature = "zstd")]
        Some("zstd") => zstd::stream::decode_all(request.body.as_slice()).unwrap_or_default(),
        #[cfg(feature = "gzip")]
        Some("gzip") => {
            let mut plain = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(request.body.as_slice());
            let _ = std::io::Read::read_to_end(&mut decoder, &mut plain);
            plain
        }
        _ => request.body.clone(),
    }
}

#[test]
fn an_unknown_key_pauses_and_is_probed_until_it_works() {
    for (status, text) in [
        (401, ""),
        (
            400,
            r#"{"error":"unknown API key - check your credentials"}"#,
        ),
    ] {
        let (stats, seen, said) = run(3, move |request| match request.number {
            0 | 1 => Act::status(status, text),
            _ => Act::accept(request),
        });
        assert_eq!((stats.accepted, seen.len()), (3, 3));
        assert!(
            said[0].contains("API key") && !said[0].contains("0123456789abcdef"),
            "{said:?}"
        );
    }
}

#[test]
fn max_tries_bounds_the_tries() {
    let server = Server::new(|_| Act::status(503, ""));
    let rig = Rig::http(Settings {
        max_tries: Some(3),
        ..quick()
    });
    let responses = rig.subscribe();
    rig.offer_numbered(&server.url(), 2);
    let stats = rig.settled();
    assert_eq!(
        (stats.dropped.by(DropReason::MaxTries), server.seen().len()),
        (2, 3)
    );
    let got: Vec<_> = responses
        .map(|response| (response.outcome, response.status))
        .collect();
    assert_eq!(
        got,
        vec![(Outcome::Dropped(DropReason::MaxTries), Some(503)); 2]
    );
    rig.close();
}

#[test]
fn bodies_stay_near_their_target_and_events_in_order() {
    let server = Server::new(Act::accept);
    let settings = Settings {
        batch_bytes: 10_000,
        max_concurrent_batches: 1,
        ..quick()
    };
    let rig = Rig::http(settings);
    let to = scope(&server.url(), "d");
    let text = "x".repeat(1_000);
    let mut chunk = Chunk::default();
    for n in 0..100 {
        chunk.push(
            record(),
            &fields([("n", Put::from(n)), ("s", text.as_str().into())]),
            &to,
        );
    }
    rig.offer(chunk, 1);
    assert_eq!(rig.settled().accepted, 100);
    let seen = server.seen();
    assert!(seen.iter().all(|request| request.body.len() < 12_000));
    let order: Vec<i64> = seen.iter().flat_map(Request::numbers).collect();
    assert_eq!(order, (0..100).collect::<Vec<_>>());
    rig.close();
}

#[test]
fn an_api_host_that_is_none_or_empty() {
    let rig = Rig::http(quick());
    rig.offer_numbered("no url", 2);
    rig.offer_numbered("", 3);
    let stats = rig.settled();
    assert_eq!(
        (
            stats.dropped.by(DropReason::Transport),
            stats.discarded.total()
        ),
        (2, 3)
    );
    rig.close();
    assert!(rig.said()[0].contains("api_host"));
}

#[cfg(feature = "msgpack")]
#[test]
fn answers_in_message_pack_are_read_as_those_in_json() {
    use crate::body_encoding::BodyEncoding;

    let answer = |status: &str, body: &[u8]| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/msgpack\r\nContent-Length: {length}\r\n\r\n"
        );
        Act::Bytes([head.as_bytes(), body].concat())
    };
    let server = Server::new(move |request| {
        match request.number {
        0 => answer("503 no", b"\x81\xa5error\xa4busy"),
        1 => answer(
            "200 OK",
            b"\x93\x81\xa6status\xcd\x00\xca\x82\xa6Status\xd1\x01\x90\xa8ErrorStr\xa3odd\x82\xa6status\xcd\x01\xad\xa5error\xa4slow",
        ),
        _ => answer("200 OK", b"\x91\x81\xa6status\xcd\x00\xca"),
    }
    });
    let rig = Rig::http(Settings {
        body_encoding: BodyEncoding::MessagePack,
        ..quick()
    });
    let responses = rig.subscribe();
    rig.offer_numbered(&server.url(), 3);
    let stats = rig.settled();
    assert_eq!((stats.accepted, stats.rejected, stats.retries), (2, 1, 2));
    let odd = { responses }.find_map(|response| response.body);
    assert_eq!(odd.as_deref(), Some("odd"));
    assert!(rig.said()[0].contains("busy"));
    assert_eq!(
        server.seen()[0].header("Content-Type"),
        Some("application/msgpack")
    );
    rig.close();
}
