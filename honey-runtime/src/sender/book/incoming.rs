//! From the collector's chunks to the queues of their destinations.

use std::collections::BTreeMap;
use std::time::Instant;

use super::{Book, Flight, FlightId};
use crate::record::Destination;
use crate::response::{DiscardReason, DropReason, Outcome};
use crate::sender::directory::QueueId;
use crate::sender::events::{Events, Run};
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
        let inbox = std::mem::take(&mut self.inbox);
        let mut sorted = Sorted {
            had_some: !inbox.is_empty(),
            over_share: None,
        };
        let mut held = BTreeMap::new();
        for run in inbox {
            let Self {
                queues,
                counts,
                flights,
                ..
            } = self;
            let mut settling = Settling {
                counts,
                done: &mut *done,
                responses_wanted,
            };
            let is_shared = queues.len() > 1;
            queues.sort(run, routes, now, |run, id, queue| {
                if matches!(queue.route, Route::Nowhere) {
                    let fate = Fate::new(Outcome::Discarded(DiscardReason::NoDestination));
                    return settling.all(Events { runs: vec![run] }, fate);
                }
                if is_shared {
                    let held = held
                        .entry(id)
                        .or_insert_with(|| queue.approximate_bytes() + bytes_flying(flights, id));
                    *held += run.approximate_bytes();
                    if *held > share_bytes {
                        *held -= run.approximate_bytes();
                        sorted.over_share = Some(Arc::clone(&queue.destination));
                        let fate =
                            Fate::because(Outcome::Dropped(DropReason::QueueFull), OVER_ITS_SHARE);
                        return settling.all(Events { runs: vec![run] }, fate);
                    }
                }
                queue.push(run, now);
            });
        }
        sorted
    }

    pub(in crate::sender) fn hurry(&mut self) {
        for queue in self.queues.iter_mut() {
            queue.is_hurried = !queue.fresh.is_empty();
        }
    }
}

/// What sorting found.
pub(in crate::sender) struct Sorted {
    /// Anything at all.
    pub(in crate::sender) had_some: bool,
    /// A destination that lost events because it held its share.
    pub(in crate::sender) over_share: Option<Arc<Destination>>,
}

const OVER_ITS_SHARE: &str = "its destination holds half of what may be pending already";

fn bytes_flying(flights: &BTreeMap<FlightId, Flight>, queue: QueueId) -> usize {
    let of_queue = flights.values().filter(|flight| flight.queue == queue);
    of_queue
        .flat_map(|flight| &flight.batch.events.runs)
        .map(Run::approximate_bytes)
        .sum()
}
