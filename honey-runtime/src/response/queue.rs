//! The bounded queue between the threads that settle events and whoever reads the responses.

use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, SendTimeoutError, Sender, TrySendError, bounded, select};

use super::Response;
use crate::isolate;
use crate::process::Origin;
use crate::sync::{Arc, AtomicBool, AtomicU64, Mutex, Ordering};

/// How often a sender that waits for room looks whether the client closes.
const CLOSE_CHECK_INTERVAL: Duration = Duration::from_millis(100);

/// The receiving end of a client's responses. A second one shares the same queue.
///
/// ```
/// use std::time::Duration;
///
/// let mut responses = honey::responses(); // before the events: nothing is kept while nobody asked
/// while let Ok(response) = responses.recv_timeout(Duration::from_millis(10)) {
///     println!("{:?}", response.outcome);
/// }
/// assert!(responses.try_recv().is_none() && responses.next().is_none());
/// ```
#[derive(Clone)]
pub struct Responses {
    sink: Option<Arc<ResponseSink>>,
}

impl Responses {
    /// Responses of no client: nothing ever comes.
    pub(crate) fn none() -> Self {
        Self { sink: None }
    }

    /// The next response, if one is there.
    #[must_use]
    pub fn try_recv(&self) -> Option<Response> {
        self.sink.as_ref()?.queue()?.receiver.try_recv().ok()
    }

    /// The next response, waiting for it at most `timeout`.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] when none came in time, [`RecvError::Closed`] when the client is closed and the queue is empty.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Response, RecvError> {
        let sink = self.sink.as_ref().ok_or(RecvError::Closed)?;
        let queue = sink.queue().ok_or(RecvError::Closed)?;
        select! {
            recv(queue.receiver) -> response => response.map_err(|_| RecvError::Closed),
            // What came before the end is still given out.
            recv(sink.ended) -> _ => queue.receiver.try_recv().map_err(|_| RecvError::Closed),
            default(timeout) => Err(RecvError::Timeout),
        }
    }
}

impl fmt::Debug for Responses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queue = self.sink.as_ref().and_then(|sink| sink.queue.get());
        let waiting = queue.map_or(0, |queue| queue.receiver.len());
        f.debug_struct("Responses")
            .field("waiting", &waiting)
            .finish()
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
///
/// ```
/// use std::time::Duration;
/// use honey::RecvError;
///
/// let responses = honey::responses();
/// loop {
///     match responses.recv_timeout(Duration::from_secs(1)) {
///         Ok(response) => println!("{:?}", response.outcome),
///         Err(RecvError::Timeout) => {} // look whether there is something else to do
///         Err(_) => break,              // closed: no more will come; without a client, at once
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecvError {
    /// None within the time given.
    Timeout,
    /// The client is closed, or there never was one.
    Closed,
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RecvError::Timeout => "no response within the time given",
            RecvError::Closed => "the client is closed, and no response is left",
        })
    }
}

impl std::error::Error for RecvError {}

/// The sending end: builds nothing, and holds no queue, until somebody has asked for responses.
pub(crate) struct ResponseSink {
    wanted: AtomicBool,
    capacity: usize,
    queue: OnceLock<Queue>,
    block: bool,
    closing: AtomicBool,
    origin: Origin,
    /// Dropped at the end, which all who wait at `ended` see.
    open: Mutex<Option<Sender<()>>>,
    ended: Receiver<()>,
    unread: AtomicU64,
}

struct Queue {
    sender: Sender<Response>,
    receiver: Receiver<Response>,
}

impl ResponseSink {
    pub(crate) fn new(capacity: usize, block: bool) -> Arc<Self> {
        let (open, ended) = bounded(0);
        Arc::new(Self {
            wanted: AtomicBool::new(false),
            capacity,
            queue: OnceLock::new(),
            block,
            closing: AtomicBool::new(false),
            origin: Origin::here(),
            open: Mutex::new(Some(open)),
            ended,
            unread: AtomicU64::new(0),
        })
    }

