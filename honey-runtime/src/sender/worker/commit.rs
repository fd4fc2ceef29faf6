//! What encoding made of a batch, written into the book.

use std::time::Instant;

use super::Worker;
use crate::record::EventView;
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
    let Some(flight) = book.flight(id) else {
        return;
    };
    let gone = flight.batch.events.select(|place| is_among(refused, place));
    let kept = flight
        .batch
        .events
        .select(|place| !is_among(refused, place));
    let all = std::mem::replace(&mut flight.batch.events, kept);
    let mut settling = book.settling(done, wanted);
    for (event, (_, refusal)) in gone.iter().zip(refused) {
        match refusal {
            Refusal::NoFields => {
                let outcome = Outcome::Dropped(DropReason::NoFields);
                settling.one(event, Fate::because(outcome, "no fields; not sent"));
            }
            Refusal::TooLarge => {
                let outcome = Outcome::Dropped(DropReason::TooLarge);
                let view = event.view();
                let why = match view.as_ref().and_then(EventView::name) {
                    Some(name) => format!("{name:?} is larger than max_event_bytes; not sent"),
                    None => "larger than max_event_bytes; not sent".to_owned(),
                };
                settling.one(event, Fate::because(outcome, &why));
            }
        }
    }
    done.runs.extend(gone.runs);
    done.runs.extend(all.runs);
}

fn is_among(refused: &[(usize, Refusal)], place: usize) -> bool {
    refused
        .binary_search_by_key(&place, |(place, _)| *place)
        .is_ok()
}
