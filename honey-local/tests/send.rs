//! Events written as lines and sent later, and the same events sent at once: a server understands the same.
#![expect(clippy::unwrap_used, reason = "a failed step ends the test")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use honey::transmission::Writer;
use honey::{Client, Config};
use honey_local::{Answer, Event, Server};
use honey_test_support as _;

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Events of all kinds: two datasets, own times and rates, every kind of value, one too many of a string.
fn record(client: &Client) {
    for n in 0..500_u64 {
        let mut event = client.builder().new_event();
        event.set_timestamp(UNIX_EPOCH + Duration::from_nanos(1_136_214_245_999_999_999 + n));
        event.set_sample_rate(u32::try_from(n % 3).unwrap());
        if n % 2 == 0 {
            event.set_dataset("other / data \"set\"");
        }
        event.add_field("n", n);
        event.add_field("u64", u64::MAX - n);
        event.add_field("i64", i64::MIN);
        event.add_field("f64", 0.1);
        event.add_field("whole", 3.0);
        event.add_field("tiny", 5e-324);
        event.add_field("text", "a\"b\\c\n\u{1F600}\u{2028}\0");
        event.add_field("yes", true);
        event.add_field("nothing", honey::json(&Option::<u8>::None));
        event.add_field(
            "nested",
            honey::json(&serde_json::json!({"a": [1, {"b": null}], "u": u64::MAX})),
        );
        event.add_field("samplerate", "a field of that name");
        if n == 7 {
            event.add_field("long", "é".repeat(40_000));
        }
        event.send_presampled();
    }
}

fn written() -> Vec<u8> {
    let lines = Lines::default();
    let client = Client::new(
        Config::new("")
            .dataset("shop")
            .max_event_bytes(1_000_000)
            .transmission(Writer::new(lines.clone())),
    );
    let client = client.unwrap();
    record(&client);
    let report = client.close(PATIENCE);
    assert_eq!(report.stats.accepted, 500, "{report}");
    let bytes = lines.0.lock().unwrap();
    bytes.clone()
}

/// Runs `honey-local send -` over `lines`.
fn send(lines: &[u8], server: &Server, options: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_honey-local"))
        .args(["send", "-", "--to", &server.url()])
        .args(options)
        .env_remove("HONEYCOMB_API_KEY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = lines.to_vec();
    let feeder = std::thread::spawn(move || drop(input.write_all(&lines)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

fn server() -> Server {
    Server::builder().key_optional().start().unwrap()
}

/// What a server understood, in an order of its own.
fn understood(events: &[Event]) -> Vec<(String, i64, u64, String)> {
    let mut all: Vec<_> = events
        .iter()
        .map(|event| {
            let data = serde_json::to_string(&*event.data).unwrap();
            let dataset = event.dataset.as_str().to_owned();
            (dataset, event.time_ns, event.sample_rate, data)
        })
        .collect();
    all.sort();
    // What is not answered for ten seconds is sent again, and may arrive twice.
    all.dedup();
    all
}

#[test]
fn written_and_sent_later_is_the_same_as_sent_at_once() {
    let (later, at_once) = (server(), server());
    let output = send(&written(), &later, &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("500 of 500 events arrived"), "{said}");

    let config = Config::new("")
        .dataset("shop")
        .max_event_bytes(1_000_000)
        // What is given up is sent again, and may arrive twice.
        .request_timeout(PATIENCE)
        .api_host(at_once.url());
    let client = Client::new(config).unwrap();
    record(&client);
    client.close(PATIENCE);

    let (later, at_once) = (understood(&later.events()), understood(&at_once.events()));
    assert_eq!(later.len(), 500);
    assert_eq!(later, at_once);
}

#[test]
fn bad_lines_are_skipped_counted_and_told_with_their_number() {
    let server = server();
    let lines = b"{\"dataset\":\"shop\",\"data\":{\"n\":1}}\nnonsense\n{\"data\":{\"n\":2}}\n\n{\"dataset\":\"shop\",\"data\":{}}\n";
    let output = send(lines, &server, &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for expected in [
        "line 2 is skipped: it is no JSON object",
        "line 3 is skipped: it names no dataset: give one with --dataset NAME",
        "line 5 is skipped: empty event data",
        "1 of 4 events arrived",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    let output = send(lines, &server, &["--dataset", "all"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("2 of 4 events arrived"), "{said}");
    assert_eq!(server.events()[2].dataset, "all");
}

#[test]
fn what_the_server_refuses_is_told_by_line_and_shows_in_the_exit_code() {
    let server = server();
    // However the three come: the first of each request is refused, and nothing is said of the others.
    let answer = r#"[{"status":400,"error":"not this one"}]"#;
    server.respond_next(3, Answer::new(200).body(answer));
    let line = b"{\"dataset\":\"shop\",\"data\":{\"n\":1}}\n";
    let output = send(&line.repeat(3), &server, &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("did not arrive (400)"), "{said}");
    assert!(said.contains("not this one"), "{said}");
    assert!(said.contains("of 3 events arrived"), "{said}");
}

#[test]
fn times_that_are_missing_become_the_time_of_sending() {
    let server = server();
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    send(b"{\"dataset\":\"d\",\"data\":{\"n\":1}}", &server, &[]);
    let time_ns = u128::try_from(server.events()[0].time_ns).unwrap();
    assert!(time_ns >= before.as_nanos());
}

#[test]
fn what_cannot_start_says_why() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_honey-local"))
            .arg("send")
            .args(arguments)
            .env_remove("HONEYCOMB_API_KEY")
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    for (arguments, expected) in [
        (&["/no/such/file"][..], "cannot open /no/such/file"),
        (
            &["-", "--to", "https://api.honeycomb.io"],
            "HONEYCOMB_API_KEY",
        ),
        (&["-", "--to", "nonsense"], "api_host"),
        (&[], "send needs a file"),
    ] {
        let (code, said) = run(arguments);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