    /// The queue, if somebody asked for responses in this process. Asks the system whether it still is the same: a channel is never
    /// touched in a child process, for a thread of the parent's may be in the midst of it.
    fn queue(&self) -> Option<&Queue> {
        self.queue.get().filter(|_| !self.origin.is_elsewhere())
    }

    /// True once somebody called `responses()`.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    pub(crate) fn subscribe(self: &Arc<Self>) -> Responses {
        self.queue.get_or_init(|| {
            let (sender, receiver) = bounded(self.capacity.max(1));
            Queue { sender, receiver }
        });
        self.wanted.store(true, Ordering::Release);
        Responses {
            sink: Some(Arc::clone(self)),
        }
    }

    /// From a thread of the application: hands a response over without waiting; counts it when nobody reads.
    pub(crate) fn offer(&self, response: Response) {
        self.put(self.queue(), response);
    }

    fn put(&self, queue: Option<&Queue>, response: Response) {
        let Some(queue) = queue else {
            return isolate::discard(response);
        };
        match queue.sender.try_send(response) {
            Ok(()) => {}
            Err(TrySendError::Full(response) | TrySendError::Disconnected(response)) => {
                self.unread.fetch_add(1, Ordering::Relaxed);
                isolate::discard(response);
            }
        }
    }

    /// From the ship side, outside all locks: waits for room when `block_on_response` is set, until close.
    pub(crate) fn deliver(&self, response: Response) {
        let queue = self.queue.get();
        let Some(Queue { sender, .. }) = queue.filter(|_| self.block) else {
            return self.put(queue, response);
        };
        let mut waiting = response;
        while !self.closing.load(Ordering::Relaxed) {
            let deadline = Instant::now() + CLOSE_CHECK_INTERVAL;
            match sender.send_deadline(waiting, deadline) {
                Ok(()) => return,
                Err(SendTimeoutError::Timeout(back) | SendTimeoutError::Disconnected(back)) => {
                    waiting = back;
                }
            }
        }
        self.put(queue, waiting);
    }

    /// Releases a sender that waits in [`Self::deliver`].
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// No response comes after those that are there: readers are told.
    pub(crate) fn end(&self) {
        drop(self.open.lock().take());
    }

    /// Responses that nobody had room for.
    pub(crate) fn unread(&self) -> u64 {
        self.unread.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::Outcome;

    /// The user's, and hostile.
    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "a test of metadata that panics");
        }
    }

    fn response(status: u16) -> Response {
        let metadata = vec![("bomb".into(), Box::new(Bomb) as Box<_>)];
        let mut response = Response::new(Outcome::Accepted, Duration::ZERO, metadata);
        response.status = Some(status);
        response
    }

    /// What was read; its metadata is taken apart where a panic harms nobody.
    fn read(responses: &Responses) -> Vec<Option<u16>> {
        let status_of = |response: Response| {
            let status = response.status;
            isolate::discard(response);
            status
        };
        responses.clone().map(status_of).collect()
    }

    #[test]
    fn what_finds_no_room_is_dropped_and_counted_and_its_metadata_harms_nobody() {
        // Room for one at least.
        let sink = ResponseSink::new(0, false);
        sink.offer(response(1));
        assert_eq!(sink.unread(), 0, "nobody has asked");
        let responses = sink.subscribe();
        for status in 2..=4 {
            sink.offer(response(status));
        }
        assert_eq!(sink.unread(), 2);
        assert_eq!(read(&responses), [Some(2)]);
    }

    #[test]
    fn who_waits_for_a_reader_is_released_by_close() {
        let sink = ResponseSink::new(1, true);
        let responses = sink.subscribe();
        sink.deliver(response(1));
        sink.close();
        sink.deliver(response(2));
        assert_eq!(sink.unread(), 1);
        assert_eq!(read(&responses), [Some(1)]);
        sink.deliver(response(3));
        sink.end();
        let last = responses.recv_timeout(Duration::ZERO);
        assert!(last.is_ok_and(|last| {
            let is_third = last.status == Some(3);
            isolate::discard(last);
            is_third
        }));
        let none = responses.recv_timeout(Duration::from_secs(60));
        assert_eq!(none.err(), Some(RecvError::Closed));
    }
}
