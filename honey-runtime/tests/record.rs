//! The record side, seen through `testing::capture`.
#![cfg(feature = "testing")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fmt;
use std::thread;

use honey::FutureExt as _;
use honey::testing::capture;
use serde_json::json;

#[test]
fn children_link_to_their_parent_in_one_trace() {
    let captured = capture(|| {
        let outer = honey::start_child("outer");
        honey::current().add_field("where", "outer");
        honey::in_child_event("inner", || {
            honey::current().add_field("where", "inner");
            honey::root().add_field("seen.from", "below");
        });
        drop(outer);
    });
    let (outer, inner) = (captured.event("outer"), captured.event("inner"));
    assert_eq!(inner.field("trace.parent_id"), outer.field("trace.span_id"));
    assert_eq!(inner.field("trace.trace_id"), outer.field("trace.trace_id"));
    assert_eq!(outer.field("trace.parent_id"), None);
    assert_eq!(outer.field("where"), Some(&json!("outer")));
    assert_eq!(inner.field("where"), Some(&json!("inner")));
    assert_eq!(outer.field("seen.from"), Some(&json!("below")));
    assert!(captured.stats().is_balanced(), "{}", captured.stats());
}

#[test]
fn another_thread_writes_to_an_open_event_and_adopts_it() {
    let captured = capture(|| {
        let scope = honey::start_child("request");
        let handle = honey::current();
        thread::spawn(move || {
            handle.add_field("from.thread", 7);
            handle.incr("hits", 2);
            honey::scope(handle, || {
                honey::current().incr("hits", 3);
                honey::in_child_event("work", || ());
            });
        })
        .join()
        .unwrap();
        drop(scope);
        handle.add_field("too.late", true);
    });
    let request = captured.event("request");
    assert_eq!(request.field("from.thread"), Some(&json!(7)));
    assert_eq!(request.field("hits"), Some(&json!(5)));
    assert_eq!(request.field("too.late"), None);
    assert_eq!(
        captured.event("work").field("trace.parent_id"),
        request.field("trace.span_id")
    );
    assert_eq!(captured.stats().late_fields, 1);
}

#[test]
fn scopes_are_snapshots_and_the_later_value_wins() {
    let captured = capture(|| {
        honey::global().add_field("a", "global");
        honey::global().add_field("b", "global");
        honey::global().add_dynamic_field("dynamic", || 1);
        let mut builder = honey::Builder::new();
        honey::global().add_field("late", "after the builder was made");
        builder.add_field("b", "builder").add_field("c", "builder");
        let mut event = builder.new_event();
        builder.add_field("late", "after the event was made");
        event.add_field("c", "event");
        event.add_field("c", "event, later");
        event.add_field("none", None::<u8>);
        event.send();
    });
    let data = serde_json::Value::Object(captured.events()[0].data().clone());
    assert_eq!(
        data,
        json!({"a": "global", "b": "builder", "c": "event, later", "dynamic": 1})
    );
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::panic::panic_any("on purpose")
    }
}

struct Meddles;

impl fmt::Display for Meddles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        honey::current().add_field("meddled", true);
        honey::in_child_event("hidden", || ());
        honey::Event::new().send();
        f.write_str("fine")
    }
}

#[test]
fn user_code_that_honey_runs_is_isolated() {
    let captured = capture(|| {
        honey::in_child_event("work", || {
            honey::current().add_field("panics", honey::display(&Panics));
            honey::current().add_field("meddles", honey::display(&Meddles));
            honey::current().add_field("nan", f64::NAN);
        });
    });
    assert_eq!(captured.events().len(), 1);
    let work = captured.event("work");
    assert_eq!(
        work.field("panics"),
        Some(&json!("[panicked while being recorded]"))
    );
    assert_eq!(work.field("meddles"), Some(&json!("fine")));
    assert_eq!(work.field("meddled"), None);
    assert_eq!(work.field("nan"), None);
    let stats = captured.stats();
    assert_eq!(
        (stats.user_panics, stats.reentrant, stats.bad_values),
        (1, 1, 1)
    );
}

