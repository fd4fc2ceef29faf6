//! The desk's part in the book: see [`keep`](crate::sender::keep).

use std::time::Instant;

use super::Book;
use crate::response::{DiscardReason, DropReason, Outcome};
use crate::sender::events::{Events, Run};
use crate::sender::keep::{Desk, Lot, Reach, Review};
use crate::sender::settle::{Done, Fate};

/// Of what came in so much is laid out and looked at together: each of its events is copied meanwhile, and many small things made.
const LOOK_BYTES: usize = 4 * 1024 * 1024;

impl Book {
    /// From now on everything goes over this desk.
    pub(in crate::sender) fn keep_a_desk(&mut self, desk: Desk) {
        self.desk = Some(desk);
    }

    /// Chunks that came in and were not laid out yet.
    pub(in crate::sender) fn arrived(&self) -> usize {
        self.inbox.len()
    }

    /// Takes the first of the `left` chunks that came in to the desk, as many as one look is for; gives what is to be looked at.
    pub(in crate::sender) fn lay_out(
        &mut self,
        left: &mut usize,
        now: Instant,
        is_complete: bool,
        done: &mut Done,
    ) -> Vec<Lot> {
        let mut bytes = 0;
        let is_wanted = |run: &&Run| {
            let is_wanted = bytes < LOOK_BYTES;
            bytes += run.approximate_bytes();
            is_wanted
        };
        let count = self.inbox.iter().take(*left).take_while(is_wanted).count();
        let arrived: Vec<Run> = self.inbox.drain(..count).collect();
        // None although there were some: the sender was closed.
        *left = if count == 0 { 0 } else { *left - count };
        let Some(desk) = &mut self.desk else {
            return Vec::new();
        };
        let reach = match (*left, is_complete) {
            (0, true) => Reach::Complete,
            (0, false) => Reach::Inbox,
            _ => Reach::Part,
        };
        desk.lay_out(arrived, now, reach, &mut done.runs)
    }

    /// Gives what was looked at its outcome, or lets it go on. Nothing of it counts when the sender was closed meanwhile: then
    /// everything that was in hand has its outcome.
    pub(in crate::sender) fn clear_desk(
        &mut self,
        review: Review,
        done: &mut Done,
        responses_wanted: bool,
    ) {
        self.counts.user_panics += review.rule_panics + review.hook_panics + review.value_panics;
        self.counts.bad_values += review.bad_values;
        self.counts.refused_fields += review.refused_fields;
        let fates = [
            (review.sampled_out, Fate::new(Outcome::SampledOut)),
            (
                review.discarded,
                Fate::new(Outcome::Discarded(DiscardReason::BeforeSend)),
            ),
            (
                review.unsafe_to_send,
                Fate::because(
                    Outcome::Dropped(DropReason::BeforeSend),
                    "the function given to `before_send` panicked",
                ),
            ),
            (
                review.without_room,
                Fate::because(
                    Outcome::Dropped(DropReason::QueueFull),
                    "`before_send` made it larger than there is room for",
                ),
            ),
        ];
        let Some(desk) = self.desk.as_mut().filter(|_| self.closed.is_none()) else {
            done.grant.bytes += review.more_bytes;
            done.runs.extend(review.cleared);
            done.runs
                .extend(fates.into_iter().flat_map(|(events, _)| events.runs));
            return;
        };
        done.runs
            .extend(desk.put_down(&review.verdicts, review.cleared));
        self.counts.decided_early += review.decided_early;
        let mut settling = self.settling(done, responses_wanted);
        for (events, fate) in fates {
            settling.all(events, fate);
        }
    }

    /// After a panic of ours: what was in hand may hold what must not leave, so it is lost.
    pub(in crate::sender) fn give_up_in_hand(&mut self, done: &mut Done, responses_wanted: bool) {
        let Some(desk) = &mut self.desk else { return };
        let runs: Vec<Run> = desk.take_in_hand().collect();
        let fate = Fate::because(
            Outcome::Dropped(DropReason::WorkerDied),
            "honey's sending thread panicked",
        );
        self.settling(done, responses_wanted)
            .all(Events { runs }, fate);
    }

    /// Nothing comes any more: what is held back is decided at the next look, and waited for.
    pub(in crate::sender) fn end_holding(&mut self) {
        if let Some(desk) = &mut self.desk {
            desk.end_holding();
        }
    }

    /// What is to be sorted to its destinations.
    pub(super) fn take_cleared(&mut self) -> Vec<Run> {
        match &mut self.desk {
            Some(desk) => desk.take_cleared(),
            None => std::mem::take(&mut self.inbox),
        }
    }

    /// Events that wait for their trace's verdict.
    pub(in crate::sender) fn held(&self) -> usize {
        self.desk.as_ref().map_or(0, Desk::held)
    }
}
