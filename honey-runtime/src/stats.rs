//! The balance: what was created, and what became of it.

use std::fmt;

use crate::response::{DiscardReason, DropReason};

/// Counts by drop reason.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped([u64; DropReason::ALL.len()]);

/// Counts by discard reason.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Discarded([u64; DiscardReason::ALL.len()]);

impl Dropped {
    /// Events lost for this reason.
    #[must_use]
    pub fn by(&self, reason: DropReason) -> u64 {
        self.0[reason as usize]
    }

    /// Events lost, whatever the reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(crate) fn add(&mut self, reason: DropReason, events: u64) {
        self.0[reason as usize] += events;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}

impl Discarded {
    /// Events given up for this reason.
    #[must_use]
    pub fn by(&self, reason: DiscardReason) -> u64 {
        self.0[reason as usize]
    }

    /// Events given up, whatever the reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(crate) fn add(&mut self, reason: DiscardReason, events: u64) {
        self.0[reason as usize] += events;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}

/// The reasons that are not 0.
impl fmt::Debug for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = DropReason::ALL.map(|reason| (reason, self.by(reason)));
        f.debug_map()
            .entries(counts.into_iter().filter(|(_, count)| *count > 0))
            .finish()
    }
}

/// The reasons that are not 0.
impl fmt::Debug for Discarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = DiscardReason::ALL.map(|reason| (reason, self.by(reason)));
        f.debug_map()
            .entries(counts.into_iter().filter(|(_, count)| *count > 0))
            .finish()
    }
}

/// `queue full 2, max age 1`; `none` when nothing was lost.
impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_counts(
            f,
            &DropReason::ALL.map(|reason| (reason.as_str(), self.by(reason))),
        )
    }
}

/// `unsent 2, requested 1`; `none` when nothing was given up.
impl fmt::Display for Discarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_counts(
            f,
            &DiscardReason::ALL.map(|reason| (reason.as_str(), self.by(reason))),
        )
    }
}

/// What a client has done so far, taken at one moment.
///
/// `created == sampled_out + discarded + delivered() + rejected + dropped + pending`, exactly, with `pending` counted where the
/// events are and not by subtraction: [`Stats::is_balanced`] can fail, and a test suite should ask it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// `created 10 = delivered 8 + dropped 2 (queue full 2)`, leaving out what is 0.
impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = if self.is_balanced() { '=' } else { '≠' };
        write!(
            f,
            "created {} {relation} delivered {}",
            self.created,
            self.delivered()
        )?;
        if self.unconfirmed > 0 {
            write!(f, " ({} unconfirmed)", self.unconfirmed)?;
        }
        for (name, count) in [
            ("rejected", self.rejected),
            ("sampled out", self.sampled_out),
        ] {
            if count > 0 {
                write!(f, " + {name} {count}")?;
            }
        }
        if self.discarded.total() > 0 {
            write!(
                f,
                " + discarded {} ({})",
                self.discarded.total(),
                self.discarded
            )?;
        }
        if self.dropped.total() > 0 {
            write!(f, " + dropped {} ({})", self.dropped.total(), self.dropped)?;
        }
        if self.pending > 0 {
            write!(f, " + pending {}", self.pending)?;
            if self.held > 0 {
                write!(f, " ({} held)", self.held)?;
            }
        }
        Ok(())
    }
}

fn write_counts(f: &mut fmt::Formatter<'_>, counts: &[(&str, u64)]) -> fmt::Result {
    let mut separator = "";
    for (reason, count) in counts.iter().filter(|(_, count)| *count > 0) {
        write!(f, "{separator}{reason} {count}")?;
        separator = ", ";
    }
    if separator.is_empty() {
        f.write_str("none")
    } else {
        Ok(())
    }
}

impl DropReason {
    /// The reason in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DropReason::QueueFull => "queue full",
            DropReason::TooLarge => "too large",
            DropReason::NoFields => "no fields",
            DropReason::Closed => "ended after close",
            DropReason::CloseDeadline => "close deadline",
            DropReason::Transport => "transport",
            DropReason::Tls => "tls",
            DropReason::MaxAge => "max age",
            DropReason::MaxTries => "max tries",
            DropReason::Transmission => "transmission",
            DropReason::WorkerDied => "worker died",
            DropReason::BeforeSend => "before_send panicked",
        }
    }
}

impl DiscardReason {
    /// The reason in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DiscardReason::Unsent => "unsent",
            DiscardReason::Requested => "requested",
            DiscardReason::TooFast => "too fast",
            DiscardReason::NoDestination => "no destination",
            DiscardReason::BeforeSend => "before_send",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_what_is_not_zero_and_shows_an_imbalance() {
        let mut stats = Stats {
            created: 5,
            accepted: 2,
            unconfirmed: 1,
            ..Stats::default()
        };
        stats.dropped.add(DropReason::QueueFull, 2);
        assert!(stats.is_balanced());
        assert_eq!(
            stats.to_string(),
            "created 5 = delivered 3 (1 unconfirmed) + dropped 2 (queue full 2)"
        );
        stats.pending = 1;
        assert!(!stats.is_balanced());
        assert!(stats.to_string().starts_with("created 5 ≠ "));
    }

    #[test]
    fn every_reason_has_its_own_place() {
        for (place, reason) in DropReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
        for (place, reason) in DiscardReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
    }
}
