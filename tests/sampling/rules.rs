//! Which traces are kept, whole, and at which rates.

use std::collections::BTreeSet;
use std::time::Duration;

use honey::sampling::{DynamicRate, Rate, TailRules, When};
use honey::{Event, FieldValue};

use crate::{Rig, names};

/// Keeps what a condition holds for, and nothing else.
fn only(when: When) -> TailRules {
    TailRules::new()
        .rule(when, Rate::all())
        .otherwise(Rate::none())
}

#[test]
fn an_error_anywhere_keeps_its_whole_trace() {
    let rig = Rig::with_tail(TailRules::new().keep_errors().otherwise(Rate::none()));
    rig.trace(|root| root.add_field("n", 1));
    rig.trace(|root| root.set_error("no such cart"));
    rig.run(|| {
        let _root = honey::start_child("root");
        honey::in_child_event("child", || honey::current().set_error("deep below"));
    });
    rig.run(|| {
        let _root = honey::start_child("root");
        honey::current().add_field("error", true);
    });
    let (events, stats) = rig.close();
    assert_eq!(names(&events), [("child", 2), ("root", 2)].into());
    assert!(events.iter().all(|event| event.sample_rate() == 1));
    // A timed event's own `error` is honey's to set: the user's goes out as `app.error`, and is no error.
    assert_eq!((stats.created, stats.sampled_out), (7, 3));
}

#[test]
fn conditions_see_what_is_sent() {
    let is_kept = |when: When| {
        let rig = Rig::with_tail(only(when));
        rig.client.scope().add_field("region", "eu");
        rig.trace(|root| {
            root.add_field("http.response.status_code", 503_u16);
            root.add_field("http.route", "/cart/{id}");
            root.add_field("total", 9.5);
            root.add_field("total", 10.5);
            root.add_field("is_new", true);
            honey::in_child_event("below", || honey::current().add_field("db.rows", -3));
        });
        let (events, _) = rig.close();
        assert!(matches!(events.len(), 0 | 3));
        !events.is_empty()
    };
    let field = When::field;
    for (when, expected) in [
        (field("http.response.status_code").is(503), true),
        (field("http.response.status_code").is(503.0), true),
        (field("http.response.status_code").is("503"), false),
        (field("http.response.status_code").at_least(500), true),
        (field("http.response.status_code").at_least(504_u64), false),
        (field("http.response.status_code").at_most(502), false),
        (field("http.route").starts_with("/cart"), true),
        (field("http.route").contains("{id}"), true),
        (field("http.route").contains("order"), false),
        (field("total").is(10.5), true),
        (field("total").is(9.5), false),
        (field("is_new").is(true), true),
        (field("region").is("eu"), true),
        (field("nothing").exists(), false),
        (!field("nothing").exists(), true),
        (field("db.rows").is(-3), true),
        (When::root_field("db.rows").exists(), false),
        (When::root_field("is_new").exists(), true),
        (When::named("below"), true),
        (When::named("elsewhere"), false),
        (field("duration_ms").at_least(0), true),
        (field("outcome").is("ok"), true),
        (When::error(), false),
        (When::slower_than(Duration::ZERO), true),
        (When::slower_than(Duration::from_hours(1)), false),
        (field("region").is("eu").and(When::error()), false),
        (field("region").is("us").or(When::named("child")), true),
        (When::test(|trace| trace.len() == 3), true),
        (
            When::test(|trace| {
                trace.root().and_then(|root| root.get("total")) == Some(FieldValue::F64(10.5))
            }),
            true,
        ),
        (
            When::test(|_| std::panic::panic_any("a user's mistake")),
            false,
        ),
    ] {
        let text = format!("{when:?}");
        assert_eq!(is_kept(when), expected, "{text}");
    }
}

#[test]
fn the_first_rule_that_holds_decides_and_rates_multiply() {
    let rules = TailRules::new()
        .rule(When::root_field("tier").is("gold"), 2)
        .rule(When::root_field("tier").exists(), 3)
        .otherwise(5);
    let rig = Rig::new(|config| config.sample_rate(4).tail(rules));
    for _ in 0..2_000 {
        for tier in [Some("gold"), Some("tin"), None] {
            rig.trace(|root| root.add_field("tier", tier));
        }
    }
    let (events, stats) = rig.close();
    let rates: BTreeSet<(Option<&str>, u64)> = events
        .iter()
        .filter(|event| event.name() == Some("root"))
        .map(|event| {
            let tier = event.field("tier").and_then(|tier| tier.as_str());
            (tier, event.sample_rate())
        })
        .collect();
    let expected = [(None, 20), (Some("gold"), 8), (Some("tin"), 12)];
    assert_eq!(rates, expected.into());
    assert_eq!(stats.accepted + stats.sampled_out, 12_000);
}

