//! What waits for one destination.

use std::time::Instant;

use crate::diagnostics::DiagnosticKind;

/// The events that wait for one destination, and what they wait for: see [`Stats::waiting`](crate::Stats::waiting).
///
/// ```
/// for waiting in honey::stats().waiting {
///     println!("{} events wait for {}: {}", waiting.events, waiting.host, waiting.why);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// Where they go: the host of `api_host`, with the port if it names one. Empty for a transmission of the program's own.
    pub host: String,
    /// The dataset; empty for a transmission of the program's own.
    pub dataset: String,
    /// How many there are: queued, or in a request under way.
    pub events: u64,
    /// Requests under way.
    pub requests: u64,
    /// What is wrong with the destination, so that it is left alone for a while; `None`: nothing.
    pub trouble: Option<DiagnosticKind>,
    /// The last failure in the words of the server or the system; empty when [`trouble`](Waiting::trouble) is `None`.
    pub why: String,
    /// When one request will try whether the trouble is over. `None`: there is no trouble, or that request is under way.
    pub next_try: Option<Instant>,
}
