//! What the server says, and what becomes of the events.

use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant, SystemTime};

use honey::{Config, DiagnosticKind, DropReason, Outcome, Stats};
use honey_test_support::{Act, Answer, Request, Server, until};

use crate::rig::{Rig, config, gathering};

/// What becomes of `events` events at a server that does this; the requests, and what was said.
fn run(
    events: u64,
    settings: impl FnOnce(Config) -> Config,
    script: impl Fn(&Request) -> Act + Send + Sync + 'static,
) -> (Stats, Vec<Request>, Vec<(DiagnosticKind, String)>) {
    let server = Server::new(script);
    let rig = Rig::new(settings(gathering(server.url())));
    rig.offer_at_once(events);
    rig.settled();
    let said = rig.last_words();
    (rig.end(), server.seen(), said)
}

fn plain(
    events: u64,
    script: impl Fn(&Request) -> Act + Send + Sync + 'static,
) -> (Stats, Vec<Request>, Vec<(DiagnosticKind, String)>) {
    run(events, |config| config, script)
}

#[test]
fn body_cut_short() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"status\":202},{\"sta";
    let (stats, seen, _) = plain(5, move |_| Act::Bytes(cut.to_vec()));
    assert_eq!((stats.accepted, stats.unconfirmed, seen.len()), (1, 4, 1));
}

#[test]
fn body_malformed_or_of_the_wrong_type() {
    for body in [
        "",
        "<html>",
        "{}",
        "null",
        "7",
        "\"x\"",
        "[1,2]",
        "[[[[",
        "\u{0}",
        r#"[{"status":"202"}]"#,
    ] {
        let (stats, seen, _) = plain(5, move |_| Act::status(200, body));
        assert_eq!((stats.unconfirmed, seen.len()), (5, 1), "{body:?}");
    }
}

