//! What came of a request.

use super::Worker;
use super::landing::Place;
use crate::response::{DropReason, Outcome};
use crate::sender::advice;
use crate::sender::book::FlightId;
use crate::sender::settle::Fate;
use crate::sender::transport::{Completion, Reply};

impl Worker {
    /// Settles or queues the events of a request that has ended.
    pub(super) fn arrive(&mut self, completion: Completion) {
        let Completion {
            flight,
            events,
            reply,
        } = completion;
        self.in_hand = Some(flight);
        match reply {
            Reply::Answer {
                status,
                retry_after,
                body,
            } => self.answered(flight, events, status, retry_after, &body),
            Reply::Failed { trouble, why } => self.failed(flight, trouble, None, None, &why),
            Reply::Written { events, error } => self.written(flight, events, error.as_deref()),
            Reply::Unsendable(why) => {
                let fate = Fate::because(Outcome::Dropped(DropReason::Transport), &why);
                let place = self.settle(flight, fate);
                advice::on_unsendable(&self.shared.diagnostics, &place.dataset, &why);
            }
        }
        self.in_hand = None;
    }

    fn written(&mut self, flight: FlightId, written: usize, error: Option<&str>) {
        self.shared.with_landing(flight, |landing| {
            landing.succeeded();
            let rest = landing.batch.events.split_off(written);
            landing.settle(Fate::new(Outcome::Accepted));
            let fate = Fate::because(
                Outcome::Dropped(DropReason::Transport),
                error.unwrap_or("not written"),
            );
            landing
                .book
                .settling(landing.done, landing.wanted)
                .all(rest, fate);
        });
        if let Some(error) = error {
            advice::on_writer(&self.shared.diagnostics, error);
        }
    }

    /// One outcome for all events of a request, at a destination that works.
    pub(super) fn settle(&mut self, flight: FlightId, fate: Fate<'_>) -> Place {
        let (place, _) = self.shared.with_landing(flight, |landing| {
            landing.succeeded();
            landing.settle(fate);
        });
        place
    }
}
