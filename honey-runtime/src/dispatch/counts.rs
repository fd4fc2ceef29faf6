//! The record side's part of the balance.

use crate::response::{DiscardReason, DropReason};
use crate::stats::{Discarded, Dropped, Stats};

/// What threads count under their slot's lock.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    created: u64,
    sampled_out: u64,
    discarded: Discarded,
    dropped: Dropped,
}

/// What becomes of an ended event on the record side, when it is not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    SampledOut,
    Discarded(DiscardReason),
    Dropped(DropReason),
}

impl Counts {
    /// An event ended and goes to the ship side.
    pub(crate) fn kept(&mut self) {
        self.created += 1;
    }

    /// An event ended and goes nowhere.
    pub(crate) fn lost(&mut self, loss: Loss) {
        self.created += 1;
        match loss {
            Loss::SampledOut => self.sampled_out += 1,
            Loss::Discarded(reason) => self.discarded.add(reason, 1),
            Loss::Dropped(reason) => self.dropped.add(reason, 1),
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.created += other.created;
        self.sampled_out += other.sampled_out;
        self.discarded.merge(&other.discarded);
        self.dropped.merge(&other.dropped);
    }

    pub(crate) fn add_to(&self, stats: &mut Stats) {
        stats.created += self.created;
        stats.sampled_out += self.sampled_out;
        stats.discarded.merge(&self.discarded);
        stats.dropped.merge(&self.dropped);
    }
}
