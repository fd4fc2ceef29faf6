//! From the collector's chunks to the queues of their destinations.

use std::time::Instant;

use super::Book;
use crate::record::Destination;
use crate::response::{DiscardReason, DropReason, Outcome};
use crate::sender::directory::Arriving;
use crate::sender::events::{EventRef, Events, Run};
use crate::sender::settle::{Done, Fate, Settling};
use crate::sender::transport::{Route, Routes};
use crate::sync::Arc;

impl Book {
    /// Takes a chunk in, or settles it when the sender is closed.
    pub(in crate::sender) fn accept(&mut self, run: Run, done: &mut Done, responses_wanted: bool) {
        match self.closed {
            None => self.inbox.push(run),
            Some(reason) => {
                let fate = Fate::new(Outcome::Dropped(reason));
                self.settling(done, responses_wanted)
                    .all(Events { runs: vec![run] }, fate);
            }
        }
    }

    /// Moves what came in to the queues of its destinations; what goes nowhere is settled, and what is more than a destination's
    /// share.
    pub(in crate::sender) fn sort(
        &mut self,
        routes: &Routes,
        now: Instant,
        share_bytes: usize,
        done: &mut Done,
        responses_wanted: bool,
    ) -> Sorted {
        let inbox = self.take_cleared();
        let mut sorted = Sorted {
            bytes: inbox.iter().map(Run::approximate_bytes).sum(),
            over_share: None,
            charge: 0,
        };
        let mut is_counted = false;
        for run in inbox {
            if !is_counted && self.queues.len() > 1 {
                is_counted = true;
                self.count_shares();
            }
            let Self { queues, counts, .. } = self;
            let mut settling = Settling {
                counts,
                done: &mut *done,
                responses_wanted,
            };
            let emptied = queues.sort(run, routes, now, |arriving, queue| {
                if matches!(queue.route, Route::Nowhere) {
                    let fate = Fate::new(Outcome::Discarded(DiscardReason::NoDestination));
                    return settling.arriving(arriving, fate);
                }
                if is_counted {
                    let bytes = arriving.bytes();
                    if queue.held_bytes + bytes > share_bytes {
                        sorted.over_share = Some(Arc::clone(&queue.destination));
                        let fate =
                            Fate::because(Outcome::Dropped(DropReason::QueueFull), OVER_ITS_SHARE);
                        return settling.arriving(arriving, fate);
                    }
                    queue.held_bytes += bytes;
                }
                match arriving {
                    Arriving::Chunk(run) => queue.push(run, now),
                    Arriving::Event {
                        chunk,
                        index,
                        epoch,
                    } => queue.push_copy(chunk, index, epoch, now),
                }
            });
            // Lets go of its scopes outside the lock.
            done.runs.extend(emptied);
        }
        sorted.charge = self.queues.take_charge();
        sorted
    }

    /// What each destination holds of the budget, with what is under way.
    fn count_shares(&mut self) {
        for queue in self.queues.iter_mut() {
            queue.held_bytes = queue.approximate_bytes();
        }
        for flight in self.flights.values() {
            if let Some(queue) = self.queues.get_mut(flight.queue) {
                let runs = &flight.batch.events.runs;
                queue.held_bytes += runs.iter().map(Run::approximate_bytes).sum::<usize>();
            }
        }
    }

    pub(in crate::sender) fn hurry(&mut self) {
        for queue in self.queues.iter_mut() {
            queue.is_hurried = !queue.fresh.is_empty();
        }
    }
}

/// What sorting found.
pub(in crate::sender) struct Sorted {
    /// About how many there were.
    pub(in crate::sender) bytes: usize,
    /// A destination that lost events because it held its share.
    pub(in crate::sender) over_share: Option<Arc<Destination>>,
    /// Bytes that the destinations take themselves, to be charged to the budget.
    pub(in crate::sender) charge: u64,
}

const OVER_ITS_SHARE: &str = "its destination holds half of what may be pending already";

impl Arriving<'_> {
    fn bytes(&self) -> usize {
        match self {
            Arriving::Chunk(run) => run.approximate_bytes(),
            Arriving::Event { chunk, index, .. } => chunk.event_bytes(*index),
        }
    }
}

impl Settling<'_> {
    fn arriving(&mut self, arriving: Arriving<'_>, fate: Fate<'_>) {
        match arriving {
            Arriving::Chunk(run) => self.all(Events { runs: vec![run] }, fate),
            Arriving::Event { chunk, index, .. } => self.one(EventRef { chunk, index }, fate),
        }
    }
}
