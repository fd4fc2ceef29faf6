//! What can be done with a handle, and what an event's options do at its end.

use std::collections::BTreeMap;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use honey::testing::{CapturedEvent, capture, capture_async};
use honey::{DiagnosticKind, DiscardReason, FutureExt};
use honey_test_support::until;

use crate::text;

/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

#[honey::event(min_duration = "60m", fields(n), err)]
fn quick(n: u32) -> Result<u32, String> {
    match n {
        0 => Err("zero".to_owned()),
        1 => panic_any(1),
        n => Ok(n),
    }
}

#[honey::event(min_duration = "1ns")]
fn slow_enough() {}

#[honey::event(min_duration = "60m")]
async fn waits() {
    pending::<()>().await;
}

#[test]
fn only_ok_events_can_be_too_fast() {
    let captured = capture(|| {
        drop(quick(2));
        drop(quick(0));
        assert!(catch_unwind(AssertUnwindSafe(|| quick(1))).is_err());
        slow_enough();
        let mut future = pin!(waits());
        assert!(
            future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
    });
    let stats = captured.stats();
    let outcomes: Vec<&str> = captured
        .events()
        .iter()
        .map(|event| text(event, "outcome"))
        .collect();
    assert_eq!(outcomes, ["error", "panic", "ok", "cancelled"]);
    assert_eq!(stats.discarded.by(DiscardReason::TooFast), 1);
    assert!(stats.is_balanced());
}

#[honey::event(async_stats)]
async fn polled_three_times(fail: bool) {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert!(!fail);
}

#[honey::event(async_stats, boxed)]
fn made(n: u32) -> impl Future<Output = u32> {
    async move {
        tokio::task::yield_now().await;
        n
    }
}

#[honey::event(async_stats)]
async fn stuck() {
    pending::<()>().await;
}

#[tokio::test]
async fn async_stats_count_polls_and_busy_time() {
    let captured = capture_async(async {
        polled_three_times(false).await;
        made(1).await;
    })
    .await;
    for (name, polls) in [("polled_three_times", 3), ("made", 2)] {
        let event = captured.event(name);
        assert_eq!(event.field("poll_count"), Some(&polls.into()), "{name}");
        let number = |key| {
            event
                .field(key)
                .and_then(serde_json::Value::as_f64)
                .unwrap()
        };
        assert!(number("busy_ms") <= number("duration_ms"), "{name}");
    }
}

#[test]
fn async_stats_survive_panics_and_cancellation() {
    let poll = |future: std::pin::Pin<&mut dyn Future<Output = ()>>| {
        future.poll(&mut Context::from_waker(Waker::noop()))
    };
    let captured = capture(|| {
        let mut future = Box::pin(polled_three_times(true));
        assert!(poll(future.as_mut()).is_pending());
        assert!(poll(future.as_mut()).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()))).is_err());
        let mut future = Box::pin(stuck());
        assert!(poll(future.as_mut()).is_pending());
    });
    for (name, outcome, polls) in [
        ("polled_three_times", "panic", 3),
        ("stuck", "cancelled", 1),
    ] {
        let event = captured.event(name);
        assert_eq!(
            (text(event, "outcome"), event.field("poll_count")),
            (outcome, Some(&polls.into())),
            "{name}"
        );
    }
}

