//! Calls that become four fields of the event around them.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use honey::testing::{CapturedEvent, capture, capture_async};

use crate::text;

const NAMED: &str = "cache.get";

#[honey::event(rollup)]
fn look_up(key: u32) -> Option<u32> {
    honey::current().add_field("last.key", key);
    (key % 2 == 0).then_some(key)
}

#[honey::event(rollup, name = NAMED, err)]
fn get(key: u32) -> Result<u32, String> {
    if key % 3 == 0 {
        Err("a multiple of three".to_owned())
    } else {
        Ok(key)
    }
}

#[honey::event(rollup, name = "nap", when = wanted)]
async fn nap(wanted: bool) {
    tokio::task::yield_now().await;
}

#[honey::event(rollup)]
fn explodes() {
    panic_any(1)
}

#[honey::event]
fn request() {
    for key in 0..10 {
        look_up(key);
        drop(get(key));
    }
    assert!(catch_unwind(AssertUnwindSafe(explodes)).is_err());
}

fn number(event: &CapturedEvent, key: &str) -> f64 {
    event
        .field(key)
        .and_then(serde_json::Value::as_f64)
        .unwrap_or(-1.0)
}

#[test]
fn many_calls_become_fields_of_the_event_around_them() {
    let captured = capture(request);
    assert_eq!((captured.events().len(), captured.stats().created), (1, 1));
    let event = captured.event("request");
    assert_eq!(event.field("look_up.count"), Some(&10.into()));
    assert_eq!(event.field("look_up.errors"), None, "none failed");
    assert_eq!(
        event.field("last.key"),
        Some(&9.into()),
        "`current()` is the event around"
    );
    assert_eq!(event.field("cache.get.count"), Some(&10.into()));
    assert_eq!(event.field("cache.get.errors"), Some(&4.into()));
    assert_eq!(event.field("explodes.errors"), Some(&1.into()));
    for name in ["look_up", "cache.get", "explodes"] {
        let (total, largest) = (
            number(event, &format!("{name}.total_ms")),
            number(event, &format!("{name}.max_ms")),
        );
        assert!(
            0.0 < largest && largest <= total,
            "{name}: {largest} of {total}"
        );
        assert!(total <= number(event, "duration_ms"), "{name}");
    }
    assert_eq!(
        text(event, "outcome"),
        "ok",
        "the caller decides what a failed call means"
    );
}

#[test]
fn without_an_event_around_it_is_an_event() {
    let captured = capture(|| {
        look_up(2);
        drop(get(3));
    });
    assert_eq!(captured.event("look_up").field("last.key"), Some(&2.into()));
    let failed = captured.event("cache.get");
    assert_eq!(
        (text(failed, "outcome"), text(failed, "error.message")),
        ("error", "a multiple of three")
    );
}

#[honey::event]
async fn tired() {
    nap(true).await;
    nap(true).await;
    nap(false).await;
}

#[tokio::test]
async fn async_calls_are_rolled_up_too() {
    let captured = capture_async(tired()).await;
    let event = captured.event("tired");
    assert_eq!(captured.events().len(), 1);
    assert_eq!(event.field("nap.count"), Some(&2.into()));
}

#[honey::event(rollup)]
async fn endless() {
    pending::<()>().await;
}

#[honey::event]
fn gives_up() {
    let mut future = pin!(endless());
    assert!(
        future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
}

#[test]
fn a_cancelled_call_counts() {
    let captured = capture(gives_up);
    let event = captured.event("gives_up");
    assert_eq!(
        (event.field("endless.count"), event.field("endless.errors")),
        (Some(&1.into()), None)
    );
}

#[honey::event]
fn spreads() {
    let here = honey::current();
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                honey::scope(here, || {
                    look_up(1);
                    drop(get(3));
                });
            });
        }
    });
    look_up(1);
}

#[test]
fn calls_on_other_threads_are_added_at_the_end() {
    let captured = capture(spreads);
    let event = captured.event("spreads");
    assert_eq!(captured.events().len(), 1);
    assert_eq!(event.field("look_up.count"), Some(&3.into()));
    assert_eq!(event.field("cache.get.errors"), Some(&2.into()));
}

