//! One request as it came over the wire.

use std::fmt;
use std::sync::Arc;

use super::{Event, Headers};

/// A request the server answered, whether it liked it or not.
///
/// `Debug` shows sizes in place of the bodies, and masks the key.
///
/// ```
/// # use std::time::Duration;
/// # let server = honey_local::Server::start()?;
/// # let client = honey::Client::new(honey::Config::new("any-key").dataset("shop").api_host(server.url()))?;
/// # honey::with_client(&client, || honey::in_child_event("checkout", || honey::current().add_field("cart.items", 3)));
/// # server.wait_for_events(1, Duration::from_secs(30))?;
/// let request = &server.requests()[0]; // of a server that one event was sent to
/// assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/1/batch/shop"));
/// assert_eq!((request.status, request.events.len()), (200, 1));
/// assert!(request.body.starts_with(b"[{"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The server's running number of this request, from 1.
    pub number: u64,
    /// The method, such as `POST`.
    pub method: String,
    /// The path and query as written: still percent-encoded.
    pub path: String,
    /// The headers.
    pub headers: Headers,
    /// The body as it came, compressed or not; empty when it was over the limit and thrown away.
    pub wire: Arc<[u8]>,
    /// The body uncompressed; empty when it could not be.
    pub body: Arc<[u8]>,
    /// The events that were accepted from it.
    pub events: Vec<Event>,
    /// The status it was answered with.
    pub status: u16,
    /// The body it was answered with.
    pub answer: String,
}

impl Request {
    /// The `Content-Encoding`, `None` when the body came uncompressed.
    #[must_use]
    pub fn encoding(&self) -> Option<&str> {
        self.headers.get("content-encoding")
    }

    /// About what it takes in memory, its events with it: it keeps them alive.
    pub(crate) fn memory_bytes(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        let uncompressed = if Arc::ptr_eq(&self.wire, &self.body) {
            0
        } else {
            self.body.len()
        };
        let texts = self.path.len() + headers + self.wire.len() + uncompressed + self.answer.len();
        size_of::<Self>() + texts + self.events.iter().map(Event::memory_bytes).sum::<usize>()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("wire_bytes", &self.wire.len())
            .field("body_bytes", &self.body.len())
            .field("events", &self.events.len())
            .field("status", &self.status)
            .field("answer", &self.answer)
            .finish()
    }
}
