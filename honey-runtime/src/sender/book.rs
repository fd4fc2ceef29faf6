//! Where every event on the ship side is, and what became of the others: all of it behind one lock.
//!
//! An event is in the inbox, in a destination's queue or in a flight, and moves only under the lock. So what is pending can be
//! counted, at any moment, by looking.

use std::collections::BTreeMap;
use std::time::Instant;

use super::batch::Batch;
use super::batching::Limits;
use super::directory::{Directory, QueueId};
use super::encode::Body;
use super::events::{Events, Run};
use super::queue::{Parcel, Queue};
use super::retry::Trouble;
use super::settle::{Done, Fate, Settling};
use super::transport::{Route, Routes};
use crate::record::Chunk;
use crate::response::{DiscardReason, DropReason, Outcome};
use crate::stats::Stats;

/// Emptied chunks that are kept for the next events.
const MAX_SPARE_CHUNKS: usize = 64;
/// A chunk that grew beyond this is freed.
const MAX_SPARE_CHUNK_BYTES: usize = 256 * 1024;
/// Requests under way, over all destinations: each is a connection.
const MAX_FLIGHTS: usize = 256;

pub(super) type FlightId = u64;

/// A batch in hand: being encoded, or with the server.
pub(super) struct Flight {
    pub(super) queue: QueueId,
    pub(super) batch: Batch,
    pub(super) is_probe: bool,
    /// Its body before compression, which its sender holds meanwhile.
    pub(super) body_bytes: usize,
}

/// A flight's copy for its sender.
pub(super) struct Hand {
    pub(super) id: FlightId,
    pub(super) events: Events,
    pub(super) body: Body,
    pub(super) route: Route,
    pub(super) is_retry: bool,
}

/// See the module.
#[derive(Default)]
pub(super) struct Book {
    inbox: Vec<Run>,
    pub(super) queues: Directory,
    flights: BTreeMap<FlightId, Flight>,
    last_flight: FlightId,
    pub(super) counts: Stats,
    spare: Vec<Chunk>,
    /// Settled, with responses still to be delivered: a flush waits for those too. The oldest epoch of each lot.
    finishing: Vec<u64>,
    closed: Option<DropReason>,
    pub(super) threads: usize,
}

impl Book {
    /// Takes a chunk in, or settles it when the sender is closed.
    pub(super) fn accept(&mut self, run: Run, done: &mut Done, responses_wanted: bool) {
        match self.closed {
            None => self.inbox.push(run),
            Some(reason) => {
                let fate = Fate::new(Outcome::Dropped(reason));
                self.settling(done, responses_wanted)
                    .all(Events { runs: vec![run] }, fate);
            }
        }
    }

