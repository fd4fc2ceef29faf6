//! Which events leave, and with what: traces wait at the desk until they are whole, rules decide, the user's function looks.
//!
//! Three steps. Under the book's lock, what came in is laid out: events of traces without a verdict are copied to their trace, the
//! rest is taken in hand ([`desk`]). Outside the lock, since users' code may run, what is in hand is looked at ([`review`]). Under the
//! lock again, all of it gets an outcome or goes on to the queues. A copy, because a chunk holds many threads' worth of traces: one
//! event that waits must not hold on to all of it.

mod cleared;
mod desk;
mod held;
mod review;

use std::time::Instant;

pub(super) use desk::{Desk, Lot, Reach};
pub(super) use review::Review;
use review::Reviewer;

use super::settings::Keeping;
use super::shared::Shared;
use crate::diagnostics::DiagnosticKind;

/// The ship thread's part of it.
pub(super) struct Keeper {
    reviewer: Reviewer,
}

impl Keeper {
    /// `None` when there is nothing to ask.
    pub(super) fn new(keeping: &Keeping, shared: &Shared) -> Option<Self> {
        if keeping.tail.is_none() && keeping.before_send.is_none() {
            return None;
        }
        let limits = keeping.tail.as_ref().map(|(_, limits)| *limits);
        shared.book.lock().keep_a_desk(Desk::new(limits));
        Some(Self {
            reviewer: Reviewer::new(keeping),
        })
    }

    /// Decides what can be decided. `is_complete`: what is at the desk, or came in, is all that ended before the latest of it.
    pub(super) fn pass(&mut self, shared: &Shared, now: Instant, is_complete: bool) {
        let mut left = shared.book.lock().arrived();
        loop {
            self.look(shared, &mut left, now, is_complete);
            if left == 0 {
                break;
            }
        }
    }

    /// A part of it: of the `left` chunks that came in the first.
    fn look(&mut self, shared: &Shared, left: &mut usize, now: Instant, is_complete: bool) {
        let in_hand = shared.with_book(|book, done, _| book.lay_out(left, now, is_complete, done));
        if in_hand.is_empty() {
            return;
        }
        let review = self
            .reviewer
            .look_at(&in_hand, &shared.budget, now, shared.courtesy());
        let (panics, hook_panics) = (review.rule_panics, review.hook_panics);
        // The desk has it still: nothing of users' drops here.
        drop(in_hand);
        if panics > 0 {
            shared.diagnostics.report(DiagnosticKind::UserPanic, || {
                "a function of the tail rules panicked: a condition counts as not met, a rate as 1".to_owned()
            });
        }
        if hook_panics > 0 {
            shared.diagnostics.report(DiagnosticKind::UserPanic, || {
                "the function given to `before_send` panicked: the event is not sent, since what it would have taken out must not \
                 leave"
                    .to_owned()
            });
        }
        shared.with_book(|book, done, wanted| book.clear_desk(review, done, wanted));
    }
}

#[cfg(test)]
mod tests;
