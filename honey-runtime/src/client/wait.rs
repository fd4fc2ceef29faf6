//! Waiting for a flush in asynchronous code, in any runtime.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Inner;
use crate::dispatch::{Promised, promise};
use crate::process::PerProcess;
use crate::sync::{Arc, AtomicUsize, Ordering};

/// See [`flush_async`](crate::flush_async). It runs from the moment it is made, polled or not.
///
/// ```
/// # use std::time::Duration;
/// # async fn end_of_invocation() {
/// let is_settled: bool = honey::flush_async(Duration::from_secs(2)).await;
/// # drop(is_settled);
/// # }
/// ```
#[must_use = "await it to learn whether everything was settled"]
pub struct FlushFuture {
    settled: Promised<bool>,
}

impl FlushFuture {
    pub(crate) fn ready(settled: bool) -> Self {
        let (promise, promised) = promise();
        promise.keep(settled);
        Self { settled: promised }
    }
}

/// Flushes that wait at the same time in one process, at most: each has a thread.
const MOST_WAITING: usize = 32;

static WAITING: PerProcess<AtomicUsize> = PerProcess::new(AtomicUsize::default);

/// One of the flushes that wait.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let taken = WAITING.get().fetch_add(1, Ordering::Relaxed);
        // Made in any case: dropping it gives back what was added.
        Some(Self).filter(|_| taken < MOST_WAITING)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        WAITING.get().fetch_sub(1, Ordering::Relaxed);
    }
}

/// A thread waits in the runtime's stead: a flush is rare, and no runtime's timer or reactor is needed.
pub(crate) fn flush_async(client: Arc<Inner>, timeout: Duration) -> FlushFuture {
    let Some(place) = Place::take() else {
        return FlushFuture::ready(false);
    };
    let (promise, settled) = promise();
    // No thread to be had: the promise is broken, and the caller learns that nothing is certain.
    let _ = std::thread::Builder::new()
        .name("honey-flush".to_owned())
        .spawn(move || {
            let _place = place;
            promise.keep(client.flush(timeout));
        });
    FlushFuture { settled }
}

impl Future for FlushFuture {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        let settled = Pin::new(&mut self.settled).poll(context);
        settled.map(|settled| settled.unwrap_or(false))
    }
}
