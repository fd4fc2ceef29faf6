//! The bounded queue between the threads that settle events and whoever reads the responses.

use std::fmt;
use std::time::{Duration, Instant};

use crossbeam_channel::{
    Receiver, RecvTimeoutError, SendTimeoutError, Sender, TrySendError, bounded,
};

use super::Response;
use crate::sync::{Arc, AtomicBool, AtomicU64, Ordering};

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
