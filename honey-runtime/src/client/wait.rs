//! Waiting for a flush in asynchronous code, in any runtime.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::Inner;
use crate::process::PerProcess;
use crate::sync::{Arc, AtomicUsize, Mutex, Ordering};

/// See [`flush_async`](crate::flush_async). It runs from the moment it is made, polled or not.
#[must_use = "await it to learn whether everything was settled"]
pub struct FlushFuture {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    settled: Option<bool>,
    waiting: Option<Waker>,
}

impl FlushFuture {
    pub(crate) fn ready(settled: bool) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                settled: Some(settled),
                waiting: None,
            })),
        }
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
    let state = Arc::new(Mutex::new(State::default()));
    let shared = Arc::clone(&state);
    let waits = std::thread::Builder::new()
        .name("honey-flush".to_owned())
        .spawn(move || {
            let _place = place;
            let settled = client.flush(timeout);
            let waiting = {
                let mut state = shared.lock();
                state.settled = Some(settled);
                state.waiting.take()
            };
            if let Some(waker) = waiting {
                waker.wake();
            }
        });
    if waits.is_err() {
        // No thread to be had: the caller learns that nothing is certain.
        return FlushFuture::ready(false);
    }
    FlushFuture { state }
}

impl Future for FlushFuture {
    type Output = bool;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        let mut state = self.state.lock();
        if let Some(settled) = state.settled {
            return Poll::Ready(settled);
        }
        state.waiting = Some(context.waker().clone());
        Poll::Pending
    }
}
