//! How processes end, and what of theirs has arrived then.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use honey_local::{Event, Server};
use honey_test_support::{Act, Answer, Server as Scripted};

use super::support::{
    LONG, Ran, Running, assert_once, has_tool, numbers, program, program_for, run, within,
};

const ABORT: i32 = 6;
const KILL: i32 = 9;

fn end(server: &Server, how: &str) -> Ran {
    run(program(server).args(["end", how]))
}

/// What at the very end has seconds to be sent in (a guard five, a panic's hook two) may be late on a machine that stands still for as
/// long: then another run tells. The run that brought so many events, or the fifth.
fn sends_all<T>(expected: usize, run: impl Fn() -> (Ran, Vec<T>)) -> (Ran, Vec<T>) {
    let mut runs = (0..5).map(|_| run());
    let mut last = runs.next().unwrap();
    while last.1.len() < expected
        && let Some(next) = runs.next()
    {
        last = next;
    }
    last
}

fn end_sends_all(expected: usize, how: &str) -> (Ran, Vec<Event>) {
    sends_all(expected, || {
        let server = Server::start().unwrap();
        let ran = end(&server, how);
        (ran, server.events())
    })
}

#[test]
fn main_returns_and_the_guard_sends_the_rest() {
    let (ran, events) = end_sends_all(100, "return");
    ran.assert_success();
    assert_once(&events, "main", 0..100);
}

#[test]
fn exit_runs_no_destructors_so_close_first() {
    let server = Server::start().unwrap();
    let ran = end(&server, "exit-after-close");
    ran.assert_success()
        .report("main")
        .assert_all_delivered(100);
    assert_once(&server.events(), "main", 0..100);

    let server = Server::start().unwrap();
    end(&server, "exit").assert_success();
    assert_once(&server.events(), "main", 0..0);
}

/// What is left of the function that panicked.
fn failed(events: &[Event]) -> Vec<&Event> {
    let failed = events.iter().filter(|event| event.name() == Some("fails"));
    failed.collect()
}

#[test]
fn a_panic_that_unwinds_sends_everything_the_panic_included() {
    let (ran, events) = end_sends_all(101, "panic");
    assert_eq!(ran.status.code(), Some(101), "{}", ran.complained);
    assert_once(&events, "main", 0..100);
    let failed = failed(&events);
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].str("outcome"), Some("panic"));
    assert_eq!(failed[0].bool("error"), Some(true));
    assert_eq!(failed[0].u64("order"), Some(7));
    let message = failed[0].str("error.message").unwrap_or_default();
    assert!(message.contains("no order 7"), "{message}");
}

#[test]
fn asked_to_end_it_sends_everything_and_says_which_signal() {
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let server = Server::start().unwrap();
        let running = Running::start(program(&server).args(["end", "signal"]));
        server.wait_for_events(100, LONG).unwrap();
        running.signal(signal);
        let ran = running.end();
        assert_eq!(ran.status.code(), Some(code), "{}", ran.complained);
        let sent = numbers(&server.events(), "main");
        // It may have been asked before the last ones were made.
        assert!(sent.len() >= 100 && sent.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    }
}

/// `panic = "abort"` goes the same way: the hook is all that runs.
#[test]
fn a_panic_that_cannot_unwind_sends_everything_before_the_process_aborts() {
    let (ran, events) = end_sends_all(104, "no-unwind");
    assert_eq!(ran.status.signal(), Some(ABORT), "{}", ran.complained);
    assert_once(&events, "main", 0..100);
    let named = |name| {
        events
            .iter()
            .filter(move |event| event.name() == Some(name))
    };
    for name in ["fails", "around"] {
        let of_name: Vec<_> = named(name).collect();
        assert_eq!(of_name.len(), 1, "{name}");
        assert_eq!(of_name[0].str("outcome"), Some("panic"), "{name}");
        let message = of_name[0].str("error.message").unwrap_or_default();
        assert!(message.starts_with("no order 7 ("), "{message}");
    }
    let texts: Vec<_> = named("exception")
        .filter_map(|event| event.str("exception.message"))
        .collect();
    assert_eq!(
        texts,
        ["no order 7", "panic in a function that cannot unwind"]
    );
}

/// A program that is built, with all it depends on, with `panic = "abort"`; and the events that it wrote.
fn run_what_aborts(arguments: &[&str]) -> (Ran, Vec<serde_json::Value>) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aborts");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "honey-aborts"])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_PANIC", "abort")
        .env_remove("CARGO_BUILD_TARGET")
        .status();
    assert!(built.unwrap().success());
    let ran = run(Command::new(target.join("debug/honey-aborts")).args(arguments));
    assert_eq!(ran.status.signal(), Some(ABORT), "{}", ran.complained);
    let lines = ran.said.lines().map(serde_json::from_str);
    let events = lines.map(|event| event.unwrap()).collect();
    (ran, events)
}

#[test]
fn where_panics_abort_a_captured_one_sends_everything_first() {
    let (ran, events) = sends_all(103, || run_what_aborts(&["captured"]));
    assert!(ran.complained.contains("no order 7"), "{}", ran.complained);
    let named = |name: &'static str| {
        let of_name = move |event: &&serde_json::Value| event["data"]["name"] == name;
        events.iter().filter(of_name).collect::<Vec<_>>()
    };
    assert_eq!(named("job").len(), 100);
    assert_eq!(named("exception").len(), 1);
    for name in ["fails", "around"] {
        let of_name = named(name);
        assert_eq!(of_name.len(), 1, "{name}: {}", ran.said);
        assert_eq!(of_name[0]["data"]["outcome"], "panic", "{name}");
        assert_eq!(of_name[0]["data"]["error"], true, "{name}");
    }
    assert_eq!(named("fails")[0]["data"]["order"], 7);
    assert_eq!(events.len(), 103);
}

