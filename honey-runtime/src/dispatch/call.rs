//! A request that brings no events: the application asks for it, the ship side makes it.

use std::time::Duration;

use crate::record::Destination;
use crate::sync::Arc;

/// See the module.
pub(crate) struct Call {
    /// Host and key; a marker goes to its dataset.
    pub(crate) destination: Arc<Destination>,
    pub(crate) question: Question,
    pub(crate) timeout: Duration,
}

/// What is asked of the server.
pub(crate) enum Question {
    /// `GET /1/auth`: whose key it is.
    Auth,
    /// `POST /1/markers/{dataset}` with this JSON.
    Marker(Vec<u8>),
}

/// What the server said.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Why it said nothing.
#[derive(Debug)]
pub(crate) struct Silence {
    pub(crate) cause: Cause,
    /// In words, without key, password or path.
    pub(crate) why: String,
}

/// Kinds of silence, each with an advice of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Events do not go to a server.
    NotHttp,
    /// The destination is none.
    Unsendable,
    /// The name does not resolve.
    UnknownHost,
    /// Nothing listens there.
    Refused,
    TimedOut,
    Tls,
    /// The proxy would not let it through.
    Proxy,
    /// The connection broke.
    Broken,
    /// The client is closed.
    Closed,
}

pub(crate) type CallResult = Result<Answer, Silence>;

impl Silence {
    pub(crate) fn new(cause: Cause, why: impl Into<String>) -> Self {
        Self {
            cause,
            why: why.into(),
        }
    }
}
