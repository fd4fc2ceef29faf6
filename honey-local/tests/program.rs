//! The program, run as a user runs it.
#![expect(clippy::unwrap_used, reason = "a failed step ends the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

const ELEMENT: &str = r#"{"time":"2006-01-02T15:04:05.99Z","samplerate":10,"data":{"trace.trace_id":"7f","trace.span_id":"1","name":"checkout","duration_ms":41.2,"user_id":7}}"#;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_honey-local"));
    command
        .args(arguments)
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running program; ended when the test ends, however it ends.
struct Running {
    child: Child,
    addr: String,
    lines: BufReader<ChildStdout>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = program(&[&["--listen", "127.0.0.1:0"], arguments].concat())
            .spawn()
            .unwrap();
        let mut greeting = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("HONEYCOMB_API_KEY=local") {
            line.clear();
            assert_ne!(greeting.read_line(&mut line).unwrap(), 0);
        }
        let addr = line
            .trim()
            .strip_prefix("HONEYCOMB_API_ENDPOINT=http://")
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .to_owned();
        let lines = BufReader::new(child.stdout.take().unwrap());
        child.stderr = Some(greeting.into_inner());
        Self { child, addr, lines }
    }

    fn post(&self, content_type: &str) {
        self.post_batch(&format!("[{ELEMENT}]"), content_type);
    }

    fn post_batch(&self, batch: &str, content_type: &str) {
        let mut connection = TcpStream::connect(&self.addr).unwrap();
        let length = batch.len();
        let head = format!(
            "POST /1/batch/shop HTTP/1.1\r\nhost: h\r\nx-honeycomb-team: local\r\ncontent-type: {content_type}\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{batch}"
        );
        connection.write_all(head.as_bytes()).unwrap();
        connection.read_to_end(&mut Vec::new()).unwrap();
    }

    /// What it says on standard error after the greeting.
    fn told(&mut self) -> impl Iterator<Item = String> {
        let lines = BufReader::new(self.child.stderr.take().unwrap())
            .lines()
            .map(Result::unwrap);
        lines.filter(|line| !line.is_empty() && !line.starts_with("Ctrl-C"))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_trace_is_shown_when_it_is_complete() {
    let mut running = Running::start(&["--offsets"]);
    running.post("application/json");
    assert_eq!(running.line(), "trace 7f · 1 event · shop");
    assert_eq!(running.line(), "checkout  +0 ms  41.20 ms  ×10  user_id=7");
}

#[test]
fn colour_and_fields_when_asked_for() {
    let mut running = Running::start(&["--color", "always", "--fields", "none"]);
    running.post("application/json");
    assert_eq!(
        running.line(),
        "\u{1b}[1mtrace 7f · 1 event · shop\u{1b}[0m"
    );
    assert_eq!(running.line(), "checkout  41.20 ms  \u{1b}[32m×10\u{1b}[0m");
}

#[test]
fn json_a_line_for_each_event() {
    let mut running = Running::start(&["--json"]);
    running.post("application/json");
    let event: serde_json::Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!(event["time"], "2006-01-02T15:04:05.990000000Z");
    assert_eq!(
        (&event["samplerate"], &event["dataset"]),
        (&10.into(), &"shop".into())
    );
    assert_eq!(event["data"]["user_id"], 7);
}

#[test]
fn refusals_are_told() {
    let mut running = Running::start(&[]);
    running.post("text/plain");
    let refusal = running.told().next().unwrap();
    assert_eq!(
        refusal,
        "refused: POST /1/batch/shop: 415: Content-Type must be exactly application/json, not \"text/plain\""
    );
}

#[test]
fn events_lost_to_the_bound_are_told() {
    let mut running = Running::start(&["--json", "--keep", "1"]);
    running.post_batch(
        &format!("[{ELEMENT},{ELEMENT},{ELEMENT}]"),
        "application/json",
    );
    assert_eq!(
        running.told().next().unwrap(),
        "2 events were forgotten before they could be shown: raise --keep, or send fewer"
    );
    assert!(running.line().contains("checkout"));
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    let output = program(&["--listen", &addr.to_string()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let expected = format!(
        "honey-local: port {} is in use, perhaps by another honey-local: stop that, or choose another port with --listen PORT\n",
        addr.port()
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn options_that_cannot_be_read() {
    let output = program(&["--jsn"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "honey-local: unknown option `--jsn`; did you mean `--json`?\n"
    );
    let output = program(&["--help"]).output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"A local Honeycomb"));
}

#[test]
fn a_catalogue_becomes_markdown() {
    let json = r#"{"events":[{"name":"charge","module":"shop","file":"src/main.rs","line":3,"doc":"Takes the money.","fields":[{"name":"order_id","type":"integer"}]}]}"#;
    let mut child = program(&["catalog", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(json.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        text.contains("## `charge`\n\nTakes the money.\n")
            && text.contains("| `order_id` | integer |"),
        "{text}"
    );
    let refused = program(&["catalog", "no such file"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cannot read no such file"));
}
