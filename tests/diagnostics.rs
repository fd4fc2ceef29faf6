//! What honey says when something is wrong: the text of each kind, once, with cause and advice; and that nobody is held up by it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and its users panic on purpose"
)]

use std::env;
use std::io::{Write as _, pipe};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config, DiagnosticKind, Event};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Certificate, Server, until};

const KEY: &str = concat!("honeykey", "4test-diagnostics");
const LONG: Duration = Duration::from_mins(1);
const CHILD: &str = "HONEY_TEST_CHILD";

type Said = Vec<(DiagnosticKind, String)>;

/// What is said about one event that `fill` filled, with everything that stands for the machine replaced.
fn said_about(config: Config, fill: impl FnOnce(&mut Event)) -> Said {
    let said: Arc<Mutex<Said>> = Arc::default();
    let hear = Arc::clone(&said);
    let config = config.on_diagnostic(move |kind, text| {
        hear.lock().unwrap().push((kind, text.to_owned()));
    });
    let client = Client::new(config).unwrap();
    let mut event = client.builder().new_event();
    fill(&mut event);
    event.send();
    let heard = Arc::clone(&said);
    until("a word", || !heard.lock().unwrap().is_empty());
    client.close(Duration::from_millis(100));
    let said = said.lock().unwrap();
    said.clone()
}

fn config(url: impl Into<String>) -> Config {
    Config::new(KEY)
        .api_host(url)
        .dataset("shop")
        .send_frequency(Duration::from_millis(2))
}

#[track_caller]
fn check(config: Config, kind: DiagnosticKind, text: &str) {
    let said = said_about(config, |event| {
        event.add_field("n", 1);
    });
    assert_eq!(said, [(kind, text.to_owned())]);
}

/// A server that always answers so.
fn answers(status: u16, body: &'static str) -> Server {
    Server::new(move |_| Act::status(status, body))
}

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
fn queue_full() {
    let server = Server::new(|_| Act::Hang);
    let said: Arc<Mutex<Said>> = Arc::default();
    let hear = Arc::clone(&said);
    let config = config(server.url())
        .max_pending_events(10)
        .on_diagnostic(move |kind, text| {
            hear.lock().unwrap().push((kind, text.to_owned()));
        });
    let client = Client::new(config).unwrap();
    for n in 0..1_000 {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
    client.close(Duration::from_millis(100));
    let text = "the queue is full, so the newest events are dropped: the server is slow or away, or `max_pending_bytes` is too \
                small; `block_on_send` waits instead";
    assert_eq!(
        *said.lock().unwrap(),
        [(DiagnosticKind::QueueFull, text.to_owned())]
    );
}

#[test]
fn events_that_cannot_be_sent() {
    let server = Server::new(Act::accept);
    let said = said_about(config(server.url()).max_event_bytes(1_000), |event| {
        for n in 0..500 {
            event.add_field(format!("number.{n}"), n);
        }
    });
    let text = "1 event(s) were not sent: over `max_event_bytes` even with their strings cut. Record fewer fields, or raise it (to \
                1,000,000 at most).";
    assert_eq!(said, [(DiagnosticKind::TooLarge, text.to_owned())]);
    let said = said_about(config(server.url()), |_| ());
    let text = "an event without fields was not sent; add at least one field before `send`";
    assert_eq!(said, [(DiagnosticKind::NoFields, text.to_owned())]);
}

#[test]
fn values_that_were_cut() {
    let server = Server::new(Act::accept);
    let said = said_about(config(server.url()), |event| {
        event.add_field("long", "x".repeat(70_000));
    });
    let text = "fields were cut or left out to fit the server's limits: \"long\"; see `meta.truncated` in the events.";
    assert_eq!(said, [(DiagnosticKind::BadData, text.to_owned())]);
}

#[test]
fn a_users_panic() {
    let server = Server::new(Act::accept);
    let said = said_about(config(server.url()), |event| {
        event.add_field("bad", honey::display(&PanicsOnPurpose));
    });
    let text = "a `Display`, `Debug`, `Serialize`, `HoneyFields` or dynamic field panicked while honey ran it: its field is marked \
                or left out";
    assert_eq!(said, [(DiagnosticKind::UserPanic, text.to_owned())]);
}

struct PanicsOnPurpose;

impl std::fmt::Display for PanicsOnPurpose {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("on purpose")
    }
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

/// Not a test of its own: sends to nobody, floods the queue, and says on its standard output how it went.
#[test]
fn child() {
    let Some(how) = env::var_os(CHILD) else {
        return;
    };
    let nobody = Refusing::new().unwrap();
    let mut config = config(nobody.url()).max_pending_events(10);
    if how == "silent" {
        config = config.silent();
    }
    let client = Client::new(config).unwrap();
    let started = Instant::now();
    for n in 0..100_000 {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
    let _ = client.flush(Duration::from_millis(300));
    let report = client.close(Duration::from_millis(300));
    assert!(started.elapsed() < LONG, "held up: {report}");
    assert!(
        report.stats.is_balanced() && report.stats.pending == 0 && report.stats.created == 100_000,
        "{report}"
    );
}

fn run_child(how: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(CHILD, how)
        .stdout(Stdio::null());
    command
}

#[test]
fn stderr_gets_a_line_for_each_kind() {
    let output = run_child("stderr").output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("honey: the queue is full")),
        "{said}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("honey: cannot connect to 127.0.0.1:")),
        "{said}"
    );
}

#[test]
fn silence_is_possible() {
    let output = run_child("silent").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}

#[test]
fn a_stderr_that_nobody_reads_holds_up_nobody() {
    // The pipe is full before the child begins: whoever writes to it waits.
    let (reader, writer) = pipe().unwrap();
    let written = Arc::new(AtomicUsize::new(0));
    let filler = thread::spawn({
        let (mut writer, written) = (writer.try_clone().unwrap(), Arc::clone(&written));
        move || {
            while writer.write_all(&[b'x'; 256]).is_ok() {
                written.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let mut before = 0;
    until("a full pipe", || {
        thread::sleep(Duration::from_millis(20));
        let now = written.load(Ordering::SeqCst);
        now > 0 && now == std::mem::replace(&mut before, now)
    });
    let status = run_child("blocked").stderr(writer).status().unwrap();
    assert!(status.success(), "the child was held up");
    // The last reading end: the filler's write fails now.
    drop(reader);
    filler.join().unwrap();
}

#[test]
fn a_stderr_that_is_closed_harms_nobody() {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let status = run_child("closed").stderr(writer).status().unwrap();
    assert!(status.success());
}
