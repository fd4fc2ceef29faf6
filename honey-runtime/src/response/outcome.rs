//! How events end, and what may become of them.

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
///
/// ```
/// use honey::{DropReason, Outcome};
///
/// let alert = |outcome| match outcome {
///     Outcome::Accepted | Outcome::Unconfirmed | Outcome::SampledOut | Outcome::Discarded(_) => false,
///     Outcome::Dropped(DropReason::Closed) => false,
///     _ => true,
/// };
/// assert!(alert(Outcome::Rejected) && !alert(Outcome::Accepted));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The server confirmed it.
    Accepted,
    /// The server took the request, but its answer says nothing about this event.
    Unconfirmed,
    /// The server, or the transmission, refused it; `status` and `body` say why.
    Rejected,
    /// Not kept by sampling. No error.
    SampledOut,
    /// Given up on the application's wish.
    Discarded(DiscardReason),
    /// Lost, for the reason given.
    Dropped(DropReason),
}

/// Why the application's side gave an event up.
///
/// ```
/// use honey::{DiscardReason, Outcome};
///
/// /// An `Event` that nobody sent is a mistake in the program; the others are wishes.
/// fn is_mistake(outcome: Outcome) -> bool {
///     outcome == Outcome::Discarded(DiscardReason::Unsent)
/// }
/// assert!(!is_mistake(Outcome::Discarded(DiscardReason::TooFast)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiscardReason {
    /// An `Event` was dropped without `send`.
    Unsent,
    /// `EventHandle::discard` was called.
    Requested,
    /// It was ok, and faster than its `min_duration`.
    TooFast,
    /// Its `api_host` is empty, or its transmission discarded it: it was thrown away on purpose.
    NoDestination,
    /// The function given to [`Config::before_send`](crate::Config::before_send) discarded it.
    BeforeSend,
}

/// Why an event was lost.
///
/// ```
/// use honey::DropReason;
///
/// let dropped = honey::stats().dropped;
/// if dropped.by(DropReason::QueueFull) > 0 {
///     eprintln!("more events than the network takes: sample, or raise `max_pending_bytes`");
/// }
/// ```
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
    /// The transmission failed, panicked, or gave it no outcome: see [`Transmission`](crate::transmission::Transmission).
    Transmission,
    /// The sending thread panicked with it in hand, twice.
    WorkerDied,
    /// The function given to [`Config::before_send`](crate::Config::before_send) panicked: what it would have taken out must not
    /// leave.
    BeforeSend,
}

impl DiscardReason {
    /// Every reason, in the order `Stats` shows them.
    pub const ALL: [DiscardReason; 5] = [
        DiscardReason::Unsent,
        DiscardReason::Requested,
        DiscardReason::TooFast,
        DiscardReason::NoDestination,
        DiscardReason::BeforeSend,
    ];
}

impl DropReason {
    /// Every reason, in the order `Stats` shows them.
    pub const ALL: [DropReason; 12] = [
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
        DropReason::BeforeSend,
    ];
}
