//! Where every event on the ship side is, and what became of the others: all of it behind one lock.
//!
//! An event is in the inbox, at the desk, in a destination's queue or in a flight, and moves only under the lock. So what is pending can be
//! counted, at any moment, by looking.

mod flights;
mod flushes;
mod incoming;
mod keeping;
mod waiting;

use std::collections::BTreeMap;
use std::time::Instant;

pub(super) use flights::{Flight, FlightId, Hand};
use flushes::Flushes;

use super::batching::Limits;
use super::directory::Directory;
use super::events::{Events, Run};
use super::keep::Desk;
use super::queue::Queue;
use super::retry::Trouble;
use super::settle::{Done, Fate, Settling};
use crate::record::Destination;
use crate::response::{DropReason, Outcome};
use crate::stats::Stats;
use crate::sync::Arc;

/// See the module.
#[derive(Default)]
pub(super) struct Book {
    inbox: Vec<Run>,
    /// Between the inbox and the queues, where there are rules or a function to ask; else the inbox is sorted as it is.
    desk: Option<Desk>,
    pub(super) queues: Directory,
    flights: BTreeMap<FlightId, Flight>,
    last_flight: FlightId,
    pub(super) counts: Stats,
    /// Settled, with responses still to be delivered: a flush waits for those too. The oldest epoch of each lot.
    finishing: Vec<u64>,
    closed: Option<DropReason>,
    /// Those who wait for the transmission's own flush.
    flushes: Flushes,
    pub(super) threads: usize,
}

/// Events that got too old, of one destination.
pub(super) struct Expired {
    pub(super) events: usize,
    pub(super) destination: Arc<Destination>,
    pub(super) why: &'static str,
}

impl Book {
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

    /// Settles what is too old to be sent; what it waited for in vain is what it is counted under. Returns where the most were.
    pub(super) fn expire(
        &mut self,
        oldest_ns: u64,
        done: &mut Done,
        responses_wanted: bool,
    ) -> Option<Expired> {
        let Self { queues, counts, .. } = self;
        let mut most: Option<Expired> = None;
        for queue in queues.iter_mut() {
            let expired = queue.take_expired(oldest_ns);
            if expired.runs.is_empty() {
                continue;
            }
            let (reason, why) = match queue.gate.trouble() {
                Some(Trouble::Transport | Trouble::UnknownHost) => {
                    (DropReason::Transport, "the server could not be reached")
                }
                Some(Trouble::Proxy) => (DropReason::MaxAge, "the proxy refuses"),
                Some(Trouble::Tls) => (DropReason::Tls, "the TLS handshake failed"),
                Some(Trouble::Unauthorized) => (DropReason::MaxAge, "the server refuses the key"),
                Some(Trouble::Throttled) => (DropReason::MaxAge, "the server asks to slow down"),
                Some(Trouble::Unavailable) => (DropReason::MaxAge, "the server is unavailable"),
                Some(Trouble::Transmission) => (
                    DropReason::MaxAge,
                    "the transmission asked for another try until it was too old",
                ),
                None => (DropReason::MaxAge, "not delivered in time"),
            };
            let mut settling = Settling {
                counts: &mut *counts,
                done: &mut *done,
                responses_wanted,
            };
            let events = expired.len();
            settling.all(expired, Fate::because(Outcome::Dropped(reason), why));
            if most.as_ref().is_none_or(|most| most.events < events) {
                most = Some(Expired {
                    events,
                    destination: Arc::clone(&queue.destination),
                    why,
                });
            }
        }
        most
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
        // There will be none.
        self.flushes = Flushes::default();
        let mut held = Events {
            runs: std::mem::take(&mut self.inbox),
        };
        if let Some(desk) = &mut self.desk {
            held.runs.extend(desk.take_all());
        }
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
        inbox + self.desk.as_ref().map_or(0, Desk::len) + queued + flying
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
        let at_desk = self.desk.as_ref().and_then(Desk::oldest_epoch);
        let on_the_way = inbox.chain(at_desk).chain(queued).chain(flying);
        on_the_way.chain(finishing).min()
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
}
