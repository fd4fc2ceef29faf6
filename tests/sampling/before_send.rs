//! The last look at an event before it leaves.

use std::sync::atomic::{AtomicU32, Ordering};

use honey::sampling::{Rate, TailRules, When};
use honey::{DiscardReason, DropReason, Event, FieldValue, Outcome};
use serde_json::json;

use crate::{LONG, Rig, names};

#[test]
fn every_kind_of_field_can_be_changed() {
    let rig = Rig::new(|config| {
        config.before_send(|event| {
            assert_eq!(event.get("secret"), Some(FieldValue::Text("s3")));
            assert!(event.remove("secret") && !event.remove("secret"));
            assert!(event.remove("region"), "a scope's");
            assert!(event.redact("user.email") && !event.redact("nothing"));
            event.add_field("plan", "tin");
            event.add_field("n", 2_u64);
            let before = event.event().fields().count();
            event.add_field("debugged", honey::debug(&Some(1)));
            assert_eq!(event.event().fields().count(), before + 1);
            assert_eq!(event.dataset(), "elsewhere");
        })
    });
    let scope = rig.client.scope();
    scope.add_field("region", "eu");
    scope.add_field("build", 7);
    scope.add_field("plan", "gold");
    rig.run(|| {
        let mut event = Event::new();
        event.set_dataset("elsewhere".to_owned());
        event.add_field("secret", "s1");
        event.add_field("secret", "s3");
        event.add_field("user.email".to_owned(), "who@example.com");
        event.add_field("n", 1);
        event.send();
    });
    let (events, stats) = rig.close();
    assert_eq!((stats.user_panics, events.len()), (0, 1), "{stats}");
    let mut data = events[0].data().clone();
    let hash = data.remove("user.email").unwrap();
    assert_eq!(hash.as_str().map(str::len), Some(16), "{hash}");
    assert_eq!(
        serde_json::Value::Object(data),
        json!({"build": 7, "plan": "tin", "n": 2, "debugged": "Some(1)"})
    );
    assert_eq!(events[0].dataset(), "elsewhere");
}

#[test]
fn what_honey_sets_can_be_read_and_the_texts_of_it_changed() {
    let rig = Rig::new(|config| {
        config.before_send(|event| {
            assert_eq!(event.name(), Some("root"));
            assert_eq!(event.get("outcome"), Some(FieldValue::Text("error")));
            assert!(
                event
                    .get("duration_ms")
                    .and_then(FieldValue::as_f64)
                    .is_some()
            );
            assert!(event.event().is_error() && event.event().is_local_root());
            event.add_field("name", "renamed");
            assert!(event.redact("error.message"));
            assert!(!event.redact("duration_ms") && !event.remove("outcome"));
            event.add_field("outcome", "mine");
        })
    });
    rig.run(|| {
        let root = honey::start_child("root");
        root.handle().set_error("card 4111 1111 1111 1111 refused");
    });
    let (events, stats) = rig.close();
    assert_eq!(stats.user_panics, 0);
    let event = &events[0];
    assert_eq!(event.name(), Some("renamed"));
    let message = event
        .field("error.message")
        .and_then(|field| field.as_str());
    assert_eq!(message.map(str::len), Some(16));
    assert_eq!(event.field("outcome"), Some(&json!("error")));
    assert_eq!(event.field("app.outcome"), Some(&json!("mine")));
    assert!(event.field("trace.trace_id").is_some());
}

#[test]
fn discarded_and_panicked_over_events_do_not_leave_and_are_counted() {
    let seen = AtomicU32::new(0);
    let rig = Rig::new(|config| {
        config.before_send(move |event| {
            // Inside, nothing is recorded.
            honey::in_child_event("inside", || ());
            seen.fetch_add(1, Ordering::SeqCst);
            event.remove("secret");
            match event.get("n").and_then(FieldValue::as_f64) {
                Some(1.0) => event.discard(),
                Some(2.0) => std::panic::panic_any("a user's mistake"),
                _ => {}
            }
        })
    });
    let responses = rig.client.responses();
    rig.run(|| {
        for n in 0..4_u64 {
            let mut event = Event::new();
            event.add_field("n", n);
            event.add_field("secret", "s3cret");
            event.add_metadata("n", n);
            event.send();
        }
    });
    let mut outcomes: Vec<_> = (0..4)
        .map(|_| {
            let response = responses.recv_timeout(LONG).unwrap();
            (response.metadata::<u64>("n").copied(), response.outcome)
        })
        .collect();
    outcomes.sort_by_key(|(n, _)| *n);
    let expected = [
        Outcome::Accepted,
        Outcome::Discarded(DiscardReason::BeforeSend),
        Outcome::Dropped(DropReason::BeforeSend),
        Outcome::Accepted,
    ];
    assert_eq!(
        outcomes,
        [0, 1, 2, 3]
            .map(Some)
            .into_iter()
            .zip(expected)
            .collect::<Vec<_>>()
    );
    let (events, stats) = rig.close();
    assert_eq!((events.len(), stats.user_panics), (2, 1));
    assert!(events.iter().all(|event| event.field("secret").is_none()));
    assert_eq!(stats.created, 4, "{stats}");
}

#[test]
fn it_sees_only_what_the_rules_kept_with_its_rate() {
    let rig = Rig::new(|config| {
        let rules = TailRules::new()
            .rule(When::error(), 2)
            .otherwise(Rate::none());
        config
            .tail(rules)
            .before_send(|event| event.add_field("seen.rate", event.event().sample_rate()))
    });
    for n in 0..1_000 {
        rig.trace(|root| {
            if n % 10 == 0 {
                root.set_error("no");
            }
        });
    }
    let (events, stats) = rig.close();
    let names = names(&events);
    assert_eq!(names["child"], names["root"]);
    assert!(names["root"] > 10 && names["root"] < 90, "{names:?}");
    for event in &events {
        assert_eq!(
            (event.sample_rate(), event.field("seen.rate")),
            (2, Some(&json!(2)))
        );
    }
    assert_eq!(stats.sampled_out + stats.accepted, 2_000);
}

#[test]
fn an_event_may_grow_as_far_as_there_is_room() {
    let rig = Rig::new(|config| {
        config.max_pending_bytes(100_000).before_send(|event| {
            let length = if event.get("n") == Some(FieldValue::I64(1)) {
                1_000_000
            } else {
                1_000
            };
            event.add_field("more", "x".repeat(length));
        })
    });
    rig.run(|| {
        for n in 0..3 {
            let mut event = Event::new();
            event.add_field("n", n);
            event.send();
        }
    });
    let (events, stats) = rig.close();
    assert_eq!(
        (events.len(), stats.dropped.by(DropReason::QueueFull)),
        (2, 1),
        "{stats}"
    );
}
