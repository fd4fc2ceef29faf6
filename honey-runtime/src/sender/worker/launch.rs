//! From a queue to the transport: taken up, encoded, compressed, handed over.

use std::time::Instant;

use super::Worker;
use super::commit::Encoded;
use crate::response::{DropReason, Outcome};
use crate::sender::advice;
use crate::sender::book::{Book, Hand};
use crate::sender::courtesy::Courtesy;
use crate::sender::encode::{Body, Refusal};
use crate::sender::events::{Events, Run};
use crate::sender::settle::Fate;
use crate::sender::transport::{Completion, Load};

/// Room for the last event of a body, which goes over what is expected.
const LAST_EVENT_BYTES: usize = 2 * 1024;

impl Worker {
    /// Sends one more batch, if one may begin. False when there is nothing to do.
    pub(super) fn launch_next(&mut self) -> bool {
        if self.shared.is_stopping() {
            return false;
        }
        let limits = self.limits();
        let max_bytes = self.settings.max_in_flight_bytes;
        let Some(hand) = self
            .shared
            .book
            .lock()
            .take_up(Instant::now(), limits, max_bytes)
        else {
            return false;
        };
        self.in_hand = Some(hand.id);
        self.launch(hand);
        self.in_hand = None;
        true
    }

    /// After a panic: what was in hand waits again, one event at a time, or is lost when it has done this before.
    pub(super) fn recover(&mut self) {
        self.shared.with_book(Book::give_up_in_hand);
        let Some(id) = self.in_hand.take() else {
            return;
        };
        let now = Instant::now();
        self.shared.with_book(|book, done, wanted| {
            let Some((flight, queue)) = book.land(id, now) else {
                return;
            };
            if flight.is_probe {
                queue.gate.abandon_probe();
            }
            if flight.batch.is_suspect && flight.batch.events.len() == 1 {
                let fate = Fate::because(
                    Outcome::Dropped(DropReason::WorkerDied),
                    "honey's sending thread panicked twice",
                );
                book.settling(done, wanted).all(flight.batch.events, fate);
            } else {
                queue.suspects += flight.batch.events.len();
                queue.put_back(flight.batch.events, now);
            }
        });
    }

    fn launch(&mut self, mut hand: Hand) {
        let body = std::mem::take(&mut hand.body);
        let courtesy = self.shared.courtesy();
        let encoded = self.encoded(body, &hand.events, courtesy);
        let notes = self.encoder.take_notes();
        advice::on_notes(&self.shared.diagnostics, &notes);
        self.report_refused(&encoded.refused);
        if encoded.body.is_empty() {
            self.commit(&hand, encoded, &notes, None);
            return;
        }
        let load = Load {
            flight: hand.id,
            body: &encoded.body,
            events: &|| encoded.sent(&hand.events),
            courtesy,
        };
        let submitted = self.transport.submit(&hand.route, &load);
        let events = encoded.body.len();
        let is_on = self.commit(&hand, encoded, &notes, submitted.bytes);
        let flight = hand.id;
        // What is settled now is let go of where it is settled.
        drop(hand);
        if let Some(reply) = submitted.reply.filter(|_| is_on) {
            self.arrive(Completion {
                flight,
                events,
                reply,
            });
        }
    }

    /// The body of these events: the one there is, else a new one of as many as fit.
    pub(super) fn encoded(
        &mut self,
        body: Body,
        events: &Events,
        mut courtesy: Courtesy,
    ) -> Encoded {
        if !body.is_empty() {
            return Encoded {
                taken: body.len(),
                body,
                refused: Vec::new(),
            };
        }
        let about: usize = events.runs.iter().map(Run::approximate_bytes).sum();
        let about = about.min(self.settings.batch_bytes);
        let mut body = self.draft(about + about / 64 + LAST_EVENT_BYTES, events.len());
        let mut refused = Vec::new();
        let mut taken = 0;
        for event in events.iter() {
            if body.bytes() >= self.settings.batch_bytes {
                break;
            }
            let written = match event.view() {
                Some(view) => body.push(|json| self.encoder.event(json, &view)),
                None => Err(Refusal::NoFields),
            };
            if let Err(refusal) = written {
                refused.push((taken, refusal));
            }
            taken += 1;
            courtesy.at(body.bytes());
        }
        Encoded {
            body: body.finish(),
            taken,
            refused,
        }
    }

    fn report_refused(&self, refused: &[(usize, Refusal)]) {
        if !refused.is_empty() {
            let no_fields = refused
                .iter()
                .filter(|(_, refusal)| *refusal == Refusal::NoFields)
                .count();
            advice::on_refused(
                &self.shared.diagnostics,
                no_fields,
                refused.len() - no_fields,
            );
        }
    }
}
