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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::record::FieldBuffer;
    use crate::response::DropReason;
    use crate::sender::events::Run;
    use crate::sender::settle::Done;
    use crate::sender::testing::{destination, numbered, snapshot};

    #[test]
    fn a_flush_is_due_once_what_was_before_it_is_settled() {
        let now = Instant::now();
        let [sooner, later] = [1, 2].map(|seconds| now + Duration::from_secs(seconds));
        let mut book = Book::default();
        let mut done = Done::default();
        let scope = snapshot(destination("", "d"), FieldBuffer::new());
        book.accept(Run::whole(numbered(&scope, 1), 3), &mut done, false);
        assert!(book.flushes_due().is_none());
        for (epoch, deadline) in [(2, later), (3, sooner)] {
            assert!(book.ask_flush(epoch, deadline).is_some());
        }
        let due = |book: &Book| book.flushes_due().map(|due| (due.numbers, due.deadline));
        assert_eq!(due(&book), Some((vec![1], later)));
        let event = book.take_cleared();
        assert_eq!(due(&book), Some((vec![1, 2], later)));
        drop(event);
        book.forget_flushes(&[1]);
        assert!(book.is_flushed(1) && !book.is_flushed(2));
        book.close(DropReason::CloseDeadline, &mut done, false);
        assert!(book.is_flushed(2) && book.ask_flush(4, later).is_none());
    }
}