    pub(super) fn settling<'a>(
        &'a mut self,
        done: &'a mut Done,
        responses_wanted: bool,
    ) -> Settling<'a> {
        Settling {
            counts: &mut self.counts,
            done,
            responses_wanted,
        }
    }

    /// Moves what came in to the queues of its destinations; what goes nowhere is settled. True when there was something.
    pub(super) fn sort(
        &mut self,
        routes: &Routes,
        now: Instant,
        done: &mut Done,
        responses_wanted: bool,
    ) -> bool {
        let inbox = std::mem::take(&mut self.inbox);
        let had_some = !inbox.is_empty();
        for run in inbox {
            let Self { queues, counts, .. } = self;
            let mut settling = Settling {
                counts,
                done: &mut *done,
                responses_wanted,
            };
            queues.sort(run, routes, now, |run, queue| match &queue.route {
                Route::Nowhere => {
                    let fate = Fate::new(Outcome::Discarded(DiscardReason::NoDestination));
                    settling.all(Events { runs: vec![run] }, fate);
                }
                _ => queue.push(run, now),
            });
        }
        had_some
    }

    pub(super) fn hurry(&mut self) {
        for queue in self.queues.iter_mut() {
            queue.is_hurried = !queue.fresh.is_empty();
        }
    }

    /// The next batch that may begin, over all destinations in turn.
    pub(super) fn take_up(
        &mut self,
        now: Instant,
        limits: Limits,
        max_bytes: usize,
    ) -> Option<Hand> {
        if self.closed.is_some() || self.flights.len() >= MAX_FLIGHTS {
            return None;
        }
        let held: usize = self.flights.values().map(|flight| flight.body_bytes).sum();
        let is_full = held + limits.bytes > max_bytes;
        let (queue_id, taken, route) = self.queues.in_turn(|queue| {
            // A destination that has nothing under way is never kept waiting by the others.
            if is_full && queue.in_flight > 0 {
                return None;
            }
            Some((queue.take_up(now, limits)?, queue.route.clone()))
        })?;
        self.last_flight += 1;
        let mut batch = taken.batch;
        let hand = Hand {
            id: self.last_flight,
            events: batch.events.clone(),
            body: std::mem::take(&mut batch.body),
            route,
            is_retry: batch.tries > 0,
        };
        let flight = Flight {
            queue: queue_id,
            batch,
            is_probe: taken.is_probe,
            body_bytes: limits.bytes,
        };
        self.flights.insert(hand.id, flight);
        Some(hand)
    }

    pub(super) fn flight(&mut self, id: FlightId) -> Option<&mut Flight> {
        self.flights.get_mut(&id)
    }

    /// Ends a flight: its events are the caller's to settle or to queue, before the lock is released.
    pub(super) fn land(&mut self, id: FlightId, now: Instant) -> Option<(Flight, &mut Queue)> {
        let flight = self.flights.remove(&id)?;
        let queue = self.queues.get_mut(flight.queue)?;
        queue.in_flight = queue.in_flight.saturating_sub(1);
        queue.used_at = now;
        Some((flight, queue))
    }

    /// Queues a batch to be sent again, keeping its body only if there is room.
    pub(super) fn send_again(
        &mut self,
        queue: QueueId,
        mut batch: Batch,
        due: Instant,
        max_bytes: usize,
    ) {
        let parcels = || self.queues.iter().flat_map(|queue| &queue.parcels);
        let waiting: usize = parcels()
            .map(|parcel| parcel.batch.body.capacity_bytes())
            .sum();
        if waiting + batch.body.capacity_bytes() > max_bytes {
            batch.body = Body::default();
        }
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.parcels.push_back(Parcel { batch, due });
        }
    }

    /// Settles what is too old to be sent; what it waited for in vain is what it is counted under.
    pub(super) fn expire(&mut self, oldest_ns: u64, done: &mut Done, responses_wanted: bool) {
        let Self { queues, counts, .. } = self;
        for queue in queues.iter_mut() {
            let expired = queue.take_expired(oldest_ns);
            if expired.runs.is_empty() {
                continue;
            }
            let (reason, why) = match queue.gate.trouble() {
                Some(Trouble::Transport) => {
                    (DropReason::Transport, "the server could not be reached")
                }
                Some(Trouble::Tls) => (DropReason::Tls, "the TLS handshake failed"),
                Some(Trouble::Unauthorized) => (DropReason::MaxAge, "the server refuses the key"),
                Some(Trouble::Throttled) => (DropReason::MaxAge, "the server asks to slow down"),
                Some(Trouble::Unavailable) => (DropReason::MaxAge, "the server is unavailable"),
                None => (DropReason::MaxAge, "not delivered in time"),
            };
            let mut settling = Settling {
                counts: &mut *counts,
                done: &mut *done,
                responses_wanted,
            };
            settling.all(expired, Fate::because(Outcome::Dropped(reason), why));
        }
    }

    pub(super) fn next_look(&self, now: Instant, limits: Limits) -> Option<Instant> {
        self.queues
            .iter()
            .filter_map(|queue| queue.next_look(now, limits))
            .min()
    }

    /// Gives everything held one outcome, and everything that comes later too.
    pub(super) fn close(&mut self, reason: DropReason, done: &mut Done, responses_wanted: bool) {
        self.closed.get_or_insert(reason);
        let mut held = Events {
            runs: std::mem::take(&mut self.inbox),
        };
        for flight in std::mem::take(&mut self.flights).into_values() {
            held.runs.extend(flight.batch.events.runs);
        }
        for queue in self.queues.iter_mut() {
            held.runs.extend(queue.take_all().runs);
        }
        self.settling(done, responses_wanted)
            .all(held, Fate::new(Outcome::Dropped(reason)));
    }

    /// Events held, counted where they are.
    pub(super) fn pending(&self) -> usize {
        let inbox: usize = self.inbox.iter().map(Run::len).sum();
        let queued: usize = self.queues.iter().map(Queue::len).sum();
        let flying: usize = self
            .flights
            .values()
            .map(|flight| flight.batch.events.len())
            .sum();
        inbox + queued + flying
    }

    /// The oldest epoch that has an event without an outcome.
    pub(super) fn oldest_epoch(&self) -> Option<u64> {
        let inbox = self.inbox.iter().map(|run| run.epoch);
        let queued = self.queues.iter().filter_map(Queue::oldest_epoch);
        let flying = self
            .flights
            .values()
            .filter_map(|flight| flight.batch.events.oldest_epoch());
        let finishing = self.finishing.iter().copied();
        inbox.chain(queued).chain(flying).chain(finishing).min()
    }

    /// Keeps the epoch open until [`Self::finished`].
    pub(super) fn finishing(&mut self, done: &Done) -> u64 {
        let epoch = done.runs.iter().map(|run| run.epoch).min();
        let epoch = epoch.unwrap_or(u64::MAX);
        self.finishing.push(epoch);
        epoch
    }

    pub(super) fn finished(&mut self, epoch: u64) {
        if let Some(place) = self.finishing.iter().position(|held| *held == epoch) {
            self.finishing.swap_remove(place);
        }
    }

    pub(super) fn keep_spare(&mut self, chunk: Chunk) {
        if self.spare.len() < MAX_SPARE_CHUNKS && chunk.capacity_bytes() <= MAX_SPARE_CHUNK_BYTES {
            self.spare.push(chunk);
        }
    }

    pub(super) fn take_spare(&mut self) -> Option<Chunk> {
        self.spare.pop()
    }
}
