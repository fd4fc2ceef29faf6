//! Batches in hand.

use std::time::Instant;

use super::Book;
use crate::sender::batch::Batch;
use crate::sender::batching::Limits;
use crate::sender::directory::QueueId;
use crate::sender::encode::Body;
use crate::sender::events::Events;
use crate::sender::queue::{Parcel, Queue};
use crate::sender::transport::Route;

/// Requests under way, over all destinations: each is a connection.
const MAX_FLIGHTS: usize = 256;

pub(in crate::sender) type FlightId = u64;

/// A batch in hand: being encoded, or with the server.
pub(in crate::sender) struct Flight {
    pub(in crate::sender) queue: QueueId,
    pub(in crate::sender) batch: Batch,
    pub(in crate::sender) is_probe: bool,
    /// Its body before compression, which its sender holds meanwhile.
    pub(in crate::sender) body_bytes: usize,
}

/// A flight's copy for its sender.
pub(in crate::sender) struct Hand {
    pub(in crate::sender) id: FlightId,
    pub(in crate::sender) events: Events,
    pub(in crate::sender) body: Body,
    pub(in crate::sender) route: Route,
    pub(in crate::sender) is_retry: bool,
}

impl Book {
    /// The next batch that may begin, over all destinations in turn.
    pub(in crate::sender) fn take_up(
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

    pub(in crate::sender) fn flight(&mut self, id: FlightId) -> Option<&mut Flight> {
        self.flights.get_mut(&id)
    }

    /// Ends a flight: its events are the caller's to settle or to queue, before the lock is released.
    pub(in crate::sender) fn land(
        &mut self,
        id: FlightId,
        now: Instant,
    ) -> Option<(Flight, &mut Queue)> {
        let flight = self.flights.remove(&id)?;
        let queue = self.queues.get_mut(flight.queue)?;
        queue.in_flight = queue.in_flight.saturating_sub(1);
        queue.used_at = now;
        Some((flight, queue))
    }

    /// Queues a batch to be sent again, keeping its body only if there is room.
    pub(in crate::sender) fn send_again(
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
}
