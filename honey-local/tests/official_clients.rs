//! Honeycomb's own clients against the server, so that it is held to what they send and understand, and not only to
//! what we do. Installing them needs the network, hence `HONEY_OFFICIAL_CLIENTS=1`:
//!
//! ```text
//! HONEY_OFFICIAL_CLIENTS=1 cargo test -p honey-local --test official_clients
//! ```
#![expect(clippy::unwrap_used, reason = "a failed step ends the test")]

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use honey_local::{KnownKey, Server};
use serde_json::{Value, json};

const PYTHON: &str = "libhoney==2.4.0";
const JAVASCRIPT: &str = "libhoney@4.3.1";

#[test]
fn python() {
    if !asked_for("python") {
        return;
    }
    let folder = folder("python");
    let python = folder.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    }
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PYTHON]));
    let server = server();
    let responses = run(Command::new(&python)
        .arg(script("send.py"))
        .arg(server.url()));
    assert_outcomes(&responses, true);
    let poison = responses
        .iter()
        .find(|response| response["event"] == "poison")
        .unwrap();
    assert_eq!(poison["status"], 400);
    assert_received(&server, "libhoney-py/2.4.0", Some("gzip"));
}

#[test]
fn javascript() {
    if !asked_for("javascript") {
        return;
    }
    let folder = folder("javascript");
    run(Command::new("npm")
        .args(["install", "--silent", "--no-fund", "--no-audit", "--prefix"])
        .arg(&folder)
        .arg(JAVASCRIPT));
    let server = server();
    let responses = run(Command::new("node")
        .arg(script("send.mjs"))
        .arg(server.url())
        .env("LIBHONEY", &folder));
    // It reads an event's error under a name that the API does not use, so it hands on none.
    assert_outcomes(&responses, false);
    assert_received(&server, "libhoney-js/4.3.1", None);
}

/// Says so, past the capture of the tests' output, when the test is left out.
fn asked_for(client: &str) -> bool {
    let asked = env::var("HONEY_OFFICIAL_CLIENTS").is_ok_and(|value| value == "1");
    if !asked {
        let _ = writeln!(
            io::stderr(),
            "NOT RUN: the official {client} client; set HONEY_OFFICIAL_CLIENTS=1 to install and run it"
        );
    }
    asked
}

fn folder(client: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("official-clients")
        .join(client);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(name)
}

fn server() -> Server {
    Server::builder()
        .keys([KnownKey::new("a-key")])
        .start()
        .unwrap()
}

/// Runs a command to its end, and reads what it prints as lines of JSON.
#[track_caller]
fn run(command: &mut Command) -> Vec<Value> {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{told}",
        output.status
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// The client heard of each event what the server said of it.
#[track_caller]
fn assert_outcomes(responses: &[Value], with_errors: bool) {
    for (event, status, error) in [
        ("good", 202, ""),
        ("also good", 202, ""),
        ("long string", 400, "string in field \"text\" is too long"),
        ("too large", 400, "event is too large"),
        ("too many columns", 400, "Event has too many columns."),
        ("unknown key", 401, ""),
    ] {
        let found: Vec<_> = responses
            .iter()
            .filter(|response| response["event"] == event)
            .collect();
        assert_eq!(found.len(), 1, "{event} in {responses:?}");
        assert_eq!(found[0]["status"], status, "{event}");
        let told = found[0]["error"].as_str().unwrap();
        assert!(!with_errors || told.contains(error), "{event}: {told}");
    }
}

/// The server understood what the client sent.
#[track_caller]
fn assert_received(server: &Server, user_agent: &str, encoding: Option<&str>) {
    let events = server.events();
    assert_eq!(
        events
            .iter()
            .map(honey_local::Event::name)
            .collect::<Vec<_>>(),
        [Some("checkout"), Some("last")]
    );
    let event = &events[0];
    assert_eq!(
        (event.dataset.as_str(), event.sample_rate),
        ("My Dataset", 10)
    );
    assert_eq!(event.time_rfc3339(), "2006-01-02T15:04:05.990000000Z");
    let expected = json!({
        "name": "checkout", "n": 7, "ok": true, "ratio": 0.5, "text": "café 😀 \"\\\n", "nested": { "a": [1, null] }
    });
    assert_eq!(Value::Object((*event.data).clone()), expected);
    let request = &server.requests()[0];
    assert!(
        request
            .headers
            .get("user-agent")
            .is_some_and(|agent| agent.starts_with(user_agent)),
        "{request:?}"
    );
    assert_eq!(request.encoding(), encoding);
}
