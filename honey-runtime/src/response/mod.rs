//! What became of each event, for those who ask.

mod outcome;
mod queue;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

pub(crate) use outcome::Ending;
pub use outcome::{DiscardReason, DropReason, Outcome};
pub(crate) use queue::ResponseSink;
pub use queue::{RecvError, Responses};

/// Private data of an event that is not sent, only handed back with its response.
pub(crate) type Metadata = Vec<(Cow<'static, str>, Box<dyn Any + Send>)>;

/// A user's function for responses.
pub(crate) type ResponseHandler = Box<dyn FnMut(Response) + Send>;

/// What became of one event, with the metadata it was given.
///
/// Metadata comes back only for events that ended after [`crate::responses`] was first called.
///
/// ```
/// for response in honey::responses() {
///     if let Some(order) = response.metadata::<u64>("order") {
///         println!("order {order}: {:?} after {:?}", response.outcome, response.duration);
///     }
/// }
/// ```
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
    /// From the event's end to its outcome; where tail rules held it, from their decision.
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
