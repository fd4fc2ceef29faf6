//! Who is told, and that a listener who does not listen holds up nobody.

use std::env;
use std::io::{Write as _, pipe};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, DiagnosticKind};
use honey_test_support::addresses::Refusing;
use honey_test_support::{honey_threads, until};

use super::{LONG, config};

const CHILD: &str = "HONEY_TEST_CHILD";
/// The child whose words are read.
const STDERR: &str = "stderr";

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
    until("a try that was refused", || {
        let so_far = client.stats().diagnostics;
        so_far
            .iter()
            .any(|one| one.kind == DiagnosticKind::Unreachable)
    });
    let report = client.close(Duration::from_millis(300));
    assert!(started.elapsed() < LONG, "held up: {report}");
    assert!(
        report.stats.is_balanced() && report.stats.pending == 0 && report.stats.created == 100_000,
        "{report}"
    );
    if how == STDERR {
        // The last words are said when closing ends, or after it where its deadline left them no time.
        until("all has been said", || honey_threads().is_empty());
    }
}

fn run_child(how: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "listening::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(CHILD, how)
        // Its standard error is honey's alone.
        .env_remove("HONEY_TEST_LOG")
        .stdout(Stdio::null());
    command
}

#[test]
fn stderr_gets_a_line_for_each_kind() {
    let output = run_child(STDERR).output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = said.lines().collect();
    let begins = [
        "honey: the queue is full",
        "honey: cannot connect to 127.0.0.1:",
        "honey: 10 event(s) had no outcome",
    ];
    assert_eq!(lines.len(), begins.len(), "{said}");
    for begin in begins {
        assert!(lines.iter().any(|line| line.starts_with(begin)), "{said}");
    }
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
