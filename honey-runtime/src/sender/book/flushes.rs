//! Flushes of a transmission: who waits for one, and when it is time.

use std::time::Instant;

use super::Book;

/// Those who wait.
#[derive(Default)]
pub(super) struct Flushes {
    last: u64,
    waiting: Vec<Waiting>,
}

struct Waiting {
    number: u64,
    /// What it waits for has been given to the transmission once this epoch is settled.
    epoch: u64,
    deadline: Instant,
}

/// A flush to be made now.
pub(in crate::sender) struct DueFlush {
    pub(in crate::sender) numbers: Vec<u64>,
    /// The latest of those who wait.
    pub(in crate::sender) deadline: Instant,
}

impl Book {
    /// Asks for a flush once `epoch` is settled; `None` when nobody will make one.
    pub(in crate::sender) fn ask_flush(&mut self, epoch: u64, deadline: Instant) -> Option<u64> {
        if self.closed.is_some() {
            return None;
        }
        let Flushes { last, waiting } = &mut self.flushes;
        *last += 1;
        waiting.push(Waiting {
            number: *last,
            epoch,
            deadline,
        });
        Some(*last)
    }

    pub(in crate::sender) fn is_flushed(&self, number: u64) -> bool {
        let waiting = &self.flushes.waiting;
        !waiting.iter().any(|one| one.number == number)
    }

    /// Those flushes were made, or nobody waits for them any more.
    pub(in crate::sender) fn forget_flushes(&mut self, numbers: &[u64]) {
        let waiting = &mut self.flushes.waiting;
        waiting.retain(|one| !numbers.contains(&one.number));
    }

    /// The flushes whose events are all settled, as one.
    pub(in crate::sender) fn flushes_due(&self) -> Option<DueFlush> {
        let waiting = &self.flushes.waiting;
        if waiting.is_empty() {
            return None;
        }
        let oldest = self.oldest_epoch();
        let due = waiting
            .iter()
            .filter(|one| oldest.is_none_or(|oldest| oldest > one.epoch));
        let deadline = due.clone().map(|one| one.deadline).max()?;
        Some(DueFlush {
            numbers: due.map(|one| one.number).collect(),
            deadline,
        })
    }
}