#[test]
fn guards_dropped_in_any_order_end_their_own_events() {
    let captured = capture(|| {
        let first = honey::start_child("first");
        let second = honey::start_child("second");
        drop(first);
        honey::current().add_field("still", "second");
        drop(second);
    });
    assert_eq!(
        captured.event("second").field("still"),
        Some(&json!("second"))
    );
    assert_eq!(captured.event("first").field("still"), None);
}

#[test]
fn unsent_discarded_and_empty_events_are_counted_not_sent() {
    let captured = capture(|| {
        let mut unsent = honey::Event::new();
        unsent.add_field("a", 1);
        drop(unsent);
        drop(honey::Event::new());
        honey::Event::new().send();
        let scope = honey::start_child("discarded");
        honey::current().discard();
        drop(scope);
    });
    let stats = captured.stats();
    assert_eq!(captured.events().len(), 0);
    assert_eq!(stats.discarded.by(honey::DiscardReason::Unsent), 2);
    assert_eq!(stats.discarded.by(honey::DiscardReason::Requested), 1);
    assert_eq!(stats.dropped.by(honey::DropReason::NoFields), 1);
    assert!(stats.is_balanced() && stats.created == 4, "{stats}");
}

#[test]
fn without_a_client_everything_is_a_no_op() {
    let event = honey::current();
    event.add_field("a", 1);
    assert!(!event.is_recording());
    assert_eq!(event.trace_id(), None);
    // Other tests' clients may be live, but none is current here.
    let mut event = honey::Event::new();
    event.add_field("a", 1);
    event.send();
    drop(async { honey::current().add_field("a", 1) }.in_current_event());
}

#[test]
fn an_event_written_to_without_end_keeps_the_newest_values() {
    let captured = capture(|| {
        let scope = honey::start_child("job");
        for step in 0..50_000 {
            honey::current().add_field("progress", step);
            honey::current().add_field("text", format!("step {step} {}", "x".repeat(100)));
        }
        honey::current().add_field("result", "done");
        drop(scope);
        let mut event = honey::Event::new();
        event.set_dataset("kept");
        for step in 0..20_000 {
            event.add_field("step", step);
        }
        event.send();
    });
    let job = captured.event("job");
    assert_eq!(job.field("progress"), Some(&json!(49_999)));
    assert_eq!(job.field("result"), Some(&json!("done")));
    assert!(
        job.field("text")
            .unwrap()
            .as_str()
            .unwrap()
            .starts_with("step 49999 ")
    );
    assert_eq!(captured.events()[1].field("step"), Some(&json!(19_999)));
    assert_eq!(captured.events()[1].dataset(), "kept");
    assert_eq!(captured.stats().refused_fields, 0);
}

/// What went wrong with an event is told of one that sampling leaves out, too.
#[test]
fn the_trouble_of_an_event_that_is_left_out_is_counted() {
    struct Panics;
    impl std::fmt::Display for Panics {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("on purpose")
        }
    }
    let captured = capture(|| {
        let mut event = honey::Event::new();
        event.set_sample_rate(u32::MAX);
        event.add_field("bad", honey::display(&Panics));
        event.send();
    });
    let stats = captured.stats();
    assert_eq!((stats.sampled_out, stats.user_panics), (1, 1), "{stats}");
}

#[test]
fn too_many_different_fields_are_refused_and_counted() {
    let captured = capture(|| {
        let mut event = honey::Event::new();
        for number in 0..10_000 {
            event.add_field(format!("field {number}"), number);
        }
        event.send();
    });
    assert_eq!(captured.events().len(), 1);
    assert_eq!(captured.stats().refused_fields, 10_000 - 8_192);
}

#[test]
fn a_kept_root_is_written_to_from_a_child_that_is_not() {
    let captured = capture(|| {
        let scope = honey::start_child("root");
        let child = honey::__private::start_with(
            &SAMPLED_CHILD,
            honey::__private::StartOptions {
                sample: Some(u32::MAX),
                ..Default::default()
            },
        );
        let child = child.enter();
        assert!(!honey::current().is_recording() && honey::root().is_recording());
        honey::root().add_field("customer.tier", "gold");
        drop(child);
        drop(scope);
    });
    assert_eq!(
        captured.event("root").field("customer.tier"),
        Some(&json!("gold"))
    );
    assert_eq!(captured.stats().sampled_out, 1);
}

