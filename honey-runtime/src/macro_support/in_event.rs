//! The future that an event goes with: current at every poll, and while the inner future is dropped.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Entered, Started};

/// The event between two polls: `None` while a poll has it entered, and once it has ended. Never locked; the `Mutex` makes a
/// future as `Sync` and `UnwindSafe` as it was without its annotation.
type Between = Mutex<Option<Started>>;

fn between(started: &mut Between) -> &mut Option<Started> {
    started.get_mut().unwrap_or_else(PoisonError::into_inner)
}

pin_project! {
    /// See [`in_event`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct InEvent<F, C> {
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
        started: Between,
        on_ready: Option<C>,
    }

    impl<F, C> PinnedDrop for InEvent<F, C> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // Never polled: as if it had never been.
            if let Some(started) = between(this.started).take().filter(Started::is_running) {
                let entered = started.enter();
                this.inner.set(None);
                // As one that has left, the event ends as cancelled, or as panicked.
                drop(entered.leave());
            }
        }
    }
}

/// `inner`, in an event that has begun: its clock starts at the first poll, and `on_ready` looks at what `inner` resolves to.
#[inline]
pub fn in_event<F, C>(started: Started, inner: F, on_ready: C) -> InEvent<F, C>
where
    F: Future,
    C: FnOnce(&mut Entered, &F::Output),
{
    InEvent {
        inner: Some(inner),
        started: Mutex::new(Some(started)),
        on_ready: Some(on_ready),
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
        let started = between(this.started);
        let Some(event) = started.take() else {
            // After the end: whatever the inner future does then.
            return inner.poll(context);
        };
        // When the poll panics, `entered` is dropped and ends the event as panicked.
        let mut entered = event.enter();
        let polled = inner.poll(context);
        match &polled {
            Poll::Pending => *started = Some(entered.leave()),
            Poll::Ready(output) => {
                if let Some(on_ready) = this.on_ready.take() {
                    on_ready(&mut entered, output);
                }
            }
        }
        polled
    }
}
