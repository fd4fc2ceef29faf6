//! What goes wrong on the way to the server.

use std::time::Duration;

use honey::transmission::{Batch, Transmission};
use honey::{Builder, DiagnosticKind, DropReason};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Certificate, Server, until};

use super::{KEY, LONG, answers, check, client, config, said_about};

#[test]
fn wrong_key() {
    let server = answers(
        401,
        r#"{"error":"unknown API key - check your credentials"}"#,
    );
    check(
        config(server.url()),
        DiagnosticKind::Unauthorized,
        "the server refuses the API key for dataset \"shop\" (401: unknown API key - check your credentials). Check the key \
         given to `Config` (or HONEYCOMB_API_KEY): it must be an ingest key of this environment, and belong to the region of \
         `api_host` (US or EU). Events wait, and one request a minute looks whether the key works.",
    );
}

#[test]
fn unknown_host() {
    let said = said_about(config("https://nowhere.invalid"), |event| {
        event.add_field("n", 1);
    });
    let (kind, text) = &said[0];
    assert_eq!(*kind, DiagnosticKind::UnknownHost);
    // What stands between is the system's word for it.
    let (begin, end) = (
        "the name of nowhere.invalid cannot be resolved: ",
        ". Events wait and are sent again. Is `api_host` spelt right, and can this machine look up names?",
    );
    assert!(text.starts_with(begin) && text.ends_with(end), "{text}");
}

#[test]
fn nothing_listening() {
    let nobody = Refusing::new().unwrap();
    let address = nobody.url().replace("http://", "");
    check(
        config(nobody.url()),
        DiagnosticKind::Unreachable,
        &format!(
            "cannot connect to {address}: Connection refused (os error 111). Events wait and are sent again. Is `api_host` right, \
             and does anything listen there?"
        ),
    );
}

#[test]
fn no_answer_in_time() {
    let server = Server::new(|_| Act::Hang);
    let address = server.address();
    check(
        config(server.url()).request_timeout(Duration::from_millis(50)),
        DiagnosticKind::Unreachable,
        &format!(
            "no answer from {address} within 50ms. Events wait and are sent again. Is `api_host` right, and does anything listen \
             there?"
        ),
    );
}

#[test]
fn tls() {
    let certificate = Certificate::expired();
    let server = Server::tls(&certificate, Act::accept);
    let said = said_about(config(server.url()).tls(certificate.trusted()), |event| {
        event.add_field("n", 1);
    });
    let (kind, text) = &said[0];
    assert_eq!((*kind, said.len()), (DiagnosticKind::Tls, 1));
    let begin = format!(
        "TLS with localhost:{} failed: invalid peer certificate: certificate expired",
        server.address().port()
    );
    let end = ". Check the certificate, the host name in `api_host` and the machine's clock and CA store.";
    assert!(text.starts_with(&begin) && text.ends_with(end), "{text}");
}

#[test]
fn proxy() {
    let proxy = answers(407, "who are you");
    let said = said_about(config("http://localhost:1").proxy(proxy.url()), |event| {
        event.add_field("n", 1);
    });
    let text = "the proxy refuses (407: who are you). Check the user and the password in its URL (HTTPS_PROXY or HTTP_PROXY). \
                Events wait, and one request a minute looks whether it works.";
    assert_eq!(said, [(DiagnosticKind::Proxy, text.to_owned())]);
}

/// Two destinations, one of which takes nothing: what it may not hold is the other's.
#[test]
fn over_its_share() {
    let server = Server::new(|_| Act::Hang);
    let (client, said) = client(
        config(server.url())
            .max_pending_bytes(1 << 20)
            .request_timeout(LONG * 10),
    );
    let mut other = client.builder();
    other.set_dataset("other");
    other.add_field("n", 1);
    other.new_event().send();
    until("a second destination", || server.requests() > 0);
    for _ in 0..60 {
        let mut event = client.builder().new_event();
        event.add_field("text", "x".repeat(10_000));
        event.send();
    }
    said.assert_once(
        DiagnosticKind::QueueFull,
        "events for dataset \"shop\" are dropped: it holds half of `max_pending_bytes`, and the rest is for the other \
         destinations. Its server is slow or away, or `max_pending_bytes` is too small.",
    );
    let stats = client.close(Duration::ZERO).stats;
    assert!(stats.is_balanced() && stats.pending == 0, "{stats}");
    let dropped = stats.dropped.by(DropReason::QueueFull);
    assert!((1..60).contains(&dropped), "{stats}");
}

#[test]
fn rejections() {
    check(
        config(
            answers(
                403,
                r#"{"error":"event dropped due to administrative throttling"}"#,
            )
            .url(),
        ),
        DiagnosticKind::Rejected,
        "the server rejected events for dataset \"shop\" (403): event dropped due to administrative throttling",
    );
}

#[test]
fn a_path_that_the_server_does_not_know() {
    let server = answers(404, "");
    check(
        config(server.url()),
        DiagnosticKind::Rejected,
        &format!(
            "{} does not know the path or the dataset \"shop\" (404). Check `api_host`. The events are lost.",
            server.address()
        ),
    );
}