#[honey::event(dataset = "elsewhere", fields(early = true))]
fn uses_its_handle() {
    let event = honey::current();
    event.set_name("renamed");
    for _ in 0..2 {
        let _timer = event.time("db_ms");
    }
    event.with(|event| event.add_field("with", true));
    event.add_span_event("retry", &BTreeMap::from([("attempt", 2)]));
    event.add_link(event);
    event.add_link_to("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
}

#[track_caller]
fn assert_annotates(annotation: &CapturedEvent, parent: &CapturedEvent, kind: &str) {
    assert_eq!(text(annotation, "meta.annotation_type"), kind);
    assert_eq!(
        text(annotation, "trace.trace_id"),
        text(parent, "trace.trace_id")
    );
    assert_eq!(
        text(annotation, "trace.parent_id"),
        text(parent, "trace.span_id")
    );
    assert_eq!(annotation.field("trace.span_id"), None);
    assert_eq!(annotation.dataset(), "elsewhere");
}

#[test]
fn names_timers_span_events_and_links() {
    let captured = capture(uses_its_handle);
    let event = captured.event("renamed");
    assert!(event.field("db_ms").is_some_and(serde_json::Value::is_f64));
    assert_eq!(event.field("with"), Some(&true.into()));
    assert_eq!(event.field("early"), Some(&true.into()));
    let retry = captured.event("retry");
    assert_annotates(retry, event, "span_event");
    assert_eq!(retry.field("attempt"), Some(&2.into()));
    let links: Vec<_> = captured
        .events()
        .iter()
        .filter(|event| text(event, "meta.annotation_type") == "link")
        .collect();
    assert_eq!(links.len(), 2);
    for link in &links {
        assert_annotates(link, event, "link");
    }
    assert_eq!(
        text(links[0], "trace.link.span_id"),
        text(event, "trace.span_id")
    );
    assert_eq!(
        text(links[1], "trace.link.trace_id"),
        "4bf92f3577b34da6a3ce929d0e0e4736"
    );
    assert!(captured.stats().is_balanced());
}

#[honey::event(dataset = format!("tenant-{n}"), name = "of a tenant")]
fn annotated_from_elsewhere(n: u32) -> honey::EventHandle {
    let event = honey::current();
    std::thread::scope(|threads| {
        threads.spawn(move || {
            event.add_span_event("from a thread", &BTreeMap::from([("n", n)]));
            event.add_link(event);
        });
    });
    event
}

#[test]
fn span_events_and_links_go_to_their_events_dataset_from_any_thread() {
    let captured = capture(|| {
        let event = annotated_from_elsewhere(1);
        event.add_span_event("after the end", &BTreeMap::from([("n", 1)]));
        // An event without a dataset of its own, in the place of the one that ended.
        below();
        let event = annotated_from_elsewhere(2);
        assert!(event.trace_id().is_some());
    });
    let of = |dataset: &str| {
        let events = captured.events().iter();
        let names = events.filter(|event| event.dataset() == dataset);
        names
            .map(|event| event.name().unwrap_or("link"))
            .collect::<Vec<_>>()
    };
    let from_thread = ["from a thread", "link", "of a tenant"];
    let mut first = of("tenant-1");
    first.sort_unstable();
    assert_eq!(
        first,
        ["after the end", "from a thread", "link", "of a tenant"]
    );
    let mut second = of("tenant-2");
    second.sort_unstable();
    assert_eq!(second, from_thread);
    assert_eq!(captured.events().len(), 8);
}

#[test]
fn a_span_event_of_an_event_without_a_dataset_goes_where_the_client_sends() {
    #[honey::event]
    fn plain() {
        let event = honey::current();
        std::thread::scope(|threads| {
            threads.spawn(move || event.add_span_event("there", &BTreeMap::from([("n", 1)])));
        });
    }
    let captured = capture(|| {
        // Its place is used again by the next.
        uses_its_handle();
        plain();
    });
    assert_eq!(
        captured.event("there").dataset(),
        captured.event("plain").dataset()
    );
}

#[honey::event(fields(n))]
fn maybe_sampled(n: u32) {
    honey::current().sample(n);
    below();
}

#[honey::event]
fn below() {}

#[test]
fn sampling_after_the_start_keeps_whole_traces() {
    let captured = capture(|| (0..400).for_each(|_| maybe_sampled(4)));
    let kept = captured
        .events()
        .iter()
        .filter(|event| event.name() == Some("maybe_sampled"))
        .count();
    let children = captured.events().len() - kept;
    assert!((40..180).contains(&kept), "{kept} of 400 at 1 in 4");
    assert_eq!(
        kept, children,
        "a child begun afterwards goes with its parent"
    );
    assert!(
        captured
            .events()
            .iter()
            .all(|event| event.sample_rate() == 4)
    );
    assert_eq!(captured.stats().sampled_out, 800 - 2 * kept as u64);
}

#[test]
fn sampling_never_lowers_a_rate() {
    #[honey::event(sample = 1_000_000)]
    fn rare() {
        honey::current().sample(1);
    }
    let captured = capture(|| (0..50).for_each(|_| rare()));
    assert!(captured.events().len() < 5);
}

async fn inner() -> u32 {
    honey::current().add_field("inner", true);
    tokio::task::yield_now().await;
    below();
    7
}

#[honey::event]
async fn outer() {
    drop(inner().in_child_event("never polled"));
    assert_eq!(inner().in_child_event("any future").await, 7);
    let mut stuck = Box::pin(pending::<()>().in_child_event("dropped"));
    assert!(
        stuck
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
}

#[tokio::test]
async fn any_future_can_be_a_child_event() {
    let captured = capture_async(outer()).await;
    let [outer, child, below] = ["outer", "any future", "below"].map(|name| captured.event(name));
    assert_eq!(captured.events().len(), 4);
    assert_eq!(text(child, "trace.parent_id"), text(outer, "trace.span_id"));
    assert_eq!(text(below, "trace.parent_id"), text(child, "trace.span_id"));
    assert_eq!(child.field("inner"), Some(&true.into()));
    assert_eq!(text(captured.event("dropped"), "outcome"), "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_spawned_through_honey_takes_the_event_along() {
    #[honey::event]
    async fn request() {
        honey::tokio::spawn(async {
            honey::current().add_field("in.task", true);
            below();
        })
        .await
        .unwrap();
        honey::tokio::spawn_blocking(below).await.unwrap();
    }
    let captured = capture_async(request()).await;
    let request = captured.event("request");
    assert_eq!(request.field("in.task"), Some(&true.into()));
    let children: Vec<_> = captured
        .events()
        .iter()
        .filter(|event| event.name() == Some("below"))
        .collect();
    assert_eq!(children.len(), 2);
    for child in children {
        assert_eq!(
            text(child, "trace.parent_id"),
            text(request, "trace.span_id")
        );
    }
}

type Said = Arc<Mutex<Vec<(DiagnosticKind, String)>>>;

/// A client of its own, and what it says.
fn client() -> (honey::Client, Said) {
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    let config = honey::Config::new("key")
        .api_host("")
        .dataset("d")
        .on_diagnostic(move |kind, text| heard.lock().unwrap().push((kind, text.to_owned())));
    (honey::Client::new(config).unwrap(), said)
}

#[honey::event(bind = event)]
fn short() -> honey::EventHandle {
    event
}

/// Everything that can be written, from another thread.
fn write_all(event: honey::EventHandle) {
    std::thread::spawn(move || {
        event.add_field("too.late", 1);
        event.add_field("too.late", honey::display(&2));
        event.add(&BTreeMap::from([("too.late", 3)]));
        event.add_json(&BTreeMap::from([("too.late", 4)]));
        event.incr("too.late", 1);
        event.set_error("too late");
        event.set_name("too late");
        event.sample(2);
        event.discard();
        drop(event.time("too.late_ms"));
    })
    .join()
    .unwrap();
}

/// How many of these there are.
const WRITES: u64 = 10;

#[test]
fn what_is_late_is_counted_and_said_once() {
    let (client, said) = client();
    honey::with_client(&client, || {
        let event = short();
        event.add_field("too.late", 1);
        event.incr("too.late", 1);
    });
    assert_eq!(client.stats().late_fields, 2);
    let _ = client.close(LONG);
    until("a word", || !said.lock().unwrap().is_empty());
    let said = said.lock().unwrap();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].0, DiagnosticKind::LateFields);
    assert!(said[0].1.contains("\"too.late\""), "{said:?}");
}

#[test]
fn what_is_late_is_counted_whatever_has_happened_meanwhile() {
    let (client, said) = client();
    let event = honey::with_client(&client, short);
    write_all(event);
    assert_eq!(client.stats().late_fields, WRITES, "after the end");
    // Its place among the open events has gone to others, of this client and of another.
    let (other, _) = self::client();
    let reused = honey::with_client(&client, || {
        #[honey::event]
        fn writes_to(event: honey::EventHandle) {
            write_all(event);
        }
        writes_to(event);
        honey::with_client(&other, || writes_to(event));
        event
    });
    assert_eq!(
        client.stats().late_fields,
        3 * WRITES,
        "the place used again"
    );
    assert_eq!(other.stats().late_fields, 0);
    let report = client.close(LONG);
    assert!(report.stats.is_balanced());
    write_all(reused);
    assert_eq!(client.stats().late_fields, 4 * WRITES, "after close");
    until("a word", || !said.lock().unwrap().is_empty());
    assert_eq!(said.lock().unwrap().len(), 1, "said once");
    assert!(other.close(LONG).stats.is_balanced());
}

#[test]
fn a_rolled_up_call_that_outlives_its_event_is_late() {
    #[honey::event(rollup)]
    async fn endless() {
        pending::<()>().await;
    }
    #[honey::event]
    fn outlived(call: Pin<&mut impl Future>) {
        let mut context = Context::from_waker(Waker::noop());
        assert!(call.poll(&mut context).is_pending());
    }
    let captured = capture(|| {
        let mut call = Box::pin(endless());
        outlived(call.as_mut());
    });
    assert_eq!(captured.stats().late_fields, 1);
    assert_eq!(captured.event("outlived").field("endless.count"), None);
}