#[honey::event]
fn around() {
    outer_rollup();
}

#[honey::event(rollup)]
fn outer_rollup() {
    look_up(4);
    child();
}

#[honey::event]
fn child() {}

#[test]
fn below_a_rollup_everything_belongs_to_the_event_around() {
    let captured = capture(around);
    let around = captured.event("around");
    assert_eq!(around.field("look_up.count"), Some(&1.into()));
    assert_eq!(
        text(captured.event("child"), "trace.parent_id"),
        text(around, "trace.span_id")
    );
}

#[honey::event(rollup)]
fn descends(levels: u32) -> Result<u32, String> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(1) {
        std::hint::spin_loop();
    }
    match levels {
        0 => Err("the bottom".to_owned()),
        levels => descends(levels - 1),
    }
}

#[honey::event]
fn recursive() {
    drop(descends(9));
    drop(descends(0));
}

/// A function of its own within another, and the same one into another event: both have a time of their own.
#[honey::event(rollup)]
fn around_others(level: u32) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_micros(10) {
        std::hint::spin_loop();
    }
    if level > 0 {
        drop(descends(0));
        below(level - 1);
    }
}

#[honey::event]
fn below(level: u32) {
    around_others(level);
}

#[test]
fn a_call_within_another_functions_or_below_another_event_has_a_time_of_its_own() {
    let captured = capture(|| below(1));
    let events = captured.events();
    assert_eq!(events.len(), 2);
    for event in events.iter() {
        assert_eq!(event.field("around_others.count"), Some(&1.into()));
        assert!(number(event, "around_others.total_ms") >= 0.01);
    }
    let outer = events.iter().find(|event| event.parent_id().is_none());
    let inner_ms = outer.map(|outer| number(outer, "descends.total_ms"));
    assert!(inner_ms.is_some_and(|ms| ms >= 1.0), "{inner_ms:?}");
}

struct CallsInDrop;

impl Drop for CallsInDrop {
    fn drop(&mut self) {
        look_up(1);
    }
}

#[test]
fn a_call_that_ends_normally_during_an_unwind_is_no_error_and_one_never_polled_is_no_call() {
    let captured = capture(|| {
        honey::in_child_event("request", || {
            let survived = catch_unwind(|| {
                let _calls = CallsInDrop;
                panic_any(1)
            });
            assert!(survived.is_err());
            drop(tired());
        });
    });
    let event = captured.event("request");
    assert_eq!(event.field("look_up.count"), Some(&1.into()));
    assert_eq!(event.field("look_up.errors"), None);
    assert_eq!(event.field("tired.count"), None);
}

#[honey::event(rollup)]
async fn descends_later(levels: u32) {
    tokio::task::yield_now().await;
    if levels > 0 {
        Box::pin(descends_later(levels - 1)).await;
    }
}

#[honey::event]
async fn recursive_later() {
    descends_later(3).await;
    tokio::join!(descends_later(0), descends_later(0));
}

/// Every call counts, but time within time only once: the total is the time the event has spent there.
#[tokio::test]
async fn a_call_within_itself_counts_but_its_time_is_the_outer_ones() {
    let captured = capture(recursive);
    let event = captured.event("recursive");
    assert_eq!(event.field("descends.count"), Some(&11.into()));
    assert_eq!(event.field("descends.errors"), Some(&11.into()));
    let [total, largest, duration] =
        ["descends.total_ms", "descends.max_ms", "duration_ms"].map(|key| number(event, key));
    assert!(
        10.0 <= largest && largest < total && total <= duration,
        "{largest} of {total} in {duration}"
    );
    let captured = capture_async(recursive_later()).await;
    let event = captured.event("recursive_later");
    assert_eq!(event.field("descends_later.count"), Some(&6.into()));
    let [largest, duration] =
        ["descends_later.max_ms", "duration_ms"].map(|key| number(event, key));
    assert!(0.0 < largest && largest <= duration);
}
