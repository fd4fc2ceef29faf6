//! What is held is bounded, by count, bytes and age, and counted.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use honey::sampling::{DynamicRate, Rate, TailRules, When};
use honey::{Client, Config, DropReason};

use crate::{KEY, LONG, Rig, names};

/// As many traces of a child whose root is discarded, so that it never comes.
fn open(rig: &Rig, traces: usize) {
    for _ in 0..traces {
        rig.run(|| {
            let root = honey::start_child("root");
            root.handle().discard();
            honey::in_child_event("child", || {
                honey::current().add_field("text", "x".repeat(200));
            });
        });
    }
}

#[test]
fn over_the_bounds_the_oldest_traces_are_decided_early() {
    let rules = || TailRules::new().rule(When::named("child"), Rate::all());
    for rules in [rules().max_held_events(10), rules().max_held_bytes(10_000)] {
        let rig = Rig::with_tail(rules);
        open(&rig, 50);
        let sent = rig.flushed().len();
        let stats = rig.balanced();
        assert!(stats.held <= 25 && stats.held > 0, "{stats}");
        assert_eq!(sent as u64 + stats.held, 50);
        assert_eq!(stats.decided_early, sent as u64);
        let (events, stats) = rig.close();
        assert_eq!(sent + events.len(), 50);
        assert_eq!(stats.decided_early, 50);
    }
}

#[test]
fn a_trace_that_is_too_long_or_too_old_is_decided_early() {
    let rig = Rig::with_tail(TailRules::new().max_trace_events(5).otherwise(Rate::none()));
    let root = rig.run(|| honey::start_child("root"));
    for _ in 0..20 {
        rig.run(|| honey::in_child_event("child", || ()));
    }
    rig.flushed();
    let stats = rig.balanced();
    assert_eq!(
        (stats.decided_early, stats.sampled_out, stats.held),
        (1, 20, 0)
    );
    drop(root);
    rig.close();

    let rig = Rig::with_tail(
        TailRules::new()
            .hold_for(Duration::from_millis(1))
            .keep_slower_than(Duration::ZERO),
    );
    open(&rig, 3);
    let started = Instant::now();
    while rig.balanced().accepted < 3 {
        assert!(started.elapsed() < LONG, "{}", rig.balanced());
        let _ = rig.client.flush(LONG);
    }
    let (events, _) = rig.close();
    assert_eq!(names(&events), [("child", 3)].into());
}

#[test]
fn traces_that_never_end_do_not_fill_the_queue() {
    let rig = Rig::new(|config| {
        let rules = TailRules::new().otherwise(Rate::none());
        config.max_pending_bytes(1_000_000).tail(rules)
    });
    for _ in 0..20 {
        open(&rig, 100);
        rig.flushed();
    }
    let stats = rig.balanced();
    assert_eq!(stats.dropped.total(), 0, "{stats}");
    assert!(stats.held > 100 && stats.held < 2_000, "{stats}");
    rig.close();
}

#[test]
fn closing_waits_for_no_function_that_hangs() {
    for hangs_in_a_rule in [true, false] {
        let (release, hold) = mpsc::channel::<()>();
        let hold = std::sync::Mutex::new(hold);
        let hang = move || {
            let _ = hold.lock().unwrap().recv();
        };
        let rig = Rig::new(|config| {
            if hangs_in_a_rule {
                config.tail(TailRules::new().otherwise(Rate::by(move |_| {
                    hang();
                    Some(1)
                })))
            } else {
                config.before_send(move |_| hang())
            }
        });
        for _ in 0..10 {
            rig.trace(|_| ());
        }
        let started = Instant::now();
        let report = rig.client.close(Duration::from_millis(100));
        assert!(started.elapsed() < LONG && !report.in_time);
        let stats = rig.balanced();
        assert_eq!((stats.pending, stats.held), (0, 0));
        assert_eq!(stats.dropped.by(DropReason::CloseDeadline), 20, "{stats}");
        drop(release);
        drop(rig);
    }
}

#[test]
fn settings_that_cannot_work_say_what_to_write_instead() {
    let config = |rules: TailRules| Config::new(KEY).dataset("d").api_host("").tail(rules);
    let rules = TailRules::new;
    for (rules, advice) in [
        (rules().max_held_events(0), "leave it out"),
        (rules().max_held_bytes(usize::MAX), "`max_pending_bytes`"),
        (rules().hold_for(Duration::ZERO), "30 s"),
        (rules().max_trace_events(0), "10,000"),
        (
            rules().otherwise(DynamicRate::ema_sample_rate(10).by(Vec::<String>::new())),
            ".by([\"http.route\"])",
        ),
        (
            rules().rule(
                When::error(),
                DynamicRate::ema_sample_rate(10).weight(2.0).by(["name"]),
            ),
            "0.5 is usual",
        ),
    ] {
        let said = Client::new(config(rules))
            .err()
            .map(|error| error.to_string());
        assert!(
            said.as_ref().is_some_and(|said| said.contains(advice)),
            "{said:?}"
        );
    }
}