#[test]
fn redirects() {
    let server = Server::new(|_| {
        Act::Answer(Answer::new(301, "").header("Location", "http://elsewhere/?key=1"))
    });
    check(
        config(server.url()),
        DiagnosticKind::Redirected,
        &format!(
            "{} answered with a redirect (301), which is never followed, since it would take the API key along. Set `api_host` to \
             the address it should be. The events are lost.",
            server.address()
        ),
    );
}

#[test]
fn throttled_and_in_trouble() {
    check(
        config(answers(429, r#"{"error":"request dropped due to rate limiting"}"#).url()),
        DiagnosticKind::Throttled,
        "the server asks to slow down for dataset \"shop\" (429: request dropped due to rate limiting). Events wait; consider \
         sampling.",
    );
    check(
        config(answers(503, "").url()),
        DiagnosticKind::ServerTrouble,
        "the server has trouble of its own (503). Events wait and are sent again.",
    );
}

#[test]
fn what_a_server_says_is_one_line_and_no_command_to_a_terminal() {
    let server = answers(403, "no\r\nhoney: all is well \u{1b}[2J");
    let said = said_about(config(server.url()), |event| {
        event.add_field("n", 1);
    });
    assert!(
        said[0].1.ends_with("(403): no  honey: all is well  [2J"),
        "{said:?}"
    );
}

#[test]
fn a_key_that_the_server_quotes_is_hidden() {
    let server = answers(
        401,
        concat!(
            r#"{"error":"key "honeykey"#,
            r#"4test-diagnostics" unknown"}"#
        ),
    );
    let said = said_about(config(server.url()), |event| {
        event.add_field("n", 1);
    });
    assert!(
        !said[0].1.contains(KEY) && said[0].1.contains(r#"key "*****"#),
        "{}",
        said[0].1.replace(KEY, "THE KEY")
    );
}

#[test]
fn what_can_be_sent_nowhere() {
    let (client, said) = client(config("http://127.0.0.1:1"));
    let mut builder: Builder = client.builder();
    builder.set_api_host("shop.example");
    let mut event = builder.new_event();
    event.add_field("n", 1);
    event.send();
    assert!(client.flush(LONG));
    said.assert_once(
        DiagnosticKind::Unsendable,
        "events for dataset \"shop\" cannot be sent: `api_host` cannot be used: it is no URL: it must begin with `https://` or \
         `http://`. Write, for example, `https://api.honeycomb.io`, in the code or in HONEYCOMB_API_ENDPOINT, or an empty string to \
         discard events. They are lost.",
    );
}

#[test]
fn closing_before_the_end() {
    let server = Server::new(|_| Act::Hang);
    let (client, said) = client(config(server.url()));
    for n in 0..3 {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
    let report = client.close(Duration::ZERO);
    assert_eq!(report.stats.dropped.total(), 3, "{report}");
    until("a word", || !said.all().is_empty());
    let all = said.all();
    let [(DiagnosticKind::CloseDeadline, text)] = &all[..] else {
        panic!("{all:?}")
    };
    let address = server.address();
    let begin = "3 event(s) had no outcome when closing had to end, and are dropped; some may have arrived. ";
    let end = ". `close` takes a longer deadline.";
    assert!(text.starts_with(begin) && text.ends_with(end), "{text}");
    // The sender may have had the time to sort them, or not.
    let between = &text[begin.len()..text.len() - end.len()];
    assert!(
        between.is_empty() || between.contains(&format!("for {address}, dataset \"shop\": ")),
        "{text}"
    );
}

/// A transmission that does as it is told.
#[derive(Clone, Copy)]
enum Own {
    AsksAgain,
    LosesSome,
    PanicsInFlush,
    PanicsInTick,
}

impl Transmission for Own {
    fn send(&mut self, batch: &mut Batch<'_>, _: Duration) {
        for event in batch.events() {
            match self {
                Own::AsksAgain => event.retry("the disk is full"),
                Own::LosesSome => event.fail("no space left on device"),
                Own::PanicsInFlush | Own::PanicsInTick => event.accept(),
            }
        }
    }

    fn flush(&mut self, _: Duration) {
        assert!(!matches!(self, Own::PanicsInFlush), "on purpose");
    }

    fn tick(&mut self) {
        assert!(!matches!(self, Own::PanicsInTick), "on purpose");
    }
}

#[test]
fn a_transmission_of_the_programs_own() {
    for (own, text) in [
        (
            Own::AsksAgain,
            "the transmission asks to try again (the disk is full). Events wait and are given to it again.",
        ),
        (
            Own::LosesSome,
            "the transmission did not deliver 1 event(s): no space left on device. They are lost.",
        ),
        (
            Own::PanicsInFlush,
            "the transmission panicked in `flush`; the next batch is given to it all the same.",
        ),
        (
            Own::PanicsInTick,
            "the transmission panicked in `tick`; the next batch is given to it all the same.",
        ),
    ] {
        let (client, said) = client(config("http://127.0.0.1:1").transmission(own));
        let mut event = client.builder().new_event();
        event.add_field("n", 1);
        event.send();
        let _ = client.flush(match own {
            Own::AsksAgain => Duration::ZERO,
            _ => LONG,
        });
        said.assert_once(DiagnosticKind::Transmission, text);
        client.close(Duration::ZERO);
    }
}
