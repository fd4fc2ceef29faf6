//! The ways in which a process ends.

use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::report::{report, stats};
use crate::{LONG, NEVER, config, init, job, jobs};

/// Between two sweeps, where they are not to be waited for.
const SOON: Duration = Duration::from_millis(50);
/// For a flush that ends in the midst of a pause.
const FLUSH: Duration = Duration::from_millis(500);

pub(crate) fn run(how: &str) {
    match how {
        "return" => {
            let _guard = init();
            jobs("main", 0..100);
        }
        "unbound" => {
            let _ = init();
            jobs("main", 0..1);
        }
        "exit" => {
            let _guard = honey::init(config().send_frequency(NEVER)).unwrap();
            jobs("main", 0..100);
            std::process::exit(0);
        }
        "exit-after-close" => {
            let guard = init();
            jobs("main", 0..100);
            report("main", &guard.close(LONG));
            std::process::exit(0);
        }
        "panic" => {
            let _guard = honey::init(config().capture_panics(true)).unwrap();
            jobs("main", 0..100);
            fails(7);
        }
        "signal" => {
            let _guard = honey::init(config().send_frequency(NEVER)).unwrap();
            honey::exit_on_signal(LONG).unwrap();
            assert!(honey::exit_on_signal(LONG).is_err(), "once");
            jobs("main", 0..100);
            // One event that arrives: the test may ask now.
            assert!(honey::flush(LONG));
            jobs("main", 100..200);
            loop {
                thread::park();
            }
        }
        "no-unwind" => {
            let _guard = honey::init(config().send_frequency(NEVER).capture_panics(true)).unwrap();
            jobs("main", 0..100);
            around();
        }
        "killed" => until_killed(),
        "threads" => threads(),
        "clock" => clock(),
        "timers-ahead" => timers("+3600", "-3600"),
        "timers-back" => timers("-3600", "+3600"),
        other => unreachable!("{other}"),
    }
}

#[honey::event(fields(order))]
fn fails(order: u64) {
    panic!("no order {order}")
}

#[honey::event]
fn around() {
    cannot_unwind();
}

/// A callback that C would call.
extern "C" fn cannot_unwind() {
    fails(7);
}

/// Says how many events there were, after each hundred.
fn until_killed() {
    let _guard = init();
    for number in 0.. {
        job("main", number);
        if number % 100 == 99 {
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "sent {}", number + 1);
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// More threads than processors, with flushes between.
fn threads() {
    let guard = init();
    let threads: Vec<_> = (0..4)
        .map(|place| thread::spawn(move || jobs("main", place * 1_000..(place + 1) * 1_000)))
        .collect();
    assert!(honey::flush(LONG));
    for thread in threads {
        thread.join().unwrap();
    }
    assert!(honey::flush(LONG));
    stats("flushed", &honey::stats());
    report("main", &guard.close(LONG));
}

/// The wall clock is set an hour ahead, then two hours back, while a trace is open.
fn clock() {
    let guard = init();
    day();
    assert!(honey::flush(LONG));
    report("main", &guard.close(LONG));
}

#[honey::event]
fn day() {
    job("main", 0);
    set_clock("+3600");
    job("main", 1);
    let here = honey::current();
    thread::spawn(move || honey::scope(here, || job("main", 2)))
        .join()
        .unwrap();
    // Until the sweep has read the clock again.
    assert!(honey::flush(LONG));
    job("main", 3);
    set_clock("-3600");
    job("main", 4);
}

/// The wall clock is set while a pause that the server asked for, the wait before another try, the deadline of a flush, the age of
/// events and the interval of sending are under way.
fn timers(first: &str, second: &str) {
    let guard = honey::init(config().send_frequency(SOON)).unwrap();
    job("main", 0);
    until("a pause", is_held_up);
    let flushing = thread::spawn(|| (Instant::now(), honey::flush(FLUSH), Instant::now()));
    set_clock(first);
    job("main", 1);
    let (began, is_flushed, ended) = flushing.join().unwrap();
    let took = ended - began;
    println!("a flush of {FLUSH:?}: {is_flushed}, took {took:?}");
    println!("it kept its time: {}", is_flushed || took >= FLUSH);
    until("another try", || honey::stats().retries > 0);
    set_clock(second);
    job("main", 2);
    // Nobody flushes: they go by themselves.
    until("the events", || honey::stats().delivered() == 3);
    report("main", &guard.close(LONG));
}

fn is_held_up() -> bool {
    let waiting = honey::stats().waiting;
    waiting.iter().any(|waiting| waiting.next_try.is_some())
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < LONG, "{what}: {}", honey::stats());
        thread::yield_now();
    }
}

/// `libfaketime` reads the difference from this file whenever somebody asks for the time.
fn set_clock(seconds: &str) {
    let file = std::env::var("FAKETIME_TIMESTAMP_FILE").unwrap();
    let before = std::time::SystemTime::now();
    // At once, whoever looks: a file that is being written is empty first.
    let next = format!("{file}.next");
    std::fs::write(&next, seconds).unwrap();
    std::fs::rename(next, file).unwrap();
    let after = std::time::SystemTime::now();
    let step = after
        .duration_since(before)
        .unwrap_or_else(|back| back.duration());
    assert!(
        step > Duration::from_mins(50),
        "the clock did not step: {step:?}"
    );
}