#[test]
fn threads_span_events_and_links_belong_to_their_trace() {
    for (rate, expected) in [(Rate::all(), 4), (Rate::none(), 0)] {
        let rig = Rig::with_tail(TailRules::new().otherwise(rate));
        rig.run(|| {
            let root = honey::start_child("root");
            let handle = root.handle();
            std::thread::scope(|threads| {
                threads.spawn(|| {
                    honey::scope(handle, || honey::in_child_event("elsewhere", || ()));
                });
            });
            handle.add_span_event("retried", &[("n", 1)]);
            handle.add_link_to("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        });
        let (events, stats) = rig.close();
        assert_eq!((events.len(), stats.created), (expected, 4));
    }
}

#[test]
fn an_event_by_hand_is_in_no_trace_and_goes_out_as_ever() {
    let rig = Rig::with_tail(TailRules::new().otherwise(Rate::none()));
    rig.run(|| {
        let mut event = Event::new();
        event.add_field("n", 1);
        event.set_sample_rate(7);
        event.send_presampled();
    });
    let events = rig.flushed();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].sample_rate(), 7);
    rig.close();
}

#[test]
fn flush_does_not_wait_for_what_is_held_and_close_decides_it() {
    let rig = Rig::with_tail(only(When::named("child")));
    let root = rig.run(|| {
        let root = honey::start_child("root");
        honey::in_child_event("child", || ());
        root
    });
    assert_eq!(rig.flushed().len(), 0);
    let stats = rig.balanced();
    assert_eq!((stats.pending, stats.held), (1, 1), "{stats}");
    assert!(stats.to_string().contains("pending 1 (1 held)"), "{stats}");
    drop(root);
    assert_eq!(rig.flushed().len(), 2, "its root has ended");
    let handle = rig.run(|| {
        let root = honey::start_child("root");
        honey::in_child_event("child", || ());
        root
    });
    let (events, stats) = rig.close();
    assert_eq!(names(&events), [("child", 1)].into());
    assert_eq!(stats.decided_early, 1);
    drop(handle);
}

#[test]
fn what_ends_after_the_decision_follows_it() {
    for (rate, expected) in [(Rate::all(), 1), (Rate::none(), 0)] {
        let rig = Rig::with_tail(TailRules::new().rule(When::error(), 9).otherwise(rate));
        let root = rig.run(|| honey::start_child("root"));
        let handle = root.handle();
        drop(root);
        assert_eq!(rig.flushed().len(), expected);
        // An error now does not change it: half a trace would tell less than none.
        honey::scope(handle, || {
            honey::in_child_event("late", || honey::current().set_error("late"));
        });
        let late = rig.flushed();
        assert_eq!(late.len(), expected);
        assert!(late.iter().all(|event| event.sample_rate() == 1));
        rig.close();
    }
}

#[test]
fn a_function_of_the_users_finds_the_rate_and_may_panic() {
    let rules = TailRules::new().otherwise(Rate::by(|trace| {
        match trace.get("tier").and_then(FieldValue::as_str) {
            Some("bot") => None,
            Some("gold") => Some(1),
            _ => std::panic::panic_any("no tier"),
        }
    }));
    let rig = Rig::with_tail(rules);
    for tier in [Some("bot"), Some("gold"), None] {
        rig.trace(|root| root.add_field("tier", tier));
    }
    let (events, stats) = rig.close();
    assert_eq!(events.len(), 4, "a panic keeps the trace");
    assert_eq!((stats.user_panics, stats.sampled_out), (1, 2));
}

#[test]
fn a_dynamic_rate_keeps_the_rare_key_and_samples_the_frequent_one() {
    let rate = DynamicRate::avg_sample_rate(10)
        .adjustment_interval(Duration::from_millis(1))
        .initial_sample_rate(1)
        .by(["http.route"]);
    let rig = Rig::with_tail(TailRules::new().otherwise(rate));
    let mut sent = Vec::new();
    for _ in 0..20 {
        for n in 0..200 {
            let route = if n == 0 { "/admin" } else { "/" };
            rig.trace(|root| root.add_field("http.route", route));
        }
        sent.extend(rig.flushed());
    }
    let rates = |route: &str| -> BTreeSet<u64> {
        let of_route = sent.iter().filter(|event| {
            event
                .field("http.route")
                .is_some_and(|field| field == route)
        });
        of_route
            .map(honey::testing::CapturedEvent::sample_rate)
            .collect()
    };
    assert_eq!(rates("/admin"), [1].into());
    assert!(
        rates("/").last().is_some_and(|rate| *rate > 1),
        "{:?}",
        rates("/")
    );
    rig.close();
}

#[test]
fn two_processes_with_one_rate_keep_the_same_traces() {
    let kept = |ids: &dyn Fn(&Rig)| {
        let rig = Rig::with_tail(TailRules::new().otherwise(3));
        ids(&rig);
        let (events, _) = rig.close();
        let ids = events
            .iter()
            .filter_map(|event| event.field("trace.trace_id").cloned());
        ids.map(|id| id.to_string()).collect::<BTreeSet<_>>()
    };
    // The same traces in two clients, which are as good as two processes.
    let mut both = Vec::new();
    let other = Rig::with_tail(TailRules::new().otherwise(3));
    both.push(kept(&|rig: &Rig| {
        for _ in 0..300 {
            let root = rig.run(|| honey::start_child("root"));
            other.run(|| honey::in_child_event("there", || ()));
            drop(root);
        }
    }));
    let (events, _) = other.close();
    let there: BTreeSet<String> = events
        .iter()
        .filter_map(|event| event.field("trace.trace_id").map(ToString::to_string))
        .collect();
    assert_eq!(both, [there]);
    assert!(both[0].len() > 20 && both[0].len() < 280);
}
