//! The server's process: a scripted server with a named fault, told by lines on its standard input what to do.

use std::collections::HashSet;
use std::io::{Read as _, stdin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Request, Server};
use serde_json::{Value, json};

/// What a client can count on having been told.
#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    /// The field `n` of events that were stored, and so answered with 202, or would have been had the answer come through.
    stored: Mutex<HashSet<u64>>,
    events: AtomicU64,
}

/// Serves until its standard input ends. Prints its URL; then `down`, `up` and `report`, a line each, do what they say.
pub(crate) fn run(fault: &str) {
    let seen = Arc::new(Seen::default());
    let elsewhere = Server::new(|_| Act::status(200, ""));
    let start = |gone: Option<Refusing>| {
        let (seen, fault, elsewhere) = (Arc::clone(&seen), fault.to_owned(), elsewhere.url());
        let script = move |request: &Request| script(&fault, &elsewhere, request, &seen);
        let server = match gone {
            None => Server::new(script),
            Some(gone) => gone.replaced_by(script).unwrap(),
        };
        server.keep_last(0);
        server
    };
    // One of the two: there, or away.
    let mut server = Some(start(None));
    let mut gone = None;
    println!("{}", server.as_ref().unwrap().url());
    if fault == "refused" {
        gone = server.take().map(Server::leave);
    }
    for line in stdin().lines() {
        match line.unwrap().as_str() {
            "down" => gone = server.take().map(Server::leave).or(gone),
            "up" => server = server.or_else(|| Some(start(gone.take()))),
            "report" => {
                let stored = seen.stored.lock().unwrap().len() as u64;
                let report = json!({
                    "requests": seen.requests.load(Ordering::SeqCst),
                    "stored": stored,
                    "twice": seen.events.load(Ordering::SeqCst) - stored,
                    "redirected": elsewhere.requests(),
                    "leaked": elsewhere.seen().iter().any(|request| request.header("x-honeycomb-team").is_some()),
                });
                println!("{report}");
            }
            other => println!("{other:?} is no command"),
        }
    }
}

/// The ten faults of scripts/faults-peers.sh, `none`, and `moods` for soaking.
fn script(fault: &str, elsewhere: &str, request: &Request, seen: &Seen) -> Act {
    let turn = seen.requests.fetch_add(1, Ordering::SeqCst);
    match (fault, turn) {
        ("hang", _) => Act::Hang,
        ("reset", 0..=1) => Act::Reset(Vec::new()),
        ("stale", _) if turn.is_multiple_of(2) => Act::AnswerThenClose(store(request, seen)),
        ("401", _) => Act::status(
            401,
            r#"{"error":"unknown API key - check your credentials"}"#,
        ),
        ("429", 0..=1) => Act::Answer(
            Answer::new(429, r#"{"error":"request dropped due to rate limiting"}"#)
                .header("Retry-After", "1"),
        ),
        ("503", 0..=1) => Act::status(503, "later"),
        ("302", _) => {
            Act::Answer(Answer::new(302, "").header("Location", &format!("{elsewhere}/1/batch/d")))
        }
        ("partial", 0) => partial(request, seen),
        ("garbage", _) => {
            store(request, seen);
            Act::status(200, "<html>it works</html>")
        }
        ("bad event", _) if has_bad(request) => Act::status(
            400,
            r#"{"error":"request body is malformed and cannot be read as JSON"}"#,
        ),
        ("moods", _) => mood(request, seen),
        _ => Act::Answer(store(request, seen)),
    }
}

/// Every kind of day that a server can have.
fn mood(request: &Request, seen: &Seen) -> Act {
    match fastrand::u32(0..100) {
        0..=1 => Act::status(503, "later"),
        2 => Act::Reset(b"HTTP/1.1 2".to_vec()),
        3 => Act::Bytes(b"HTTP/1.1 200 OK\r\n".to_vec()),
        4 => Act::Trickle {
            head: Vec::new(),
            slowly: b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
            pause: Duration::from_millis(20),
        },
        5 => Act::Answer(Answer::new(429, "").header("Retry-After", "0.2")),
        6..=7 => Act::AnswerThenClose(store(request, seen)),
        8 => partial(request, seen),
        9 => Act::status(200, "[]"),
        _ => Act::Answer(store(request, seen)),
    }
}

/// Every third event is asked to come again.
fn partial(request: &Request, seen: &Seen) -> Act {
    let mut elements = Vec::new();
    for (place, event) in events(request).iter().enumerate() {
        if place % 3 == 2 {
            elements.push(json!({"status": 429, "error": "full"}));
        } else {
            note(event, seen);
            elements.push(json!({"status": 202}));
        }
    }
    Act::status(200, Value::from(elements).to_string())
}

fn store(request: &Request, seen: &Seen) -> Answer {
    let events = events(request);
    for event in &events {
        note(event, seen);
    }
    let elements = vec![r#"{"status":202}"#; events.len()];
    Answer::new(200, format!("[{}]", elements.join(",")))
}

fn note(event: &Value, seen: &Seen) {
    if let Some(n) = event["data"]["n"].as_u64() {
        seen.events.fetch_add(1, Ordering::SeqCst);
        seen.stored.lock().unwrap().insert(n);
    }
}

/// The one event that this server cannot bear.
fn has_bad(request: &Request) -> bool {
    events(request).iter().any(|event| event["data"]["n"] == 77)
}

fn events(request: &Request) -> Vec<Value> {
    let plain = match request.header("content-encoding") {
        Some("zstd") => zstd::stream::decode_all(request.body.as_slice()).unwrap_or_default(),
        Some("gzip") => {
            let mut plain = Vec::new();
            let _ = flate2::read::GzDecoder::new(request.body.as_slice()).read_to_end(&mut plain);
            plain
        }
        _ => request.body.clone(),
    };
    serde_json::from_slice(&plain).unwrap_or_default()
}
