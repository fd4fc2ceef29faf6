//! A transmission for tests of whole programs.

use std::time::Duration;

use super::CapturedEvent;
use crate::sender::Encoded;
use crate::sync::{Arc, Mutex};
use crate::transmission::{Batch, BatchEvent, Transmission};

/// A transmission that keeps what it is given, for tests of a whole program: of its own `init`, its threads, its batches. For the
/// events of a piece of code [`capture`](super::capture) is simpler, and needs no client. Clones keep the same list.
///
/// ```
/// use std::time::Duration;
/// use honey::testing::{Capture, Events};
///
/// # fn main() -> Result<(), honey::InitError> {
/// let capture = Capture::new();
/// let guard = honey::init(honey::Config::new("").dataset("shop").transmission(capture.clone()))?;
/// std::thread::spawn(|| drop(honey::start_child("job"))).join().ok();
/// guard.close(Duration::from_secs(5));
///
/// let events = capture.take();
/// let job = Events::of(&events).named("job").one();
/// assert_eq!(job.dataset(), "shop");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Capture {
    events: Arc<Mutex<Vec<CapturedEvent>>>,
}

impl Capture {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes out what has come so far, in the order it came. Flush before, or close.
    #[must_use]
    pub fn take(&self) -> Vec<CapturedEvent> {
        std::mem::take(&mut *self.events.lock())
    }
}

impl Transmission for Capture {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        let encoded = |event: &BatchEvent<'_>| Encoded {
            json: event.json().to_owned(),
            dataset: event.dataset().to_owned(),
        };
        for event in batch.events() {
            self.events.lock().push(CapturedEvent::of(&encoded(&event)));
            event.accept();
        }
    }

    fn flush(&mut self, _timeout: Duration) {}
}
