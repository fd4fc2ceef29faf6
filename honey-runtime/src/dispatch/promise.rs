//! A value that another thread will bring, to be waited for by a thread or by a future of any runtime.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
#[cfg(feature = "http")]
use std::time::Instant;

use crate::process::Origin;
use crate::sync::{Arc, Condvar, Mutex};

/// The end that brings the value. Dropped without one, it says that none will come.
pub(crate) struct Promise<T> {
    shared: Arc<Shared<T>>,
}

/// The end that waits.
pub(crate) struct Promised<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    origin: Origin,
}

struct State<T> {
    value: Option<T>,
    is_over: bool,
    waiting: Option<Waker>,
}

/// Both ends of one.
pub(crate) fn promise<T>() -> (Promise<T>, Promised<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            value: None,
            is_over: false,
            waiting: None,
        }),
        changed: Condvar::new(),
        origin: Origin::here(),
    });
    let promised = Promised {
        shared: Arc::clone(&shared),
    };
    (Promise { shared }, promised)
}

impl<T> Promise<T> {
    /// Brings the value.
    pub(crate) fn keep(self, value: T) {
        self.shared.end(Some(value));
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.shared.end(None);
    }
}

impl<T> Shared<T> {
    fn end(&self, value: Option<T>) {
        let waiting = {
            let mut state = self.state.lock();
            if state.is_over {
                return;
            }
            state.is_over = true;
            state.value = value;
            state.waiting.take()
        };
        self.changed.notify_all();
        if let Some(waker) = waiting {
            waker.wake();
        }
    }
}

impl<T> Promised<T> {
    /// Waits for the value; `None` when none will come, or the deadline came first.
    #[cfg(feature = "http")]
    pub(crate) fn wait(self, deadline: Instant) -> Option<T> {
        let mut state = self.shared.state.lock();
        while !state.is_over && Instant::now() < deadline {
            state = self.shared.changed.wait_until(state, deadline);
        }
        state.value.take()
    }
}

/// `None`: none will come. In a child process that is so with every promise of the parent.
impl<T> Future for Promised<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(mut state) = self.shared.origin.lock(&self.shared.state) else {
            return Poll::Ready(None);
        };
        if state.is_over {
            return Poll::Ready(state.value.take());
        }
        if self.shared.origin.is_elsewhere() {
            return Poll::Ready(None);
        }
        state.waiting = Some(context.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "http")]
    #[test]
    fn a_value_a_broken_promise_and_a_deadline() {
        let far = Instant::now() + std::time::Duration::from_secs(30);
        let (promise, promised) = promise();
        let bringer = std::thread::spawn(move || promise.keep(7));
        assert_eq!(promised.wait(far), Some(7));
        assert!(bringer.join().is_ok());
        let (promise, promised) = super::promise::<u8>();
        drop(promise);
        assert_eq!(promised.wait(far), None);
        let (_promise, promised) = super::promise::<u8>();
        assert_eq!(promised.wait(Instant::now()), None);
    }

    #[test]
    fn a_future_is_woken() {
        let (promise, promised) = promise();
        let mut promised = Box::pin(promised);
        let mut context = Context::from_waker(Waker::noop());
        assert!(promised.as_mut().poll(&mut context).is_pending());
        promise.keep("x");
        assert_eq!(promised.as_mut().poll(&mut context), Poll::Ready(Some("x")));
    }
}
