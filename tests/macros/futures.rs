//! Events of async functions, and of functions that return futures.

use std::cell::Cell;
use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use honey::testing::{capture, capture_async};

use crate::text;

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Pending once.
async fn once() {
    let mut first = true;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::take(&mut first) {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

/// Says on the current event that it was dropped.
struct SaysSo;

impl Drop for SaysSo {
    fn drop(&mut self) {
        honey::current().add_field("dropped", true);
    }
}

#[honey::event(fields(n), err)]
async fn work(n: u32) -> Result<u32, String> {
    honey::current().add_field("before", true);
    once().await;
    honey::current().add_field("after", true);
    if n == 0 {
        return Err("zero".to_owned());
    }
    Ok(n)
}

#[test]
fn the_event_is_current_at_every_poll_and_at_no_other_time() {
    let captured = capture(|| {
        let mut future = pin!(work(1));
        assert!(poll(future.as_mut()).is_pending());
        honey::current().add_field("outside", true);
        assert_eq!(poll(future), Poll::Ready(Ok(1)));
    });
    let event = captured.event("work");
    assert_eq!(text(event, "outcome"), "ok");
    for key in ["before", "after"] {
        assert_eq!(event.field(key), Some(&true.into()), "{key}");
    }
    assert_eq!(event.field("outside"), None);
    assert_eq!(event.field("n"), Some(&1.into()));
}

#[test]
fn an_err_is_an_error() {
    let captured = capture(|| {
        let mut future = pin!(work(0));
        assert!(poll(future.as_mut()).is_pending());
        assert!(poll(future).is_ready());
    });
    let event = captured.event("work");
    assert_eq!(
        (text(event, "outcome"), text(event, "error.message")),
        ("error", "zero")
    );
    assert_eq!(text(event, "error.type"), "alloc::string::String");
}

#[honey::event(fields(n))]
async fn endless(n: u32) {
    let _says_so = SaysSo;
    pending::<()>().await;
}

#[test]
fn dropped_in_the_middle_it_is_cancelled_with_its_fields() {
    let captured = capture(|| {
        let mut future = Box::pin(endless(3));
        assert!(poll(future.as_mut()).is_pending());
    });
    let event = captured.event("endless");
    assert_eq!(
        (text(event, "outcome"), event.field("error")),
        ("cancelled", None)
    );
    assert_eq!(event.field("n"), Some(&3.into()));
    assert_eq!(
        event.field("dropped"),
        Some(&true.into()),
        "the event is current while the future is dropped"
    );
}

#[honey::event]
async fn panics() {
    once().await;
    panic_any(1)
}

struct PanicsInDrop;

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic_any(1)
    }
}

#[honey::event]
async fn panics_when_dropped() {
    let _panics = PanicsInDrop;
    pending::<()>().await;
}

#[test]
fn panics_in_a_poll_and_in_the_drop_are_panics() {
    let captured = capture(|| {
        let mut future = Box::pin(panics());
        assert!(poll(future.as_mut()).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()))).is_err());
        let mut future = Box::pin(panics_when_dropped());
        assert!(poll(future.as_mut()).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(future))).is_err());
    });
    for name in ["panics", "panics_when_dropped"] {
        assert_eq!(text(captured.event(name), "outcome"), "panic", "{name}");
    }
}

#[test]
fn dropped_by_a_panic_outside_it_ends_by_that_panic() {
    let captured = capture(|| {
        let panicked = catch_unwind(|| {
            let mut future = Box::pin(endless(1));
            assert!(poll(future.as_mut()).is_pending());
            panic_any(1)
        });
        assert!(panicked.is_err());
    });
    assert_eq!(text(captured.event("endless"), "outcome"), "panic");
}

thread_local! {
    static MADE: Cell<u32> = const { Cell::new(0) };
}

#[honey::event(fields(n = n))]
fn opaque(n: u32) -> impl Future<Output = Result<u32, String>> {
    MADE.set(MADE.get() + 1);
    async move {
        honey::current().add_field("inside", true);
        once().await;
        if n == 0 {
            Err("zero".to_owned())
        } else {
            Ok(n)
        }
    }
}

