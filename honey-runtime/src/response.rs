//! What became of each event, for those who ask.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, Instant};

use crossbeam_channel::{
    Receiver, RecvTimeoutError, SendTimeoutError, Sender, TrySendError, bounded,
};

use crate::sync::{Arc, AtomicBool, AtomicU64, Ordering};

/// How a timed event ended; becomes its `outcome` field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Ok,
    Error,
    Panic,
    Cancelled,
}

impl Ending {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Ending::Ok => "ok",
            Ending::Error => "error",
            Ending::Panic => "panic",
            Ending::Cancelled => "cancelled",
        }
    }
}

/// What became of one event. Every event that ends has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The server confirmed it.
    Accepted,
    /// The server took the request, but its answer says nothing about this event.
    Unconfirmed,
    /// The server refused it; `status` and `error` say why.
    Rejected,
    /// Not kept by sampling. No error.
    SampledOut,
    /// Given up on the application's wish.
    Discarded(DiscardReason),
    /// Lost, for the reason given.
    Dropped(DropReason),
}

/// Why the application's side gave an event up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiscardReason {
    /// An `Event` was dropped without `send`.
    Unsent,
    /// `EventHandle::discard` was called.
    Requested,
    /// Its `api_host` is empty, or the transmission is `Discard`: events are thrown away on purpose.
    NoDestination,
}

/// Why an event was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// `max_pending_events` or `max_pending_bytes` was reached: the newest event goes.
    QueueFull,
    /// Over `max_event_bytes` even after its longest strings were cut.
    TooLarge,
    /// It had no fields; the server refuses those.
    NoFields,
    /// It ended after `close`.
    Closed,
    /// `close` reached its deadline first. It may still have arrived.
    CloseDeadline,
    /// No answer: connection refused, reset, timed out, name not resolved.
    Transport,
    /// The TLS handshake failed: certificate expired, unknown or for another host.
    Tls,
    /// Not delivered within `max_age` of its end.
    MaxAge,
    /// Not delivered within `max_tries`.
    MaxTries,
    /// A custom transmission left it unsettled.
    Transmission,
    /// The sending thread panicked with it in hand, twice.
    WorkerDied,
}

impl DiscardReason {
    /// Every reason, in the order `Stats` shows them.
    pub const ALL: [DiscardReason; 3] = [
        DiscardReason::Unsent,
        DiscardReason::Requested,
        DiscardReason::NoDestination,
    ];
}

impl DropReason {
    /// Every reason, in the order `Stats` shows them.
    pub const ALL: [DropReason; 11] = [
        DropReason::QueueFull,
        DropReason::TooLarge,
        DropReason::NoFields,
        DropReason::Closed,
        DropReason::CloseDeadline,
        DropReason::Transport,
        DropReason::Tls,
        DropReason::MaxAge,
        DropReason::MaxTries,
        DropReason::Transmission,
        DropReason::WorkerDied,
    ];
}

