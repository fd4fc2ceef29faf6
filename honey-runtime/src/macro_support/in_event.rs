//! The future that an event goes with: current at every poll, and while the inner future is dropped.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Entered, Started};

pin_project! {
    /// See [`in_event`] and [`in_late_event`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct InEvent<F, C> {
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
        // `None` while a poll has the event entered, and once it has ended.
        started: Option<Started>,
        on_ready: Option<C>,
        // Not polled yet, and the clock waits for that.
        is_waiting: bool,
    }

    impl<F, C> PinnedDrop for InEvent<F, C> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            match this.started.take() {
                None => {}
                Some(started) if *this.is_waiting => started.abandon(),
                Some(started) => {
                    let entered = started.enter();
                    this.inner.set(None);
                    // As one that has left, the event ends as cancelled, or as panicked.
                    drop(entered.leave());
                }
            }
        }
    }
}

/// `inner`, in an event that has just started, for an `async fn`: its body runs at the first poll.
#[inline]
pub fn in_event<F, C>(started: Started, inner: F, on_ready: C) -> InEvent<F, C>
where
    F: Future,
    C: FnOnce(&mut Entered, &F::Output),
{
    InEvent::new(started, inner, on_ready, false)
}

/// `inner`, in an event whose clock starts at the first poll. Without one there is no event.
#[inline]
pub fn in_late_event<F, C>(started: Started, inner: F, on_ready: C) -> InEvent<F, C>
where
    F: Future,
    C: FnOnce(&mut Entered, &F::Output),
{
    InEvent::new(started, inner, on_ready, true)
}

impl<F, C> InEvent<F, C> {
    #[inline]
    fn new(started: Started, inner: F, on_ready: C, is_waiting: bool) -> Self {
        Self {
            inner: Some(inner),
            started: Some(started),
            on_ready: Some(on_ready),
            is_waiting,
        }
    }
}

impl<F, C> Future for InEvent<F, C>
where
    F: Future,
    C: FnOnce(&mut Entered, &F::Output),
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Pending;
        };
        let Some(mut started) = this.started.take() else {
            // After the end: whatever the inner future does then.
            return inner.poll(context);
        };
        if mem::take(this.is_waiting) {
            started.restart_clock();
        }
        // When the poll panics, `entered` is dropped and ends the event as panicked.
        let mut entered = started.enter();
        let polled = inner.poll(context);
        match &polled {
            Poll::Pending => *this.started = Some(entered.leave()),
            Poll::Ready(output) => {
                if let Some(on_ready) = this.on_ready.take() {
                    on_ready(&mut entered, output);
                }
            }
        }
        polled
    }
}
