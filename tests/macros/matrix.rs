//! The outcome matrix: every way to end, for every kind of function.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use honey::testing::{Captured, capture, capture_async};

use crate::text;

/// How long each body is busy.
const BUSY: Duration = Duration::from_micros(300);

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Value,
    EarlyReturn,
    QuestionMark,
    Panic,
    PanicInDrop,
    CaughtPanic,
}

const ENDS: [(End, &str); 6] = [
    (End::Value, "ok"),
    (End::EarlyReturn, "ok"),
    (End::QuestionMark, "error"),
    (End::Panic, "panic"),
    (End::PanicInDrop, "panic"),
    (End::CaughtPanic, "ok"),
];

struct PanicsInDrop;

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic_any(1)
    }
}

/// A side effect, to be seen once.
#[honey::event]
fn side_effect() {
    let began = Instant::now();
    while began.elapsed() < BUSY {
        std::hint::spin_loop();
    }
}

async fn once() {
    let mut first = true;
    std::future::poll_fn(|_| {
        if std::mem::take(&mut first) {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

macro_rules! body {
    ($end:ident $($wait:tt)*) => {{
        side_effect();
        honey::current().add_field("inside", true);
        $($wait)*
        match $end {
            End::Value => {}
            End::EarlyReturn => return Ok(2),
            End::QuestionMark => Err("refused".to_owned())?,
            End::Panic => panic_any(1),
            End::PanicInDrop => drop(PanicsInDrop),
            End::CaughtPanic => assert!(catch_unwind(|| panic_any(1)).is_err()),
        }
        Ok(1)
    }};
}

type Answer = Result<u32, String>;

#[honey::event(name = "subject", fields(?end), err, outcome = true)]
fn sync(end: End) -> Answer {
    body!(end)
}

#[honey::event(name = "subject", fields(?end), err)]
async fn asynchronous(end: End) -> Answer {
    body!(end once().await;)
}

#[honey::event(name = "subject", fields(?end), err, boxed)]
async fn boxed_option(end: End) -> Answer {
    body!(end once().await;)
}

#[honey::event(name = "subject", fields(?end), err)]
fn boxed(end: End) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
    Box::pin(async move { body!(end once().await;) })
}

#[honey::event(name = "subject", fields(?end), err)]
fn opaque(end: End) -> impl Future<Output = Answer> + Send {
    async move { body!(end once().await;) }
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn block<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = poll(future.as_mut()) {
            return output;
        }
    }
}

type Kind = (&'static str, fn(End) -> Answer);

const KINDS: [Kind; 5] = [
    ("sync", sync),
    ("async", |end| block(asynchronous(end))),
    ("boxed option", |end| block(boxed_option(end))),
    ("boxed", |end| block(boxed(end))),
    ("impl Future", |end| block(opaque(end))),
];

/// The outcome, the fields, the one child, and the duration: what the body took, and no more than the whole call did.
#[track_caller]
fn assert_subject(captured: &Captured, outcome: &str, label: &str, took: Duration) {
    let subject = captured.event("subject");
    assert_eq!(text(subject, "outcome"), outcome, "{label}");
    assert_eq!(subject.field("inside"), Some(&true.into()), "{label}");
    assert!(!text(subject, "end").is_empty(), "{label}");
    let failed = matches!(outcome, "error" | "panic");
    assert_eq!(
        subject.field("error"),
        failed.then_some(&true.into()),
        "{label}"
    );
    let child = captured.event("side_effect");
    assert_eq!(
        text(child, "trace.parent_id"),
        text(subject, "trace.span_id"),
        "{label}"
    );
    let duration_ms = subject
        .field("duration_ms")
        .and_then(serde_json::Value::as_f64)
        .unwrap();
    assert!(
        (BUSY.as_secs_f64() * 1e3..=took.as_secs_f64() * 1e3).contains(&duration_ms),
        "{label}: {duration_ms} ms of {took:?}"
    );
    assert_eq!(captured.events().len(), 2, "{label}");
    assert!(captured.stats().is_balanced(), "{label}");
}

#[test]
fn every_end_of_every_kind() {
    for (kind, call) in KINDS {
        for (end, outcome) in ENDS {
            let label = format!("{kind}, {end:?}");
            let began = Instant::now();
            let captured = capture(|| {
                let result = catch_unwind(AssertUnwindSafe(|| call(end)));
                assert_eq!(result.is_err(), outcome == "panic", "{label}");
            });
            assert_subject(&captured, outcome, &label, began.elapsed());
        }
    }
}

type MakeFuture = fn(End) -> Pin<Box<dyn Future<Output = Answer> + Send>>;

const FUTURES: [(&str, MakeFuture); 4] = [
    ("async", |end| Box::pin(asynchronous(end))),
    ("boxed option", |end| Box::pin(boxed_option(end))),
    ("boxed", |end| Box::pin(boxed(end))),
    ("impl Future", |end| Box::pin(opaque(end))),
];

#[test]
fn a_future_that_is_dropped_was_cancelled_and_one_never_polled_never_was() {
    for (kind, make) in FUTURES {
        let began = Instant::now();
        let captured = capture(|| {
            let mut future = make(End::Value);
            assert!(poll(future.as_mut()).is_pending());
        });
        assert_subject(&captured, "cancelled", kind, began.elapsed());
        let captured = capture(|| drop(make(End::Value)));
        assert_eq!(
            (captured.events().len(), captured.stats().created),
            (0, 0),
            "{kind}"
        );
    }
}

#[test]
fn a_future_may_move_between_threads() {
    for (kind, make) in FUTURES {
        let began = Instant::now();
        let mut future = Box::pin(capture_async(async move {
            assert_eq!(make(End::Value).await, Ok(1));
        }));
        assert!(poll(future.as_mut()).is_pending());
        let there = std::thread::spawn(move || poll(future.as_mut()));
        let Poll::Ready(captured) = there.join().unwrap() else {
            panic!("{kind}: still pending")
        };
        assert_subject(&captured, "ok", kind, began.elapsed());
    }
}

macro_rules! nested {
    ($module:ident, $(#[$attribute:meta])?) => {
        mod $module {
            type Argument = [u8; 1024];

            $(#[$attribute])?
            async fn first(argument: Argument) -> usize {
                super::once().await;
                argument.len()
            }

            $(#[$attribute])?
            async fn second(argument: Argument) -> usize {
                first(argument).await
            }

            $(#[$attribute])?
            async fn third(argument: Argument) -> usize {
                second(argument).await
            }

            $(#[$attribute])?
            async fn fourth(argument: Argument) -> usize {
                third(argument).await
            }

            pub(super) fn size() -> usize {
                let future = fourth([0; 1024]);
                let size = size_of_val(&future);
                assert_eq!(super::block(future), 1024);
                size
            }
        }
    };
}

nested!(plain,);
nested!(annotated, #[honey::event]);
nested!(on_the_heap, #[honey::event(boxed)]);

/// The size of a future is what its users pay for when they nest it.
#[test]
fn nested_futures_stay_within_twice_the_plain_size() {
    let (plain, annotated, heap) = (plain::size(), annotated::size(), on_the_heap::size());
    assert!(annotated <= 2 * plain, "{plain} bytes became {annotated}");
    assert!(heap < plain, "boxed: {heap} bytes, plain: {plain}");
}
