//! An answer prepared by a test.

use std::fmt;
use std::time::Duration;

/// What to answer in place of the server's own judgement: see [`Server::respond_next`](crate::Server::respond_next).
///
/// ```
/// use std::time::Duration;
/// use honey_local::{Answer, Server};
///
/// let server = Server::start()?;
/// // The events arrive, but the client does not learn it in time: it sends them again.
/// server.respond_next(1, Answer::new(202).delay(Duration::from_secs(15)).keep_events());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) delay: Duration,
    pub(super) keep_events: bool,
}

impl Answer {
    /// An answer with this status, an empty body and no further headers.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
            delay: Duration::ZERO,
            keep_events: false,
        }
    }

    /// The body; its type is given as JSON unless a header says otherwise.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: impl fmt::Display, value: impl fmt::Display) -> Self {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// Waits this long before it answers.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Keeps the request's good events, as if they had arrived and only the answer went wrong.
    #[must_use]
    pub fn keep_events(mut self) -> Self {
        self.keep_events = true;
        self
    }
}
