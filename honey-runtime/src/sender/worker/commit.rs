//! What encoding made of a batch, written into the book.

use std::time::Instant;

use super::Worker;
use crate::response::{DropReason, Outcome};
use crate::sender::book::{Book, FlightId, Hand};
use crate::sender::encode::{Body, Notes, Refusal};
use crate::sender::events::Events;
use crate::sender::settle::{Done, Fate};

/// What encoding made of the events in hand.
pub(super) struct Encoded {
    pub(super) body: Body,
    /// How many were looked at; the rest did not fit.
    pub(super) taken: usize,
    /// Places of events that cannot be sent.
    pub(super) refused: Vec<(usize, Refusal)>,
}

impl Encoded {
    fn is_refused(&self, place: usize) -> bool {
        is_among(&self.refused, place)
    }

    /// The events that the body has, of those it was made from.
    pub(super) fn sent(&self, looked_at: &Events) -> Events {
        looked_at.select(|place| place < self.taken && !self.is_refused(place))
    }
}

impl Worker {
    /// Writes down what became of the events in hand. False when nothing of them is to be sent any more.
    pub(super) fn commit(
        &mut self,
        hand: &Hand,
        encoded: Encoded,
        notes: &Notes,
        request_bytes: Option<usize>,
    ) -> bool {
        let now = Instant::now();
        let has_events = !encoded.body.is_empty();
        self.shared.with_book(|book, done, wanted| {
            book.counts.bad_values += notes.bad_values;
            book.counts.renamed_fields += notes.renamed_fields;
            book.counts.truncated += notes.truncated;
            let Some(flight) = book.flight(hand.id) else {
                return false; // Closed meanwhile: the events have their outcome.
            };
            let rest = flight.batch.events.split_off(encoded.taken);
            flight.body_bytes = encoded.body.capacity_bytes();
            flight.batch.body = encoded.body;
            let queue = flight.queue;
            if let Some(queue) = book.queues.get_mut(queue) {
                queue.put_back(rest, now);
            }
            settle_refused(book, hand.id, &encoded.refused, done, wanted);
            if let Some(bytes) = request_bytes {
                book.counts.requests += 1;
                book.counts.retries += u64::from(hand.is_retry);
                book.counts.body_bytes += bytes as u64;
            }
            if has_events {
                return true;
            }
            if let Some((flight, queue)) = book.land(hand.id, now) {
                if flight.is_probe {
                    queue.gate.abandon_probe();
                }
            }
            false
        })
    }
}

/// Takes the events that cannot be sent out of a flight.
fn settle_refused(
    book: &mut Book,
    id: FlightId,
    refused: &[(usize, Refusal)],
    done: &mut Done,
    wanted: bool,
) {
    if refused.is_empty() {
        return;
    }
    for refusal in [Refusal::NoFields, Refusal::TooLarge] {
        let is_it = |place: usize| {
            refused
                .binary_search_by_key(&place, |(place, _)| *place)
                .is_ok_and(|found| refused[found].1 == refusal)
        };
        let Some(flight) = book.flight(id) else {
            return;
        };
        let events = flight.batch.events.select(is_it);
        let (reason, why) = match refusal {
            Refusal::NoFields => (DropReason::NoFields, "no fields; not sent"),
            Refusal::TooLarge => (
                DropReason::TooLarge,
                "larger than max_event_bytes; not sent",
            ),
        };
        book.settling(done, wanted)
            .all(events, Fate::because(Outcome::Dropped(reason), why));
    }
    if let Some(flight) = book.flight(id) {
        let kept = flight
            .batch
            .events
            .select(|place| !is_among(refused, place));
        done.runs
            .extend(std::mem::replace(&mut flight.batch.events, kept).runs);
    }
}

fn is_among(refused: &[(usize, Refusal)], place: usize) -> bool {
    refused
        .binary_search_by_key(&place, |(place, _)| *place)
        .is_ok()
}