#[test]
fn array_short_or_long() {
    let (stats, seen, _) = plain(5, |_| Act::status(202, r#"[{"status":202}]"#));
    assert_eq!((stats.accepted, stats.unconfirmed, seen.len()), (1, 4, 1));
    let (stats, seen, _) = plain(5, |_| {
        Act::status(200, format!("[{}]", [r#"{"status":202}"#; 9].join(",")))
    });
    assert_eq!((stats.accepted, seen.len()), (5, 1));
}

#[test]
fn per_event_400() {
    let server = Server::new(|_| {
        let long = "x".repeat(5_000);
        Act::status(
            200,
            format!(r#"[{{"status":202}},{{"status":400,"error":"{long}"}},{{"status":202}}]"#),
        )
    });
    let rig = Rig::gathering(server.url());
    let responses = rig.client.responses();
    rig.offer_at_once(3);
    let stats = rig.settled();
    assert_eq!((stats.accepted, stats.rejected, stats.retries), (2, 1, 0));
    let said = rig.said_once(DiagnosticKind::Rejected);
    assert!(said.contains("(400)") && said.len() < 2_000, "{said}");
    rig.end();
    let rejected: Vec<_> = responses
        .filter(|response| response.outcome == Outcome::Rejected)
        .collect();
    assert_eq!((rejected.len(), rejected[0].status), (1, Some(400)));
    assert_eq!(
        rejected[0].body.as_ref().map(String::len),
        Some(1_024),
        "the server's text, cut"
    );
    assert_eq!(server.requests(), 1);
}

#[test]
fn per_event_429_or_5xx() {
    let (stats, seen, _) = plain(3, |request| match request.number {
        0 => Act::status(
            200,
            r#"[{"status":202},{"status":429,"error":"full"},{"status":503}]"#,
        ),
        1 => Act::status(200, r#"[{"status":202},{"status":500}]"#),
        _ => Act::accept(request),
    });
    assert_eq!((stats.accepted, stats.retries), (3, 2));
    let sent: Vec<_> = seen.iter().map(Request::numbers).collect();
    assert_eq!(sent, [vec![0, 1, 2], vec![1, 2], vec![2]], "those alone");
}

#[test]
fn per_event_429_for_ever() {
    let (stats, seen, _) = run(
        1,
        |config| config.max_tries(3),
        |_| Act::status(200, r#"[{"status":429}]"#),
    );
    assert_eq!((stats.dropped.by(DropReason::MaxTries), seen.len()), (1, 3));
}

#[test]
fn a_1_gb_answer() {
    let server = Server::new(|_| Act::Flood {
        head: b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".to_vec(),
        piece: vec![b'['; 64 * 1024],
        most_bytes: 1_000_000_000,
    });
    let rig = Rig::gathering(server.url());
    rig.offer_at_once(10);
    let stats = rig.settled();
    assert_eq!((stats.unconfirmed, stats.requests), (10, 1));
    rig.end();
    // 1 MiB was read; the rest lies in the buffers of the two sockets.
    assert!(
        server.sent_bytes() < 50_000_000,
        "{} bytes",
        server.sent_bytes()
    );
}

#[test]
fn an_endless_answer_without_a_length() {
    let server = Server::new(|_| Act::Flood {
        head: b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        piece: [b"1000\r\n".as_slice(), &[b'x'; 0x1000], b"\r\n"].concat(),
        most_bytes: u64::MAX,
    });
    let rig = Rig::new(gathering(server.url()).max_tries(1));
    rig.offer_at_once(10);
    assert_eq!(rig.settled().dropped.by(DropReason::MaxTries), 10);
    let said = rig.said_once(DiagnosticKind::ServerTrouble);
    assert!(said.len() < 2_000, "{} bytes", said.len());
    rig.end();
}

#[test]
fn a_head_without_an_end() {
    let server = Server::new(|request: &Request| match request.number {
        0 => Act::Flood {
            head: b"HTTP/1.1 200 OK\r\n".to_vec(),
            piece: [b"X: ".as_slice(), &[b'x'; 1_000], b"\r\n"].concat(),
            most_bytes: u64::MAX,
        },
        _ => Act::accept(request),
    });
    let rig = Rig::gathering(server.url());
    rig.offer_at_once(10);
    assert_eq!(rig.settled().accepted, 10);
    rig.end();
    assert!(
        server.sent_bytes() < 50_000_000,
        "{} bytes",
        server.sent_bytes()
    );
}

const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];

/// 100 MB of zeros in 630 kB of gzip: one zero, then repetitions of it, each of 258 bytes in 13 bits (RFC 1951, 3.2.6).
fn bomb() -> Vec<u8> {
    const REPETITIONS: usize = 100_000_000 / 258;
    // The last block, with the fixed codes; a zero. Codes stand in the order they are read.
    let begin = "110".chars().chain("00110000".chars());
    let again = std::iter::repeat_n("1100010100000", REPETITIONS).flat_map(str::chars);
    let bits: Vec<bool> = begin
        .chain(again)
        .chain("0000000".chars())
        .map(|bit| bit == '1')
        .collect();
    let bytes = bits.chunks(8).map(|bits| {
        let bits = bits.iter().enumerate();
        bits.fold(0, |byte, (place, bit)| byte | u8::from(*bit) << place)
    });
    GZIP_HEAD.into_iter().chain(bytes).collect()
}

/// `body` in gzip, as it is.
fn packed(body: &[u8]) -> Vec<u8> {
    let crc = !body.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    });
    let length = u16::try_from(body.len()).unwrap();
    let mut packed = GZIP_HEAD.to_vec();
    packed.push(1);
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(body);
    packed.extend(crc.to_le_bytes());
    packed.extend(u32::from(length).to_le_bytes());
    packed
}

/// Nobody unpacks an answer, and nobody asks for one that is packed: what would say that all is well, says nothing.
#[test]
fn a_compressed_bomb() {
    let accepted = format!("[{}]", [r#"{"status":202}"#; 10].join(","));
    for body in [bomb(), packed(accepted.as_bytes())] {
        let (stats, seen, _) = plain(10, move |_| {
            Act::Answer(Answer::new(200, body.clone()).header("Content-Encoding", "gzip"))
        });
        assert_eq!((stats.unconfirmed, seen.len()), (10, 1));
        assert_eq!(seen[0].header("accept-encoding"), None);
    }
}

#[test]
fn redirect_3xx() {
    let other = Server::new(Act::accept);
    let elsewhere = format!("{}/1/batch/d?secret=1", other.url());
    for status in [300, 301, 302, 303, 304, 307, 308] {
        let location = elsewhere.clone();
        let (stats, seen, said) = plain(4, move |_| {
            Act::Answer(Answer::new(status, "").header("Location", &location))
        });
        assert_eq!((stats.rejected, seen.len()), (4, 1), "{status}");
        let text = &said[0].1;
        assert!(
            text.contains("redirect") && !text.contains("secret") && !text.contains("/1/batch"),
            "{text}"
        );
    }
    assert_eq!(other.connections(), 0, "a redirect was followed");
}

#[test]
fn whole_batch_400_one_bad_event() {
    let (stats, seen, said) = plain(100, |request| {
        if request.numbers().contains(&77) {
            Act::status(
                400,
                r#"{"error":"request body is malformed and cannot be read as JSON"}"#,
            )
        } else {
            Act::accept(request)
        }
    });
    assert_eq!((stats.accepted, stats.rejected), (99, 1));
    assert!(seen.len() <= 2 * 7 + 8 + 1, "{} requests", seen.len());
    assert!(said[0].1.contains("malformed"));
}

#[test]
fn whole_batch_400_for_everything() {
    let (stats, seen, _) = plain(100, |_| Act::status(400, "no idea"));
    assert_eq!(stats.rejected, 100);
    assert!(seen.len() <= 2 * 7 + 8 + 1, "{} requests", seen.len());
}

#[test]
fn whole_batch_400_too_large() {
    let (stats, ..) = plain(100, |request| match request.numbers().len() {
        0..=10 => Act::accept(request),
        _ => Act::status(400, r#"{"error":"request body is too large"}"#),
    });
    assert_eq!(stats.accepted, 100);
}

/// The server refuses the key: nothing more goes there, and what is offered beyond the queue's bound is dropped and counted.
fn pauses(code: u16, body: &'static str) {
    let server = Server::new(move |_| Act::status(code, body));
    let rig = Rig::new(gathering(server.url()).max_pending_events(1_000));
    rig.offer_at_once(10);
    until("the warning", || !rig.said().is_empty());
    for _ in 0..20 {
        rig.offer(500);
        rig.balance();
    }
    assert!(!rig.client.flush(Duration::from_millis(100)));
    let stats = rig.balance();
    assert!(
        stats.pending <= 1_000 && stats.pending + stats.dropped.by(DropReason::QueueFull) == 10_010,
        "{stats}"
    );
    until("a second warning", || rig.said().len() > 1);
    let said = rig.said();
    let kinds: Vec<_> = said.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        kinds,
        [DiagnosticKind::Unauthorized, DiagnosticKind::QueueFull],
        "{said:?}"
    );
    assert_eq!(server.requests(), 1, "one probe a minute");
    rig.end_within(Duration::from_millis(100));
}

#[test]
fn unauthorized_401() {
    pauses(401, "");
}

#[test]
fn whole_batch_400_unknown_key() {
    pauses(
        400,
        r#"{"error":"unknown API key - check your credentials"}"#,
    );
}

#[test]
fn throttled_403() {
    let (stats, seen, said) = plain(10, |request| match request.number {
        0 => Act::status(
            403,
            r#"{"error":"event dropped due to administrative throttling"}"#,
        ),
        _ => Act::accept(request),
    });
    assert_eq!((stats.rejected, seen.len(), said.len()), (10, 1, 1));
    assert!(said[0].1.contains("administrative throttling"));
}

#[test]
fn throttled_403_is_no_pause() {
    let server = Server::new(|request: &Request| match request.number {
        0 => Act::status(403, ""),
        _ => Act::accept(request),
    });
    let rig = Rig::gathering(server.url());
    for _ in 0..2 {
        rig.offer_at_once(5);
        rig.settled();
    }
    let stats = rig.end();
    assert_eq!((stats.rejected, stats.accepted, stats.retries), (5, 5, 0));
}

#[test]
fn not_found_404() {
    let (stats, seen, said) = plain(10, |_| Act::status(404, "dataset not found"));
    assert_eq!((stats.rejected, seen.len(), said.len()), (10, 1, 1));
}

#[test]
fn too_large_413() {
    let (stats, seen, _) = plain(100, |request| match request.numbers().len() {
        0..=10 => Act::accept(request),
        _ => Act::status(413, ""),
    });
    assert_eq!(stats.accepted, 100);
    assert!(seen.len() > 10);
    let (stats, seen, _) = plain(8, |_| Act::status(413, ""));
    assert_eq!(
        stats.rejected, 8,
        "a single event that is too large is rejected"
    );
    assert_eq!(seen.len(), 15, "1 + 2 + 4 + 8");
}

/// How long a 429 with this `Retry-After` holds up.
fn throttled(header: Option<&str>) -> Duration {
    let answer = Answer::new(429, r#"{"error":"request dropped due to rate limiting"}"#);
    let answer = match header {
        Some(value) => answer.header("Retry-After", value),
        None => answer,
    };
    let started = Instant::now();
    let (stats, seen, said) = plain(10, move |request| match request.number {
        0 => Act::Answer(answer.clone()),
        _ => Act::accept(request),
    });
    assert_eq!(
        (stats.accepted, stats.retries, seen.len()),
        (10, 1, 2),
        "{header:?}"
    );
    assert_eq!(said[0].0, DiagnosticKind::Throttled);
    started.elapsed()
}

#[test]
fn throttled_429_with_retry_after_in_seconds() {
    assert!(throttled(Some("1")) >= Duration::from_secs(1));
    assert!(throttled(Some("0.5")) >= Duration::from_millis(500));
}

#[test]
fn throttled_429_with_retry_after_as_a_date_absent_garbage_or_negative() {
    for header in [
        Some("Sun, 09 Sep 2001 01:46:45 GMT"),
        None,
        Some("soon"),
        Some(""),
        Some("-3"),
        Some("NaN"),
    ] {
        throttled(header);
    }
}

#[test]
fn throttled_429_with_retry_after_as_a_date_to_come() {
    // Dates have whole seconds: it is two seconds ahead at least.
    let in_three_seconds = || SystemTime::now() + Duration::from_secs(3);
    let header = move || httpdate::fmt_http_date(in_three_seconds());
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let (stats, requests, _) = plain(10, move |request| {
        let now = Instant::now();
        if request.number > 0 {
            seen.lock().unwrap().push(now);
            return Act::accept(request);
        }
        let date = header();
        // By the clock that nobody sets.
        let ahead = httpdate::parse_http_date(&date)
            .unwrap()
            .duration_since(SystemTime::now());
        seen.lock().unwrap().push(now + ahead.unwrap());
        Act::Answer(Answer::new(429, "").header("Retry-After", &date))
    });
    assert_eq!((stats.accepted, requests.len()), (10, 2));
    let times = times.lock().unwrap();
    let [date, again] = times[..] else {
        unreachable!("{times:?}");
    };
    assert!(again >= date, "not before the date: {times:?}");
}

/// As one of an hour of seconds, a date an hour ahead is a minute.
#[test]
fn throttled_429_with_retry_after_as_a_date_too_far_off() {
    let server = Server::new(|_| {
        let date = SystemTime::now() + Duration::from_hours(1);
        let date = httpdate::fmt_http_date(date);
        Act::Answer(Answer::new(429, "").header("Retry-After", &date))
    });
    let started = Instant::now();
    let rig = Rig::gathering(server.url());
    rig.offer_at_once(10);
    let next_try = || {
        let waiting = rig.balance().waiting;
        waiting.first().and_then(|waiting| waiting.next_try)
    };
    until("the pause", || next_try().is_some());
    let next_try = next_try().unwrap();
    let minute = Duration::from_mins(1);
    assert!(next_try >= started + minute, "it is honoured");
    assert!(next_try <= Instant::now() + minute, "and bounded");
    let stats = rig.end_within(Duration::ZERO);
    assert_eq!(stats.dropped.by(DropReason::CloseDeadline), 10, "{stats}");
}

#[test]
fn throttled_429_with_retry_after_1e9() {
    // Clamped to a minute: what is too old by then is dropped in time, and closing does not wait for it.
    let server =
        Server::new(|_| Act::Answer(Answer::new(429, "").header("Retry-After", "1000000000")));
    let rig = Rig::new(config(server.url()).max_age(Duration::from_millis(300)));
    rig.offer(10);
    let stats = rig.settled();
    assert_eq!(stats.dropped.by(DropReason::MaxAge), 10, "{stats}");
    assert!(stats.retries == 0, "{stats}");
    rig.end();
}

#[test]
fn a_probe_goes_alone_after_a_pause() {
    let (answer, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let server = Server::new(move |request: &Request| match request.number {
        // After the first, several may be under way.
        1 => Act::Answer(Answer::new(429, "").header("Retry-After", "0.3")),
        2 => {
            let _ = held.lock().unwrap().recv();
            Act::accept(request)
        }
        _ => Act::accept(request),
    });
    let rig = Rig::new(gathering(server.url()).max_batch_size(10));
    rig.offer_at_once(10);
    rig.settled();
    rig.offer_at_once(10);
    until("the probe", || server.requests() == 3);
    rig.offer(80);
    assert!(!rig.client.flush(Duration::from_millis(300)));
    assert_eq!(server.requests(), 3, "the probe is alone");
    drop(answer);
    let stats = rig.settled();
    assert_eq!((stats.accepted, stats.retries), (100, 1), "{stats}");
    rig.end();
}

#[test]
fn server_trouble_5xx() {
    for status in [500, 502, 503, 504, 408] {
        let (stats, seen, said) = plain(9, move |request| match request.number {
            0 | 1 => Act::status(status, "later"),
            _ => Act::accept(request),
        });
        assert_eq!(
            (stats.accepted, stats.retries, seen.len()),
            (9, 2, 3),
            "{status}"
        );
        assert_eq!((said.len(), said[0].0), (1, DiagnosticKind::ServerTrouble));
    }
}

#[test]
fn server_trouble_503_with_retry_after() {
    let started = Instant::now();
    let (stats, seen, _) = plain(9, move |request| match request.number {
        0 => Act::Answer(Answer::new(503, "").header("Retry-After", "1")),
        _ => Act::accept(request),
    });
    assert_eq!((stats.accepted, seen.len()), (9, 2));
    assert!(
        started.elapsed() >= Duration::from_secs(1),
        "it wins over the backoff"
    );
}

#[test]
fn server_trouble_for_ever() {
    let server = Server::new(|_| Act::status(500, ""));
    let rig = Rig::new(config(server.url()).max_age(Duration::from_millis(300)));
    rig.offer(10);
    let stats = rig.settled();
    assert_eq!(stats.dropped.by(DropReason::MaxAge), 10, "{stats}");
    rig.end();
}
