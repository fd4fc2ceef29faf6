//! Events that are sent together, and the body they are sent as.

use super::encode::Body;
use super::events::Events;
use super::retry::Allowance;

/// Events with what is known about sending them.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) events: Events,
    /// Empty until encoded, and again when waiting batches hold too much; else one piece for each event.
    pub(super) body: Body,
    /// Tries that failed.
    pub(super) tries: u32,
    /// Set once the batch is searched for a bad event.
    pub(super) allowance: Option<Allowance>,
    /// The worker panicked with it in hand.
    pub(super) is_suspect: bool,
}

impl Batch {
    pub(super) fn of(events: Events) -> Self {
        Self {
            events,
            ..Self::default()
        }
    }

    /// The events whose places `keep` picks, with their part of the body.
    pub(super) fn select(&self, keep: impl Fn(usize) -> bool) -> Batch {
        Batch {
            events: self.events.select(&keep),
            body: self.body.select(&keep),
            tries: self.tries,
            allowance: self.allowance.clone(),
            is_suspect: self.is_suspect,
        }
    }

    /// Two batches of half the events each.
    pub(super) fn halves(&self) -> [Batch; 2] {
        let middle = self.events.len() / 2;
        [
            self.select(|place| place < middle),
            self.select(|place| place >= middle),
        ]
    }
}
