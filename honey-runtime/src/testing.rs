//! Seeing in a test what code emits: no globals, no network, no waiting, in parallel with other tests.
//!
//! Events go through the real encoder, so what a test sees is what would be sent.

use std::future::Future;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::client::Client;
use crate::event::{FutureExt, with_client};
use crate::sender::{CaptureShip, Encoded};
use crate::stats::Stats;
use crate::sync::{Arc, Mutex};
use crate::transmission::{Batch, BatchEvent, Transmission};

/// What `work` emits: on this thread, and in futures and threads that carry the event or client along
/// ([`in_current_event`](crate::FutureExt::in_current_event), [`scope`](crate::scope)). A task given to another thread by a
/// plain `spawn` is not seen.
///
/// ```
/// #[honey::event(fields(items))]
/// fn checkout(items: u64) {
///     honey::current().add_field("cart.total_usd", 9.5);
/// }
///
/// let captured = honey::testing::capture(|| checkout(3));
/// let event = captured.event("checkout");
/// assert_eq!(event.field("items"), Some(&3.into()));
/// assert_eq!(event.field("outcome"), Some(&"ok".into()));
/// ```
pub fn capture(work: impl FnOnce()) -> Captured {
    let (client, ship) = crate::init::capture_client();
    with_client(&client, work);
    Captured::of(&client, &ship)
}

/// What `future` emits, on whatever threads it is polled.
///
/// ```
/// # async fn test() {
/// let captured = honey::testing::capture_async(async { honey::start_child("job"); }).await;
/// assert_eq!(captured.events().len(), 1);
/// # }
/// ```
pub async fn capture_async(future: impl Future<Output = ()>) -> Captured {
    let (client, ship) = crate::init::capture_client();
    future.with_client(&client).await;
    Captured::of(&client, &ship)
}

/// A transmission that keeps what it is given, for tests of a whole program: of its own `init`, its threads, its batches. For the
/// events of a piece of code [`capture`] is simpler, and needs no client. Clones keep the same list.
///
/// ```
/// use std::time::Duration;
/// use honey::testing::Capture;
///
/// # fn main() -> Result<(), honey::InitError> {
/// let capture = Capture::new();
/// let guard = honey::init(honey::Config::new("").dataset("shop").transmission(capture.clone()))?;
/// std::thread::spawn(|| drop(honey::start_child("job"))).join().ok();
/// guard.close(Duration::from_secs(5));
///
/// let events = capture.take();
/// assert_eq!((events[0].name(), events[0].dataset()), (Some("job"), "shop"));
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

/// Captured events, in the order they ended on each thread.
#[derive(Debug, Clone)]
pub struct Captured {
    events: Vec<CapturedEvent>,
    stats: Stats,
}

impl Captured {
    fn of(client: &Client, ship: &Arc<CaptureShip>) -> Self {
        // Collects what the threads hold; there is nobody to wait for.
        let _ = client.flush(Duration::ZERO);
        let events = ship.take().iter().map(CapturedEvent::of).collect();
        Self {
            events,
            stats: client.stats(),
        }
    }

    /// All of them.
    #[must_use]
    pub fn events(&self) -> &[CapturedEvent] {
        &self.events
    }

    /// The only event of this name.
    ///
    /// # Panics
    /// When there is none, or more than one: the message lists the names that there are.
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion for tests")]
    pub fn event(&self, name: &str) -> &CapturedEvent {
        let mut found = self
            .events
            .iter()
            .filter(|event| event.name() == Some(name));
        match (found.next(), found.next()) {
            (Some(event), None) => event,
            (first, _) => {
                let names: Vec<_> = self
                    .events
                    .iter()
                    .map(|event| event.name().unwrap_or("-"))
                    .collect();
                let problem = if first.is_some() {
                    "more than one"
                } else {
                    "no"
                };
                panic!("{problem} event named `{name}` among {names:?}")
            }
        }
    }

    /// The balance of the capture.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats.clone()
    }
}

/// One event as it would have been sent.
#[derive(Debug, Clone)]
pub struct CapturedEvent {
    data: Map<String, Json>,
    sample_rate: u64,
    time: String,
    dataset: String,
}

impl CapturedEvent {
    /// Reads what the encoder wrote, which is an object with these members or a bug.
    fn of(encoded: &Encoded) -> Self {
        Self::read(encoded).unwrap_or_else(|| {
            let text = String::from_utf8_lossy(&encoded.json);
            unreachable!("honey wrote an event that cannot be read: {text}")
        })
    }

    fn read(encoded: &Encoded) -> Option<Self> {
        let mut event: Json = serde_json::from_slice(&encoded.json).ok()?;
        let Json::Object(data) = event.get_mut("data")?.take() else {
            return None;
        };
        let sample_rate = match event.get("samplerate") {
            Some(rate) => rate.as_u64()?,
            None => 1,
        };
        let time = event.get("time")?.as_str()?.to_owned();
        Some(Self {
            data,
            sample_rate,
            time,
            dataset: encoded.dataset.clone(),
        })
    }

    /// The event's name, if it is a timed one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.data.get("name")?.as_str()
    }

    /// One field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Json> {
        self.data.get(key)
    }

    /// All fields.
    #[must_use]
    pub fn data(&self) -> &Map<String, Json> {
        &self.data
    }

    /// The rate sent along; 1 when none is.
    #[must_use]
    pub fn sample_rate(&self) -> u64 {
        self.sample_rate
    }

    /// The event's time, RFC 3339 in UTC with nanoseconds.
    #[must_use]
    pub fn time(&self) -> &str {
        &self.time
    }

    /// The dataset it goes to.
    #[must_use]
    pub fn dataset(&self) -> &str {
        &self.dataset
    }
}