#[test]
fn where_panics_abort_one_that_is_not_captured_takes_what_is_pending_with_it() {
    let (_, events) = run_what_aborts(&[]);
    assert!(events.is_empty(), "{events:#?}");
}

#[test]
fn a_guard_that_nobody_binds_is_spoken_of_however_soon_the_program_ends() {
    let server = Server::start().unwrap();
    let told = "the guard that `honey::init` returned was dropped at once";
    // What comes within a second is taken for the mistake: a machine that is held up for that long does not make it.
    let is_told = (0..5).any(|_| {
        let ran = end(&server, "unbound");
        ran.assert_success();
        ran.complained.contains(told)
    });
    assert!(is_told, "nothing was said");
    assert_once(&server.events(), "main", 0..0);
}

#[test]
fn killed_at_any_moment_what_arrived_was_sent_and_arrived_once() {
    let server = Server::builder().max_events(5_000_000).start().unwrap();
    let running = Running::start(program(&server).args(["end", "killed"]));
    server.wait_for_events(1_000, LONG).unwrap();
    running.signal("KILL");
    let ran = running.end();
    assert_eq!(ran.status.signal(), Some(KILL));
    let mut sent = ran
        .said
        .lines()
        .rev()
        .filter_map(|line| line.strip_prefix("sent "));
    let sent: u64 = sent.next().unwrap().parse().unwrap();
    let arrived = numbers(&server.events(), "main");
    assert!(arrived.len() >= 1_000);
    // It was killed at most one report later.
    assert!(arrived.iter().all(|number| *number < sent + 100), "{sent}");
    assert!(arrived.windows(2).all(|pair| pair[0] < pair[1]), "twice");
}

#[test]
fn on_a_single_processor() {
    let works = Command::new("taskset").args(["-c", "0", "true"]).status();
    if !has_tool(
        works.is_ok_and(|status| status.success()),
        "`taskset` (util-linux)",
    ) {
        return;
    }
    let server = Server::start().unwrap();
    let program = env!("CARGO_BIN_EXE_process-child");
    let ran = run(within(&["taskset", "-c", "0"], program, &server).args(["end", "threads"]));
    ran.assert_success()
        .report("main")
        .assert_all_delivered(4_000);
    ran.report("flushed").assert_all_delivered(4_000);
    assert_once(&server.events(), "main", 0..4_000);
}

/// Where Debian's package `faketime` has the library that the program is started with.
fn faketime() -> Option<PathBuf> {
    let places = ["x86_64-linux-gnu", "aarch64-linux-gnu"];
    let places = places.map(|machine| format!("/usr/lib/{machine}/faketime/libfaketime.so.1"));
    places
        .iter()
        .map(PathBuf::from)
        .find(|place| place.exists())
}

/// Runs the program with a wall clock that it sets itself. `None`: there is no library for that.
fn with_a_clock_to_set(program: &mut Command, how: &str) -> Option<Ran> {
    let library = faketime();
    if !has_tool(
        library.is_some(),
        "libfaketime (Debian's package `faketime`)",
    ) {
        return None;
    }
    let file = format!("clock-{how}-{}", std::process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    std::fs::write(&file, "+0").unwrap();
    let ran = run(program
        .args(["end", how])
        .env("LD_PRELOAD", library?)
        .env("FAKETIME_TIMESTAMP_FILE", &file)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
    let _ = std::fs::remove_file(&file);
    Some(ran)
}

/// Neither early nor never, while the clock goes an hour ahead and two back, or the other way round: a pause that the server asked
/// for, the wait before another try, a flush's deadline, the age of events, the interval of sending.
#[test]
fn a_clock_that_steps_by_an_hour_moves_no_timer() {
    const PAUSE: Duration = Duration::from_secs(2);
    for how in ["timers-ahead", "timers-back"] {
        // When each request came, and when the pause began.
        let times = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&times);
        let server = Scripted::new(move |request| {
            seen.lock().unwrap().push(Instant::now());
            match request.number {
                0 => Act::Answer(Answer::new(429, "").header("Retry-After", "2")),
                1 | 2 => Act::status(503, ""),
                _ => Act::accept(request),
            }
        });
        let ran = with_a_clock_to_set(&mut program_for(&server.url()), how);
        let Some(ran) = ran else { return };
        ran.assert_success().assert_says("it kept its time: true");
        ran.report("main").assert_all_delivered(3);
        let times = times.lock().unwrap();
        assert!(times[1] - times[0] >= PAUSE, "{how}: {times:?}");
    }
}

#[test]
fn a_clock_that_steps_by_an_hour_disorders_no_trace() {
    let server = Server::start().unwrap();
    let ran = with_a_clock_to_set(&mut program(&server), "clock");
    let Some(ran) = ran else { return };
    ran.assert_success().report("main").assert_all_delivered(6);
    let mut events = server.events();
    assert_once(&events, "main", 0..5);
    events.sort_by_key(|event| event.u64("number"));
    // First the trace's root, which began first.
    assert_eq!(events[0].name(), Some("day"));
    assert!(
        events
            .windows(2)
            .all(|pair| pair[0].time_ns <= pair[1].time_ns),
        "{events:#?}"
    );
    assert!(
        events
            .iter()
            .all(|event| event.trace_id() == events[0].trace_id())
    );
    let longest = events
        .iter()
        .filter_map(Event::duration_ms)
        .fold(0.0, f64::max);
    assert!(longest < LONG.as_secs_f64() * 1_000.0, "{longest} ms");
}
