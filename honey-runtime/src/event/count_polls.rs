//! `async_stats`: how often a future was polled, and how long it was busy.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::handle::EventHandle;
use crate::record::monotonic_ns;
use crate::value::ms;

pin_project! {
    /// See [`count_polls`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct CountPolls<F> {
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
        counts: Counts,
    }

    impl<F> PinnedDrop for CountPolls<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.inner.set(None);
            this.counts.report();
        }
    }
}

struct Counts {
    /// `None` once they were reported, or when there is nobody to report to.
    event: Option<EventHandle>,
    polls: u64,
    busy_ns: u64,
}

/// `inner`, counting its polls and the time spent in them; both become fields of `event` when it is done or dropped.
pub fn count_polls<F: Future>(event: EventHandle, inner: F) -> CountPolls<F> {
    CountPolls {
        inner: Some(inner),
        counts: Counts {
            event: Some(event).filter(EventHandle::is_recording),
            polls: 0,
            busy_ns: 0,
        },
    }
}

impl<F: Future> Future for CountPolls<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Pending;
        };
        if this.counts.event.is_none() {
            return inner.poll(context);
        }
        let busy = Busy {
            counts: this.counts,
            began_ns: monotonic_ns(),
        };
        let polled = inner.poll(context);
        drop(busy);
        if polled.is_ready() {
            this.counts.report();
        }
        polled
    }
}

/// One poll under way. When it panics, there is no later moment to report at.
struct Busy<'a> {
    counts: &'a mut Counts,
    began_ns: u64,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.counts.polls += 1;
        self.counts.busy_ns += monotonic_ns().saturating_sub(self.began_ns);
        if std::thread::panicking() {
            self.counts.report();
        }
    }
}

impl Counts {
    fn report(&mut self) {
        if let Some(event) = self.event.take() {
            event.add_field("poll_count", self.polls);
            event.add_field("busy_ms", ms(Duration::from_nanos(self.busy_ns)));
        }
    }
}