#[honey::event(err)]
fn boxed<'a>(n: &'a u32) -> Pin<Box<dyn Future<Output = Result<u32, String>> + Send + 'a>> {
    MADE.set(MADE.get() + 1);
    if *n == 0 {
        return Box::pin(async { Err("zero".to_owned()) });
    }
    Box::pin(async move { Ok(*n) })
}

#[test]
fn never_polled_there_is_no_event() {
    let captured = capture(|| {
        drop(work(1));
        drop(opaque(1));
        drop(boxed(&1));
    });
    assert_eq!((captured.events().len(), captured.stats().created), (0, 0));
    assert_eq!(captured.stats().open, 0);
    assert_eq!(MADE.take(), 2, "the functions themselves ran");
}

#[tokio::test]
async fn functions_that_return_futures_are_timed_to_the_futures_end() {
    let captured = capture_async(async {
        assert_eq!(opaque(2).await, Ok(2));
        assert_eq!(opaque(0).await, Err("zero".to_owned()));
        assert!(boxed(&0).await.is_err());
    })
    .await;
    assert_eq!(MADE.take(), 3, "statements before the future ran once");
    let outcomes: Vec<_> = captured
        .events()
        .iter()
        .map(|event| (event.name().unwrap(), text(event, "outcome")))
        .collect();
    assert_eq!(
        outcomes,
        [("opaque", "ok"), ("opaque", "error"), ("boxed", "error")]
    );
    assert_eq!(captured.events()[0].field("inside"), Some(&true.into()));
    assert_eq!(text(captured.event("boxed"), "error.message"), "zero");
}

#[honey::event]
async fn parent() {
    child().await.unwrap();
    opaque(1).await.unwrap();
}

#[honey::event(boxed)]
async fn child() -> Result<(), String> {
    once().await;
    Ok(())
}

#[tokio::test]
async fn children_of_futures() {
    let captured = capture_async(parent()).await;
    let parent = captured.event("parent");
    for name in ["child", "opaque"] {
        let child = captured.event(name);
        assert_eq!(
            text(child, "trace.parent_id"),
            text(parent, "trace.span_id"),
            "{name}"
        );
    }
}

#[test]
fn a_future_may_go_on_in_another_thread() {
    let mut future = Box::pin(capture_async(async {
        work(1).await.unwrap();
    }));
    assert!(poll(future.as_mut()).is_pending());
    let there = std::thread::spawn(move || poll(future.as_mut()));
    let Poll::Ready(captured) = there.join().unwrap() else {
        panic!("still pending")
    };
    let event = captured.event("work");
    assert_eq!(
        (event.field("before"), event.field("after")),
        (Some(&true.into()), Some(&true.into()))
    );
}

/// What a thread does first may be to begin a child of an event that came to it: that one was once taken for a forked parent's, and lost.
#[test]
fn an_event_that_goes_on_in_a_new_thread_may_have_children_there() {
    #[honey::event]
    async fn moves() {
        once().await;
        honey::in_child_event("in the new thread", || ());
    }
    let mut future = Box::pin(capture_async(moves()));
    assert!(poll(future.as_mut()).is_pending());
    let there = std::thread::spawn(move || poll(future.as_mut()));
    let Poll::Ready(captured) = there.join().unwrap() else {
        panic!("still pending")
    };
    assert_eq!(
        text(captured.event("in the new thread"), "trace.parent_id"),
        text(captured.event("moves"), "trace.span_id")
    );
}

/// The size of a future is what its users pay for when they nest it.
#[test]
fn annotated_futures_stay_small() {
    async fn plain(n: u64) -> u64 {
        once().await;
        n
    }
    #[honey::event]
    async fn annotated(n: u64) -> u64 {
        once().await;
        n
    }
    let (plain, annotated) = (size_of_val(&plain(1)), size_of_val(&annotated(1)));
    assert!(
        annotated <= 2 * plain + 96,
        "{plain} bytes became {annotated}"
    );
}

#[honey::event]
#[tokio::test]
async fn an_annotated_test() -> Result<(), String> {
    work(1).await.map(drop)
}

#[tokio::test]
#[honey::event]
async fn a_test_annotated() -> Result<(), String> {
    work(1).await.map(drop)
}