static SAMPLED_CHILD: honey::__private::Callsite =
    honey::__private::Callsite::new("child", module_path!(), file!(), line!());

#[test]
fn an_error_outlasts_a_cancellation_and_a_panic_outlasts_an_error() {
    let captured = capture(|| {
        let _ = std::panic::catch_unwind(|| {
            let scope = honey::start_child("panicked");
            scope.handle().set_error("boom");
            panic!("on purpose");
        });
        let started = honey::__private::start(&SAMPLED_CHILD).enter();
        started.handle().set_error("boom");
        drop(started.leave());
    });
    let panicked = captured.event("panicked");
    assert_eq!(panicked.field("outcome"), Some(&json!("panic")));
    assert_eq!(panicked.field("error.type"), Some(&json!("panic")));
    assert_eq!(panicked.field("error.message"), None);
    let cancelled = captured.event("child");
    assert_eq!(cancelled.field("outcome"), Some(&json!("error")));
    assert_eq!(cancelled.field("error.message"), Some(&json!("boom")));
}

#[test]
fn ids_do_not_follow_a_seed_of_the_application() {
    let captured = capture(|| {
        for _ in 0..2 {
            fastrand::seed(7);
            honey::in_child_event("seeded", || ());
        }
    });
    let ids: Vec<_> = captured
        .events()
        .iter()
        .map(|event| event.field("trace.trace_id"))
        .collect();
    assert_ne!(ids[0], ids[1]);
}

/// Nothing of an event that its trace's decision left out is recorded, and what once used its buffer does not reach it.
#[test]
fn an_event_that_is_left_out_from_the_beginning_takes_nothing_and_counts_once() {
    let captured = capture(|| {
        let before = honey::start_child("before");
        let stale = before.handle();
        drop(before);
        let outer = honey::start_child("outer");
        outer.handle().sample(u32::MAX);
        let trace = honey::current().trace_id();
        honey::in_child_event("inner", || {
            let inner = honey::current();
            assert!(!inner.is_recording());
            assert_eq!(inner.trace_id(), trace);
            assert_ne!(inner.span_id(), outer.handle().span_id());
            inner.add_field("lost", true);
            stale.add_field("late", true);
            thread::spawn(move || {
                inner.add_field("lost", true);
                honey::scope(inner, || honey::in_child_event("below", || ()));
            })
            .join()
            .unwrap();
            honey::in_child_event("innermost", || {
                assert_eq!(honey::current().trace_id(), trace);
            });
        });
        drop(outer);
        honey::in_child_event("after", || honey::current().add_field("kept", 1));
    });
    let stats = captured.stats();
    assert_eq!(stats.created, 6, "{stats}");
    assert_eq!(
        (stats.sampled_out, stats.late_fields, stats.open),
        (4, 1, 0)
    );
    assert_eq!(captured.event("after").field("kept"), Some(&json!(1)));
    assert_eq!(captured.event("before").field("late"), None);
    assert!(stats.is_balanced(), "{stats}");
}

/// The quick way of adding a field gives up where there is no room; what it leaves is not lost.
#[test]
fn many_fields_and_much_text_take_the_slow_way_and_arrive() {
    const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let captured = capture(|| {
        honey::in_child_event("big", || {
            for round in 0..5_000_u64 {
                for key in KEYS {
                    honey::current().add_field(key, round);
                    honey::current()
                        .add_field(key, "some text that fills the arena ".repeat(8).as_str());
                }
                honey::current().add_field("round", round);
                honey::current().add_field("nan", f64::NAN);
            }
            honey::current().add_field("last", "text");
        });
    });
    let big = captured.event("big");
    assert_eq!(big.field("round"), Some(&json!(4_999)));
    assert_eq!(big.field("last"), Some(&json!("text")));
    assert_eq!(big.field("nan"), None);
    assert_eq!(captured.stats().bad_values, 5_000);
}