/// Private data of an event that is not sent, only handed back with its response.
pub(crate) type Metadata = Vec<(Cow<'static, str>, Box<dyn Any + Send>)>;

/// What became of one event, with the metadata it was given.
///
/// Metadata comes back only for events that ended after [`crate::responses`] was first called.
#[non_exhaustive]
pub struct Response {
    /// What became of it.
    pub outcome: Outcome,
    /// The HTTP status of the event, else of its request, if there was an answer.
    pub status: Option<u16>,
    /// The server's text about this event or its request, cut to 1 KiB.
    pub body: Option<String>,
    /// What went wrong, in words; never the key.
    pub error: Option<String>,
    /// From the event's end to its outcome.
    pub duration: Duration,
    pub(crate) metadata: Metadata,
}

impl Response {
    pub(crate) fn new(outcome: Outcome, duration: Duration, metadata: Metadata) -> Self {
        Self {
            outcome,
            status: None,
            body: None,
            error: None,
            duration,
            metadata,
        }
    }

    /// The metadata given under `key`, if it is a `T`; the last one given wins.
    #[must_use]
    pub fn metadata<T: Any>(&self, key: &str) -> Option<&T> {
        let mut newest_first = self.metadata.iter().rev();
        newest_first
            .find(|(name, _)| name == key)
            .and_then(|(_, value)| value.downcast_ref())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.metadata.iter().map(|(key, _)| key).collect();
        f.debug_struct("Response")
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("body", &self.body)
            .field("error", &self.error)
            .field("duration", &self.duration)
            .field("metadata", &keys)
            .finish()
    }
}

/// The receiving end of a client's responses. A second one shares the same queue.
#[derive(Debug, Clone)]
pub struct Responses {
    queue: Option<Receiver<Response>>,
}

impl Responses {
    /// Responses of no client: nothing ever comes.
    pub(crate) fn none() -> Self {
        Self { queue: None }
    }

    /// The next response, if one is there.
    #[must_use]
    pub fn try_recv(&self) -> Option<Response> {
        self.queue.as_ref()?.try_recv().ok()
    }

    /// The next response, waiting for it at most `timeout`.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] when none came in time, [`RecvError::Closed`] when the client is gone and the queue is empty.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Response, RecvError> {
        let queue = self.queue.as_ref().ok_or(RecvError::Closed)?;
        queue.recv_timeout(timeout).map_err(|error| match error {
            RecvTimeoutError::Timeout => RecvError::Timeout,
            RecvTimeoutError::Disconnected => RecvError::Closed,
        })
    }
}

/// Takes what is there now, without waiting; ends when the queue is empty for the moment.
impl Iterator for Responses {
    type Item = Response;

    fn next(&mut self) -> Option<Response> {
        self.try_recv()
    }
}

/// Why no response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecvError {
    /// None within the time given.
    Timeout,
    /// The client is gone, or there never was one.
    Closed,
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RecvError::Timeout => "no response within the time given",
            RecvError::Closed => "no client is live, and no response is left",
        })
    }
}

impl std::error::Error for RecvError {}

/// The sending end: builds nothing until somebody has asked for responses.
pub(crate) struct ResponseSink {
    wanted: AtomicBool,
    sender: Sender<Response>,
    receiver: Receiver<Response>,
    block: bool,
    closing: AtomicBool,
    unread: AtomicU64,
}

/// How often a sender that waits for room looks whether the client closes.
const CLOSE_CHECK_INTERVAL: Duration = Duration::from_millis(100);

impl ResponseSink {
    pub(crate) fn new(capacity: usize, block: bool) -> Arc<Self> {
        let (sender, receiver) = bounded(capacity.max(1));
        Arc::new(Self {
            wanted: AtomicBool::new(false),
            sender,
            receiver,
            block,
            closing: AtomicBool::new(false),
            unread: AtomicU64::new(0),
        })
    }

    /// True once somebody called `responses()`.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    pub(crate) fn subscribe(&self) -> Responses {
        self.wanted.store(true, Ordering::Relaxed);
        Responses {
            queue: Some(self.receiver.clone()),
        }
    }

    /// Hands a response over without waiting; counts it when nobody reads.
    pub(crate) fn offer(&self, response: Response) {
        match self.sender.try_send(response) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => self.count_unread(),
        }
    }

    /// From the ship side, outside all locks: waits for room when `block_on_response` is set, until close.
    pub(crate) fn deliver(&self, response: Response) {
        if !self.block {
            return self.offer(response);
        }
        let mut waiting = response;
        while !self.closing.load(Ordering::Relaxed) {
            let deadline = Instant::now() + CLOSE_CHECK_INTERVAL;
            match self.sender.send_deadline(waiting, deadline) {
                Ok(()) | Err(SendTimeoutError::Disconnected(_)) => return,
                Err(SendTimeoutError::Timeout(back)) => waiting = back,
            }
        }
        self.offer(waiting);
    }

    /// Releases a sender that waits in [`Self::deliver`].
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Responses that nobody had room for.
    pub(crate) fn unread(&self) -> u64 {
        self.unread.load(Ordering::Relaxed)
    }

    fn count_unread(&self) {
        self.unread.fetch_add(1, Ordering::Relaxed);
    }
}
