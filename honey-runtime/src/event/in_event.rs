//! The future that an event goes with: current at every poll, and while the inner future is dropped.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::rollup::{RollupEntered, RollupStarted};
use super::start::{Subject, start_live};
use super::timed::{Entered, Started};
use crate::client::live;

/// What a future may carry from poll to poll.
pub trait Carried: Sized {
    /// The same, while a poll is under way. Dropped, it ends.
    type Entered;

    /// For the length of a poll.
    fn enter(self) -> Self::Entered;
    /// The poll is over, and the future is not done.
    fn leave(entered: Self::Entered) -> Self;
    /// Whether it was entered once.
    fn is_running(&self) -> bool;
}

impl Carried for Started {
    type Entered = Entered;

    #[inline]
    fn enter(self) -> Entered {
        Started::enter(self)
    }

    #[inline]
    fn leave(entered: Entered) -> Self {
        entered.leave()
    }

    fn is_running(&self) -> bool {
        Started::is_running(self)
    }
}

impl Carried for RollupStarted {
    type Entered = RollupEntered;

    fn enter(self) -> RollupEntered {
        RollupStarted::enter(self)
    }

    fn leave(entered: RollupEntered) -> Self {
        entered.leave()
    }

    fn is_running(&self) -> bool {
        RollupStarted::is_running(self)
    }
}

/// The event between two polls: `None` while a poll has it entered, and once it has ended. Never locked; the `Mutex` makes a
/// future as `Sync` and `UnwindSafe` as it was without its annotation.
pub(crate) type Between<S> = Mutex<Option<S>>;

pub(crate) fn between<S>(started: &mut Between<S>) -> &mut Option<S> {
    started.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// Drops a future that is not done inside its event, which then ends as cancelled, or as panicked. One that was never entered is as if
/// it had never been.
pub(crate) fn drop_inside<S: Carried>(started: &mut Between<S>, drop_inner: impl FnOnce()) {
    if let Some(started) = between(started).take().filter(S::is_running) {
        let entered = started.enter();
        drop_inner();
        drop(S::leave(entered));
    }
}

pin_project! {
    /// See [`in_event`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct InEvent<F, C, S: Carried = Started> {
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
        started: Between<S>,
        on_ready: Option<C>,
    }

    impl<F, C, S: Carried> PinnedDrop for InEvent<F, C, S> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            drop_inside(this.started, || this.inner.set(None));
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
    carried(started, inner, on_ready)
}

/// The same for a call that goes into the event around it.
#[inline]
pub fn in_rollup<F, C>(
    started: RollupStarted,
    inner: F,
    on_ready: C,
) -> InEvent<F, C, RollupStarted>
where
    F: Future,
    C: FnOnce(&mut RollupEntered, &F::Output),
{
    carried(started, inner, on_ready)
}

#[inline]
fn carried<F, C, S: Carried>(started: S, inner: F, on_ready: C) -> InEvent<F, C, S> {
    InEvent {
        inner: Some(inner),
        started: Mutex::new(Some(started)),
        on_ready: Some(on_ready),
    }
}

impl<F, C, S> Future for InEvent<F, C, S>
where
    F: Future,
    S: Carried,
    C: FnOnce(&mut S::Entered, &F::Output),
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
            Poll::Pending => *started = Some(S::leave(entered)),
            Poll::Ready(output) => {
                if let Some(on_ready) = this.on_ready.take() {
                    on_ready(&mut entered, output);
                }
            }
        }
        polled
    }
}

pin_project! {
    /// See [`FutureExt::in_child_event`](crate::FutureExt::in_child_event).
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct InChildEvent<F> {
        // `None` after the first poll, which begins the event.
        name: Option<&'static str>,
        started: Between<Started>,
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
    }

    impl<F> PinnedDrop for InChildEvent<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            drop_inside(this.started, || this.inner.set(None));
        }
    }
}

impl<F> InChildEvent<F> {
    pub(super) fn new(name: &'static str, inner: F) -> Self {
        Self {
            name: Some(name),
            started: Mutex::new(None),
            inner: Some(inner),
        }
    }
}

impl<F: Future> Future for InChildEvent<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Pending;
        };
        let started = between(this.started);
        let event = match this.name.take() {
            Some(name) if live::any() => Some(start_live(Subject::Name(name))),
            _ => started.take(),
        };
        let Some(event) = event else {
            return inner.poll(context);
        };
        let entered = event.enter();
        let polled = inner.poll(context);
        if polled.is_pending() {
            *started = Some(entered.leave());
        }
        polled
    }
}
