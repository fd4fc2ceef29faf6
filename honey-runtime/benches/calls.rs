//! What a call costs the thread that makes it, in time, each case beside what its work costs at the least when written by hand.
//!
//! Run with `cargo bench --bench calls`. Machines differ and drift; read the ratios.
mod cases;
mod floor;

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};

use cases::{LONG, SHORT};
use floor::Floor;

/// How long a thread does something else between two calls, as one that serves requests.
const IDLE: Duration = Duration::from_micros(50);

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    disabled(&mut criterion);
    let guard = cases::discard_events();
    floors(&mut criterion);
    timed(&mut criterion);
    unsampled(&mut criterion);
    others(&mut criterion);
    after_idling(&mut criterion);
    two_threads(&mut criterion);
    // Last: the fields stay.
    cases::add_dynamic_fields();
    bench(
        &mut criterion.benchmark_group("dynamic"),
        "two_dynamic_fields",
        |n| {
            cases::five_fields(n, SHORT);
        },
    );
    criterion.final_summary();
    let report = guard.close(Duration::from_secs(10));
    assert!(report.stats.is_balanced(), "{}", report.stats);
    assert_eq!(report.stats.dropped.total(), 0, "{}", report.stats);
}

fn bench<T>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut work: impl FnMut(u64) -> T) {
    let mut n = 0;
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            n += 1;
            work(black_box(n))
        });
    });
}

/// Before any client is live.
fn disabled(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("disabled");
    bench(&mut group, "bare_function", |n| cases::bare(n, SHORT));
    bench(&mut group, "no_fields", |n| cases::no_fields(n, SHORT));
    bench(&mut group, "five_fields", |n| cases::five_fields(n, SHORT));
    bench(&mut group, "manual", |n| cases::manual(n, SHORT));
}

fn floors(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("floor");
    let mut floor = Floor::default();
    bench(&mut group, "two_clock_reads", |_| {
        (Instant::now(), Instant::now())
    });
    bench(&mut group, "no_fields", |n| floor.no_fields(n, SHORT));
    bench(&mut group, "five_fields", |n| floor.five_fields(n, SHORT));
    bench(&mut group, "manual", |n| floor.manual(n, SHORT));
    bench(&mut group, "twenty_fields", |n| floor.twenty_fields(n));
    bench(&mut group, "short_strings", |_| {
        floor.five_strings([SHORT; 5])
    });
    bench(&mut group, "long_strings", |_| {
        floor.five_strings([LONG; 5])
    });
    bench(&mut group, "nested_3_deep", |n| floor.nested(n, SHORT));
    bench(&mut group, "rollup", |n| floor.rollup(n, SHORT));
    bench(&mut group, "two_dynamic_fields", |n| {
        floor.two_more_fields(n, SHORT, || 4, || 0.5)
    });
    // The same work however often the future is polled.
    bench(&mut group, "async", |n| floor.five_fields(n, SHORT));
    // Nothing is to be recorded.
    bench(&mut group, "unsampled", |n| cases::bare(n, SHORT));
}

fn timed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("event");
    bench(&mut group, "no_fields", |n| cases::no_fields(n, SHORT));
    bench(&mut group, "five_fields", |n| cases::five_fields(n, SHORT));
    bench(&mut group, "twenty_fields", |n| {
        cases::twenty_fields(n, SHORT)
    });
    bench(&mut group, "short_strings", |_| cases::five_short_strings());
    bench(&mut group, "long_strings", |_| cases::five_long_strings());
    bench(&mut group, "nested_3_deep", |n| cases::nested(n, SHORT));
    for polls in [1, 3] {
        bench(&mut group, &format!("async_{polls}_polls"), |n| {
            cases::polled(n, SHORT, polls)
        });
    }
    let _outer = honey::start_child("outer");
    bench(&mut group, "five_fields_child", |n| {
        cases::five_fields(n, SHORT)
    });
}

fn unsampled(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("unsampled");
    bench(&mut group, "manual", |n| cases::manual_unsampled(n, SHORT));
    let outer = honey::start_child("outer");
    outer.handle().sample(u32::MAX);
    bench(&mut group, "child", |n| cases::five_fields(n, SHORT));
}

fn others(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("other");
    bench(&mut group, "manual", |n| cases::manual(n, SHORT));
    let _outer = honey::start_child("outer");
    bench(&mut group, "rollup", |n| cases::rolled_up(n, SHORT));
}

fn after_idling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("after_idling");
    let mut floor = Floor::default();
    idle_then(&mut group, "two_clock_reads", |_| {
        (Instant::now(), Instant::now())
    });
    idle_then(&mut group, "floor_five_fields", |n| {
        floor.five_fields(n, SHORT)
    });
    idle_then(&mut group, "five_fields", |n| cases::five_fields(n, SHORT));
}

/// One call after the thread was busy elsewhere. The time includes one reading of the clock.
fn idle_then<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    mut work: impl FnMut(u64) -> T,
) {
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|rounds| {
            let mut total = Duration::ZERO;
            for n in 0..rounds {
                let idle_since = Instant::now();
                while idle_since.elapsed() < IDLE {
                    std::hint::spin_loop();
                }
                let started = Instant::now();
                black_box(work(black_box(n)));
                total += started.elapsed();
            }
            total
        });
    });
}

/// The same call on one and on two threads at once: the time is that of one thread's calls.
fn two_threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("threads");
    for threads in [1, 2] {
        group.bench_function(format!("five_fields_on_{threads}"), |bencher| {
            bencher.iter_custom(|rounds| on_threads(threads, rounds));
        });
    }
}

/// The mean of the threads' times for `rounds` calls each.
fn on_threads(threads: u32, rounds: u64) -> Duration {
    let together = Barrier::new(threads as usize);
    let total: Duration = std::thread::scope(|scope| {
        let spawn = |_| {
            scope.spawn(|| {
                cases::five_fields(0, SHORT);
                together.wait();
                let started = Instant::now();
                for n in 0..rounds {
                    cases::five_fields(black_box(n), SHORT);
                }
                started.elapsed()
            })
        };
        let running: Vec<_> = (0..threads).map(spawn).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_default())
            .sum()
    });
    total / threads
}
