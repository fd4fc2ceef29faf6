//! A batch that has come back: every way on for its events goes through here.

use std::time::Instant;

use crate::diagnostics::Diagnostics;
use crate::response::{DropReason, Outcome};
use crate::sender::batch::Batch;
use crate::sender::book::{Book, FlightId};
use crate::sender::directory::QueueId;
use crate::sender::queue::Queue;
use crate::sender::retry::Backoff;
use crate::sender::settle::{Done, Fate};
use crate::sender::shared::Shared;

/// A batch that has come back, with the book open.
pub(super) struct Landing<'a> {
    pub(super) book: &'a mut Book,
    pub(super) done: &'a mut Done,
    pub(super) wanted: bool,
    pub(super) now: Instant,
    pub(super) queue: QueueId,
    pub(super) batch: Batch,
    pub(super) is_probe: bool,
    diagnostics: &'a Diagnostics,
}

/// What becomes of one event of a batch that has come back.
pub(super) enum Ruling<'a> {
    Settled(Fate<'a>),
    Again,
}

impl Shared {
    /// Opens the book with the flight's batch taken out of it; `land` puts each of its events somewhere. `None` when the sender
    /// was closed meanwhile.
    pub(super) fn with_landing<T>(
        &self,
        flight: FlightId,
        land: impl FnOnce(&mut Landing<'_>) -> T,
    ) -> Option<T> {
        self.with_book(|book, done, wanted| {
            let now = Instant::now();
            let (flight, _) = book.land(flight, now)?;
            let mut landing = Landing {
                book,
                done,
                wanted,
                now,
                queue: flight.queue,
                batch: flight.batch,
                is_probe: flight.is_probe,
                diagnostics: &self.diagnostics,
            };
            Some(land(&mut landing))
        })
    }
}

impl Landing<'_> {
    /// Lets the operator know, before anybody can see what comes of it.
    pub(super) fn tell(&self, tell: impl FnOnce(&Diagnostics, &Queue)) {
        if let Some(queue) = self.book.queues.get(self.queue) {
            tell(self.diagnostics, queue);
        }
    }

    pub(super) fn succeeded(&mut self) {
        if let Some(queue) = self.book.queues.get_mut(self.queue) {
            queue.gate.succeeded(self.is_probe);
        }
    }

    /// One outcome for all.
    pub(super) fn settle(&mut self, fate: Fate<'_>) {
        let events = std::mem::take(&mut self.batch.events);
        self.book.settling(self.done, self.wanted).all(events, fate);
    }
}

impl Landing<'_> {
    /// Settles each event by the ruling for its place. Returns those that go again.
    pub(super) fn settle_each<'r>(
        &mut self,
        ruling: impl Fn(usize) -> Ruling<'r>,
    ) -> Option<Batch> {
        let goes_again = |place: usize| matches!(ruling(place), Ruling::Again);
        let again = (0..self.batch.events.len())
            .any(goes_again)
            .then(|| self.batch.select(goes_again));
        let mut settling = self.book.settling(self.done, self.wanted);
        for (place, event) in self.batch.events.iter().enumerate() {
            if let Ruling::Settled(fate) = ruling(place) {
                settling.one(event, fate);
            }
        }
        self.done.runs.append(&mut self.batch.events.runs);
        again
    }

    /// Queues a part of the batch, tried in vain, for one more try.
    pub(super) fn send_again_later(
        &mut self,
        mut again: Batch,
        backoff: Backoff,
        max_bytes: usize,
    ) {
        again.tries += 1;
        let wait = backoff.wait(again.tries, None, fastrand::f64());
        self.book
            .send_again(self.queue, again, self.now + wait, max_bytes);
    }
}

/// A batch is never let go of without outcomes, not even by a panic.
impl Drop for Landing<'_> {
    fn drop(&mut self) {
        if !self.batch.events.is_empty() {
            self.settle(Fate::new(Outcome::Dropped(DropReason::WorkerDied)));
        }
    }
}
