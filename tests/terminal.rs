//! `Stdout` before a reader: trees on a terminal, in colour unless told otherwise, and lines of JSON in a pipe. The terminal is one
//! that Python's `pty` makes around a process of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use honey::transmission::Stdout;
use honey::{Client, Config};
use honey_test_support::unless_it_stands_still;

const CHILD: &str = "HONEY_TEST_CHILD";
const LONG: Duration = Duration::from_mins(1);
/// `init` waits for its line to be said, but only for half a second.
const STALL: Duration = Duration::from_millis(100);
const ESCAPE: char = '\u{1b}';
/// Runs the rest of its arguments on a terminal, and copies what they write.
const ON_A_TERMINAL: &str = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) != 0)";

#[honey::event(fields(card = "debit"), err)]
fn charge() -> Result<(), io::Error> {
    Err(io::Error::other("declined"))
}

#[honey::event]
fn checkout() {
    let _ = charge();
}

/// Not a test of its own: the parents run it in a process of its own.
#[test]
fn child() {
    match env::var_os(CHILD) {
        None => return,
        Some(mode) if mode == "zero" => {
            let _guard = honey::init_from_env!().unwrap();
            return checkout();
        }
        Some(_) => {}
    }
    let config = Config::new("").dataset("shop").transmission(Stdout::new());
    let client = Client::new(config).unwrap();
    honey::with_client(&client, checkout);
    let stats = client.close(LONG).stats;
    assert_eq!(stats.accepted, 2, "{stats}");
}

/// What the child writes; `None` where there is no Python.
fn run(is_on_a_terminal: bool, variables: &[(&str, &str)]) -> Option<String> {
    let own = env::current_exe().unwrap();
    let mut command = if is_on_a_terminal {
        let mut python = Command::new("python3");
        python.args(["-c", ON_A_TERMINAL]).arg(own);
        python
    } else {
        Command::new(own)
    };
    command
        .args([
            "--exact",
            "child",
            "--nocapture",
            "--test-threads=1",
            "--color=never",
        ])
        .env(CHILD, "1")
        .env_remove("HONEY_TEST_LOG")
        .env_remove("NO_COLOR")
        .env_remove("HONEYCOMB_API_KEY")
        .env_remove("HONEYCOMB_API_ENDPOINT")
        .env_remove("OTEL_SDK_DISABLED")
        .env("TERM", "xterm")
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let _ = writeln!(io::stderr(), "NOT RUN: no python3 to make a terminal");
            return None;
        }
        Err(error) => unreachable!("{error}"),
    };
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    Some(said)
}

#[test]
fn a_terminal_shows_trees_in_colour() {
    let Some(said) = run(true, &[]) else { return };
    assert!(said.contains("└─") && said.contains(ESCAPE), "{said:?}");
    assert!(
        said.contains("charge") && !said.contains(r#""data":"#),
        "{said:?}"
    );
}

#[test]
fn without_colour_where_no_color_says_so() {
    let Some(said) = run(true, &[("NO_COLOR", "1")]) else {
        return;
    };
    assert!(
        said.contains("└─ charge") && !said.contains(ESCAPE),
        "{said:?}"
    );
    // An empty one says nothing.
    let said = run(true, &[("NO_COLOR", "")]).unwrap_or_default();
    assert!(said.contains(ESCAPE), "{said:?}");
}

#[test]
fn a_pipe_gets_lines_of_json() {
    let said = run(false, &[]).unwrap();
    // The test harness writes to the same pipe, in front of the first line too.
    let events = said
        .lines()
        .filter_map(|line| line.find(r#"{"time""#).map(|start| &line[start..]));
    let events: Vec<serde_json::Value> = events
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names: Vec<_> = events
        .iter()
        .map(|event| event["data"]["name"].clone())
        .collect();
    assert_eq!(names, ["charge", "checkout"], "{said}");
    assert_eq!(events[0]["dataset"], "shop");
    assert!(!said.contains(ESCAPE) && !said.contains("└─"), "{said:?}");
}

#[test]
fn without_any_setting_a_terminal_shows_trees_and_why() {
    unless_it_stands_still(STALL, || {
        let Some(said) = run(true, &[(CHILD, "zero"), ("NO_COLOR", "1")]) else {
            return;
        };
        let line = "honey: drawing events on this terminal, since HONEYCOMB_API_KEY is not set";
        let (line, tree) = (said.find(line), said.find("└─ charge"));
        assert!(line.is_some() && line < tree, "{said:?}");
    });
}
