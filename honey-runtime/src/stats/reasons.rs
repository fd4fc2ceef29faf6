//! Counts by reason.

use std::fmt;

use crate::response::{DiscardReason, DropReason};

/// Counts by drop reason.
///
/// ```
/// let dropped = honey::stats().dropped;
/// assert_eq!((dropped.by(honey::DropReason::QueueFull), dropped.total()), (0, 0));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped([u64; DropReason::ALL.len()]);

/// Counts by discard reason.
///
/// ```
/// let discarded = honey::stats().discarded;
/// assert_eq!((discarded.by(honey::DiscardReason::Unsent), discarded.total()), (0, 0));
/// ```
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
    fn every_reason_has_its_own_place() {
        for (place, reason) in DropReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
        for (place, reason) in DiscardReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
    }
}
