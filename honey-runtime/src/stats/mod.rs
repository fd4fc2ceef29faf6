//! The balance: what was created, and what became of it; what waits, and for what.

mod reasons;
mod waiting;
mod words;

pub use reasons::{Discarded, Dropped};
pub use waiting::Waiting;

use crate::diagnostics::Diagnostic;

/// What a client has done so far, taken at one moment. Printed with `{}` it is one line, with `{:#}` a few, which say what to do too.
///
/// `created == sampled_out + discarded + delivered() + rejected + dropped + pending`, exactly, with `pending` counted where the
/// events are and not by subtraction: [`Stats::is_balanced`] can fail, and a test suite should ask it.
///
/// ```
/// # use honey::DropReason;
/// let stats = honey::stats();
/// assert!(stats.is_balanced());
/// if stats.dropped.total() > 0 {
///     println!("{} lost since the queue was full", stats.dropped.by(DropReason::QueueFull));
/// }
/// println!("{stats:#}");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Events that have ended: sent, given up, or their function returned.
    pub created: u64,
    /// Not kept by sampling.
    pub sampled_out: u64,
    /// Given up on the application's wish, by reason.
    pub discarded: Discarded,
    /// Confirmed by the server, each one.
    pub accepted: u64,
    /// In a request that the server took, with an answer that says nothing of them.
    pub unconfirmed: u64,
    /// Refused by the server.
    pub rejected: u64,
    /// Lost, by reason.
    pub dropped: Dropped,
    /// On their way: with their threads, queued, or in a request.
    pub pending: u64,
    /// Of those that are pending: held until their trace is decided; see [`TailRules`](crate::sampling::TailRules).
    pub held: u64,
    /// Traces that were decided before their local root ended.
    pub decided_early: u64,
    /// Begun and not ended yet; not part of the balance.
    pub open: u64,
    /// Fields written to an event after it had ended.
    pub late_fields: u64,
    /// Fields refused because an event held too many, or too much text.
    pub refused_fields: u64,
    /// Fields written by user code that honey itself was running (a `Display`, a dynamic field) to an event, and left out.
    pub reentrant: u64,
    /// Panics in user code that honey was running: a `Display`, a dynamic field, a rule's function, `before_send`.
    pub user_panics: u64,
    /// Values that could not be recorded: NaN, infinities, failed `Serialize`, a dynamic field's `Err`.
    pub bad_values: u64,
    /// Fields sent as `app.NAME`, because a timed event sets NAME itself.
    pub renamed_fields: u64,
    /// Events sent with strings cut or fields left out to fit the server's limits.
    pub truncated: u64,
    /// Requests and messages whose headers name an event of another process in a way that cannot be read; see
    /// [`propagation`](crate::propagation).
    pub refused_contexts: u64,
    /// Responses that found their queue full.
    pub unread_responses: u64,
    /// HTTP requests begun, retries included.
    pub requests: u64,
    /// Requests begun again after a failure.
    pub retries: u64,
    /// Bytes of request bodies handed to the network, after compression.
    pub body_bytes: u64,
    /// What waits to be sent, by destination, and what for: the 16 destinations with the most events. What a thread has recorded
    /// since the last sweep is in `pending` only.
    pub waiting: Vec<Waiting>,
    /// What went wrong so far, by kind, what happened last first. Also what nobody was told: once a minute for each kind a message
    /// goes to stderr or to [`Config::on_diagnostic`](crate::Config::on_diagnostic), and none with
    /// [`Config::silent`](crate::Config::silent).
    pub diagnostics: Vec<Diagnostic>,
}

impl Stats {
    /// Events that reached the server: accepted and unconfirmed.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.accepted + self.unconfirmed
    }

    /// Whether every event is accounted for.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.created == self.accounted_for()
    }

    fn accounted_for(&self) -> u64 {
        self.sampled_out
            + self.discarded.total()
            + self.delivered()
            + self.rejected
            + self.dropped.total()
            + self.pending
    }
}
