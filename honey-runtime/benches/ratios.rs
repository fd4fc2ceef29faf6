//! What a call costs as a multiple of what its work costs at the least: bursts of calls in turns with bursts of the floor, in one process,
//! everything sent in between. For the targets in `docs/performance.md`.
//!
//! Run with `cargo bench -p honey-benches --bench ratios`, with `--features fast-clock` for that one. Read the ratios, and run it more than
//! once: a machine that does other work too shows in both, but not always in both alike.
#![expect(clippy::print_stdout, reason = "a program whose output is its purpose")]

#[expect(dead_code, reason = "the other benchmarks have more of them")]
mod cases;
#[expect(dead_code, reason = "the other benchmarks have more of them")]
mod floor;

use std::hint::black_box;
use std::sync::Barrier;
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use cases::SHORT;
use floor::Floor;

/// Calls in a burst: as many as a thread may make while the ship thread does something else.
const BURST: u64 = 100;
const ROUNDS: usize = 2_000;
const LONG_BURST: u64 = 1_000;
const ROUNDS_OF_LONG: usize = 500;
const IDLE: Duration = Duration::from_micros(50);
const ROUNDS_OF_IDLE: usize = 3_000;
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    println!(
        "{:44} {:>9} {:>9} {:>9} {:>7}",
        "", "base", "call", "over it", "times"
    );
    compare(
        "nothing set up, over the bare function",
        BURST,
        ROUNDS,
        bare(),
        five(),
    );
    let guard = cases::discard_events();
    compare(
        "five fields, over the floor",
        BURST,
        ROUNDS,
        floor(),
        five(),
    );
    compare(
        "the same in long bursts",
        LONG_BURST,
        ROUNDS_OF_LONG,
        floor(),
        five(),
    );
    compare(
        "an async fn polled three times, over sync",
        BURST,
        ROUNDS,
        five(),
        polled(),
    );
    compare(
        "by hand, over its floor",
        BURST,
        ROUNDS,
        floor_by_hand(),
        by_hand(),
    );
    compare(
        "by hand, not sampled, over the bare function",
        BURST,
        ROUNDS,
        bare(),
        unsampled(),
    );
    {
        let outer = honey::start_child("outer");
        compare("a child, over the floor", BURST, ROUNDS, floor(), five());
        compare(
            "rolled up, over its floor",
            BURST,
            ROUNDS,
            floor_of_rollup(),
            rolled_up(),
        );
        outer.handle().sample(u32::MAX);
        compare(
            "a child, not sampled, three fields",
            BURST,
            ROUNDS,
            bare(),
            five(),
        );
        compare(
            "the same without fields",
            BURST,
            ROUNDS,
            bare(),
            no_fields(),
        );
    }
    after_idling();
    two_threads("two threads' floors, over one's", || Box::new(floor()));
    two_threads("calls on two threads, over one's", || Box::new(five()));
    let report = guard.close(PATIENCE);
    assert!(report.stats.is_balanced(), "{}", report.stats);
    assert_eq!(report.stats.dropped.total(), 0, "{}", report.stats);
}

fn bare() -> impl FnMut(u64) {
    |n| _ = cases::bare(n, SHORT)
}

fn floor() -> impl FnMut(u64) {
    let mut floor = Floor::default();
    move |n| _ = floor.five_fields(n, SHORT)
}

fn floor_by_hand() -> impl FnMut(u64) {
    let mut floor = Floor::default();
    move |n| floor.manual(n, SHORT)
}

fn floor_of_rollup() -> impl FnMut(u64) {
    let mut floor = Floor::default();
    move |n| _ = floor.rollup(n, SHORT)
}

fn five() -> impl FnMut(u64) {
    |n| _ = cases::five_fields(n, SHORT)
}

fn no_fields() -> impl FnMut(u64) {
    |n| _ = cases::no_fields(n, SHORT)
}

fn polled() -> impl FnMut(u64) {
    |n| _ = cases::polled(n, SHORT, 3)
}

fn by_hand() -> impl FnMut(u64) {
    |n| cases::manual(n, SHORT)
}

fn unsampled() -> impl FnMut(u64) {
    |n| cases::manual_unsampled(n, SHORT)
}

fn rolled_up() -> impl FnMut(u64) {
    |n| _ = cases::rolled_up(n, SHORT)
}

/// The nanoseconds of one call in a burst.
fn burst(calls: u64, work: &mut impl FnMut(u64)) -> f64 {
    let started = Instant::now();
    for n in 0..calls {
        work(black_box(n));
    }
    each(started.elapsed(), calls)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn each(took: Duration, calls: u64) -> f64 {
    took.as_nanos() as f64 / calls as f64
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn show(name: &str, base: f64, call: f64) {
    println!(
        "{name:44} {base:9.1} {call:9.1} {:9.1} {:7.2}",
        call - base,
        call / base
    );
}

fn compare(
    name: &str,
    calls: u64,
    rounds: usize,
    mut base: impl FnMut(u64),
    mut call: impl FnMut(u64),
) {
    let (mut bases, mut times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        bases.push(burst(calls, &mut base));
        times.push(burst(calls, &mut call));
        assert!(honey::flush(PATIENCE));
    }
    show(name, median(&mut bases), median(&mut times));
}

/// One call after the thread was busy elsewhere, beside the floor's after the same. The reading of the clock around it is taken off.
fn after_idling() {
    let once = |work: &mut dyn FnMut(u64)| {
        let mut times = Vec::new();
        for n in 0..ROUNDS_OF_IDLE {
            let since = Instant::now();
            while since.elapsed() < IDLE {
                std::hint::spin_loop();
            }
            let started = Instant::now();
            work(black_box(n as u64));
            times.push(each(started.elapsed(), 1));
        }
        median(&mut times)
    };
    let nothing = once(&mut |n| _ = black_box(n));
    let (base, call) = (once(&mut floor()), once(&mut five()));
    show(
        "after 50 us of something else",
        base - nothing,
        call - nothing,
    );
}

/// The time of one thread's calls while it is alone, and while another does the same. Few at a time, and everything sent before the
/// next: with the ship thread they would be three on two processors.
fn two_threads(name: &str, work: impl Fn() -> Box<dyn FnMut(u64)> + Sync) {
    let on = |threads: u32| {
        let together = Barrier::new(threads as usize);
        let run = || {
            let mut work = work();
            burst(BURST, &mut work);
            together.wait();
            burst(BURST * 4, &mut work)
        };
        let total: f64 = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            let times = running.into_iter().map(ScopedJoinHandle::join);
            times.map(Result::unwrap_or_default).sum()
        });
        assert!(honey::flush(PATIENCE));
        total / f64::from(threads)
    };
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS_OF_LONG {
        one.push(on(1));
        two.push(on(2));
    }
    show(name, median(&mut one), median(&mut two));
}
