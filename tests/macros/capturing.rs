//! `honey::testing`: what is captured, found, compared and drawn; and that tests which run at once know nothing of each other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use honey::testing::{Captured, Events, capture, capture_async};
use honey::{FutureExt as _, HoneyFields};

/// As many as run at once below.
const TESTS: usize = 200;

#[honey::event(fields(test))]
fn request(test: usize) {
    for step in 0..3 {
        honey::in_child_event("step", || {
            honey::current().add_field("of", test);
            honey::current().add_field("step", step);
        });
    }
    let here = honey::current();
    let thread = thread::spawn(move || {
        honey::scope(here, || {
            honey::in_child_event("elsewhere", || honey::current().add_field("of", test));
            // Written from another thread, merged at the event's end.
            honey::current().add_field("seen.by", test);
        });
    });
    thread.join().unwrap();
    let mut event = honey::Event::new();
    event.add_field("by.hand", test);
    event.send();
}

fn assert_only_own<T>(captured: &Captured<T>, test: usize) {
    assert_eq!(captured.events().len(), 6, "{captured:?}");
    let request = honey::assert_event!(captured, "request", { "test": test, "seen.by": test });
    let below = captured.events().child_of(request);
    below.clone().named("step").with("of", test).exactly(3);
    below.named("elsewhere").with("of", test).one();
    captured.events().with("by.hand", test).one();
    assert!(captured.stats().is_balanced(), "{}", captured.stats());
}

#[test]
fn two_hundred_tests_at_once_on_threads_of_their_own() {
    let all_inside = std::sync::Barrier::new(TESTS);
    thread::scope(|threads| {
        for test in 0..TESTS {
            let all_inside = &all_inside;
            threads.spawn(move || {
                let captured = capture(|| {
                    all_inside.wait();
                    request(test);
                    // Nobody's capture is over before everybody's work is.
                    all_inside.wait();
                });
                assert_only_own(&captured, test);
            });
        }
    });
}

#[honey::event(name = "request", fields(test))]
async fn request_async(test: usize) {
    let tasks: Vec<_> = (0..3)
        .map(|step| {
            let work = async move {
                tokio::task::yield_now().await;
                honey::current().add_field("step", step);
                honey::current().add_field("of", test);
            };
            honey::tokio::spawn(work.in_child_event("step"))
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let root = honey::current();
    let written = async move {
        tokio::task::yield_now().await;
        root.add_field("seen.by", test);
        honey::current().add_field("of", test);
    };
    honey::tokio::spawn(written.in_child_event("elsewhere"))
        .await
        .unwrap();
    let mut event = honey::Event::new();
    event.add_field("by.hand", test);
    event.send();
}

#[test]
fn two_hundred_tests_at_once_in_tasks_of_one_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .build()
        .unwrap();
    runtime.block_on(async {
        let all_inside = Arc::new(tokio::sync::Barrier::new(TESTS));
        let tests: Vec<_> = (0..TESTS)
            .map(|test| {
                let all_inside = Arc::clone(&all_inside);
                tokio::spawn(async move {
                    let captured = capture_async(async {
                        all_inside.wait().await;
                        request_async(test).await;
                        all_inside.wait().await;
                        test
                    })
                    .await;
                    assert_only_own(&captured, test);
                    assert_eq!(captured.into_returned(), test);
                })
            })
            .collect();
        for test in tests {
            test.await.unwrap();
        }
    });
}

#[derive(HoneyFields)]
struct Cart {
    items: u64,
    total: f64,
    coupon: Option<&'static str>,
}

fn shop() -> Captured {
    capture(|| {
        honey::in_child_event("checkout", || {
            honey::current().add(&Cart {
                items: 3,
                total: 9.5,
                coupon: None,
            });
            honey::current().add_field("customer.plan", "gold");
            honey::current().add_span_event("retry", &[("attempt", 2)]);
            honey::in_child_event("charge", || {
                honey::current().set_error("declined");
            });
        });
        honey::in_child_event("checkuot", || ());
    })
}

/// What a failing test says.
fn failure(assert: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(assert)).unwrap_err();
    *payload.downcast::<String>().unwrap()
}

#[test]
fn values_are_compared_as_they_are_sent() {
    let captured = shop();
    let checkout = captured.events().named("checkout");
    for (events, expected) in [
        (checkout.clone().with("items", 3), 1),
        (checkout.clone().with("items", 3_u8), 1),
        (checkout.clone().with("items", 3.0), 0),
        (checkout.clone().with("items", "3"), 0),
        (checkout.clone().with("total", 9.5_f32), 1),
        (checkout.clone().with("coupon", None::<u64>), 1),
        (checkout.clone().with("items", None::<u64>), 0),
        (checkout.clone().with_field("customer.plan"), 1),
        (checkout.clone().without_field("customer.plan"), 0),
        (
            checkout.that("is long", |event| event.data().len() > 100),
            0,
        ),
    ] {
        assert_eq!(events.len(), expected);
    }
    let event = captured.event("checkout");
    assert_eq!(
        (event.u64("items"), event.i64("items"), event.f64("items")),
        (Some(3), Some(3), Some(3.0))
    );
    assert_eq!((event.u64("total"), event.str("items")), (None, None));
    assert_eq!(captured.event("charge").bool("error"), Some(true));
    assert_eq!(captured.events().roots().len(), 2);
    assert_eq!(captured.events().child_of(event).len(), 2);
    let copies = captured.events().to_vec();
    assert_eq!(
        Events::of(&copies).named("charge").first().parent_id(),
        event.span_id()
    );
}

#[test]
fn a_failure_shows_the_nearest_event_field_by_field_and_then_all_there_is() {
    let captured = shop();
    let said = failure(|| {
        honey::assert_event!(captured, "checkout", { "items": 4, "plan": "gold", "total": _, "itmes": _ });
    });
    let expected = r#"
expected an event with name "checkout", items 4, plan "gold", total (any value), itmes (any value); there is none
the nearest is checkout:
           expected     captured
    name   "checkout"   "checkout"
  ≠ items  4            3
  ≠ plan   "gold"       (missing; there is `customer.plan`)
    total  (any value)  9.5
  ≠ itmes  (any value)  (missing; there is `items`)
captured, the nearest first:
  checkout  customer.plan="gold"  items=3  macros.answer=42  outcome="ok"  total=9.5
  checkuot  macros.answer=42  outcome="ok"
"#;
    assert!(said.starts_with(expected.trim()), "{said}");

    let said = failure(|| _ = captured.event("chekcout"));
    assert!(
        said.contains("expected 1 event with name \"chekcout\"; there is none"),
        "{said}"
    );
    let said = failure(|| _ = captured.events().with_field("outcome").one());
    assert!(
        said.contains("expected 1 event with outcome (any value); there are 3:\n"),
        "{said}"
    );
    let said = failure(|| captured.events().with("error", true).none());
    assert!(
        said.contains("expected no event with error true; there is one:\n  charge"),
        "{said}"
    );
    let said = failure(|| _ = capture(|| ()).events().first());
    assert!(
        said.contains("nothing was captured") && said.contains("in_current_event"),
        "{said}"
    );
}

#[test]
fn a_tree_is_the_same_text_in_every_run() {
    let expected = r#"
checkout
│ customer.plan: "gold"
│ items: 3
│ outcome: "ok"
│ total: 9.5
├─ charge
│    error: true
│    error.message: "declined"
│    error.type: "str"
│    outcome: "error"
└─ • retry
     attempt: 2

checkuot
  outcome: "ok"
"#;
    for _ in 0..3 {
        assert_eq!(shop().tree().to_string(), expected.trim_start());
    }
}

#[test]
fn a_tree_shows_and_hides_what_it_is_told() {
    let captured = capture(|| {
        let _scope = honey::start_child("job");
        honey::current().add_field("timeout_ms", 500);
        honey::current().add_field("db_ms", 7.25);
        honey::current().add_field("at", "2026-11-22T06:00:00Z");
        honey::current().add_field("host", "a1");
        for step in ["second", "first"] {
            honey::in_child_event(step, || ());
        }
    });
    let tree = captured
        .tree()
        .show("timeout_ms")
        .redact("host")
        .in_time_order();
    let expected = r#"
job
│ at: [time]
│ db_ms: [duration]
│ host: [redacted]
│ outcome: "ok"
│ timeout_ms: 500
├─ second
│    outcome: "ok"
└─ first
     outcome: "ok"
"#;
    assert_eq!(tree.to_string(), expected.trim_start());
    let of_one = captured.events().named("first").tree().to_string();
    assert_eq!(of_one, "first\n  outcome: \"ok\"\n");
}
