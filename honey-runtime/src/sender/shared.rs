//! What callers and the sender's threads share: the book, and how to get each other's attention.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::advice;
use super::book::Book;
use super::courtesy::Courtesy;
use super::paid_chunk::PaidChunk;
use super::settle::Done;
use crate::diagnostics::Diagnostics;
use crate::dispatch::Budget;
use crate::isolate;
use crate::response::{DropReason, ResponseSink};
use crate::stats::Stats;
use crate::sync::{Arc, AtomicBool, AtomicUsize, Condvar, Mutex, Ordering};

/// How often somebody who waits looks by himself.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// See the module.
pub(super) struct Shared {
    pub(super) book: Mutex<Book>,
    /// Something in the book that somebody may wait for has changed.
    changed: Condvar,
    pub(super) budget: Arc<Budget>,
    pub(super) responses: Arc<ResponseSink>,
    pub(super) diagnostics: Arc<Diagnostics>,
    nudges: Sender<()>,
    /// A flag was set.
    pub(super) nudged: Receiver<()>,
    /// Threads have full chunks.
    pub(super) is_woken: AtomicBool,
    pub(super) hurry: AtomicBool,
    /// How many wait for something in the book to be settled.
    waiting: AtomicUsize,
    pub(super) stop: AtomicBool,
    /// Events go to a transmission, which may hold something back.
    pub(super) has_transmission: AtomicBool,
}

impl Shared {
    pub(super) fn new(
        budget: Arc<Budget>,
        responses: Arc<ResponseSink>,
        diagnostics: Arc<Diagnostics>,
    ) -> Self {
        let (nudges, nudge_token) = bounded(1);
        Self {
            book: Mutex::new(Book::default()),
            changed: Condvar::new(),
            budget,
            responses,
            diagnostics,
            nudges,
            nudged: nudge_token,
            is_woken: AtomicBool::new(false),
            hurry: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            has_transmission: AtomicBool::new(false),
        }
    }

    /// Lets the ship thread look at the flags. One nudge that waits is enough.
    pub(super) fn nudge(&self) {
        let _ = self.nudges.try_send(());
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Does what `change` says under the lock, and what follows from it outside.
    pub(super) fn with_book<T>(&self, change: impl FnOnce(&mut Book, &mut Done, bool) -> T) -> T {
        let mut done = Done::default();
        let mut book = self.book.lock();
        // Read under the lock: an event that came in after somebody asked must not be settled with the answer of before.
        let wanted = self.responses.is_wanted();
        let result = change(&mut book, &mut done, wanted);
        let unfinished = (!done.is_empty()).then(|| book.finishing(&done));
        drop(book);
        if let Some(epoch) = unfinished {
            self.finish(done, epoch);
        }
        result
    }

    /// After a settlement, outside the lock: lets go of chunks, gives back the budget, delivers responses.
    fn finish(&self, done: Done, epoch: u64) {
        // First the memory, then the room: who waits for that takes the memory again.
        for run in done.runs {
            if let Some(mut chunk) = Arc::into_inner(run.chunk).map(PaidChunk::into_chunk) {
                // Drops metadata and scopes, which are the user's.
                isolate::run(|| chunk.clear());
                self.budget.spares().keep(chunk);
            }
        }
        self.budget.give_back(done.grant);
        for response in done.responses {
            // A response that nobody has room for is dropped here, with the user's metadata.
            isolate::run(|| self.responses.deliver(response));
        }
        self.book.lock().finished(epoch);
        self.changed.notify_all();
    }

    /// Waits until `epoch` is settled, and the transmission, if there is one, has put out what it held back.
    pub(super) fn wait_settled(&self, epoch: u64, deadline: Instant) -> bool {
        let number = if self.has_transmission.load(Ordering::Relaxed) {
            self.book.lock().ask_flush(epoch, deadline)
        } else {
            None
        };
        if number.is_some() {
            self.nudge();
        }
        let is_reached = |book: &Book| {
            book.oldest_epoch().is_none_or(|oldest| oldest > epoch)
                && number.is_none_or(|number| book.is_flushed(number))
        };
        let is_settled = self.wait(deadline, is_reached);
        if let Some(number) = number {
            self.book.lock().forget_flushes(&[number]);
        }
        is_settled
    }

    pub(super) fn flushed(&self, numbers: &[u64]) {
        self.book.lock().forget_flushes(numbers);
        self.changed.notify_all();
    }

    /// Nothing comes any more: what is held back is decided now.
    pub(super) fn end_holding(&self) {
        self.book.lock().end_holding();
    }

    /// Gives everything held, and everything still to come, this outcome.
    pub(super) fn close(&self, reason: DropReason) {
        // Nobody is to wait for room in a queue of responses any more, least of all a collector.
        self.responses.close();
        self.with_book(|book, done, wanted| {
            let events = book.pending();
            if events > 0 && reason == DropReason::CloseDeadline {
                advice::on_close_deadline(&self.diagnostics, events, &book.waiting());
            }
            book.close(reason, done, wanted);
        });
        self.changed.notify_all();
    }

    pub(super) fn thread_began(&self) {
        self.book.lock().threads += 1;
    }

    pub(super) fn thread_ended(&self) {
        let mut book = self.book.lock();
        book.threads = book.threads.saturating_sub(1);
        drop(book);
        self.changed.notify_all();
    }

    pub(super) fn wait_for_threads(&self, deadline: Instant) {
        self.wait(deadline, |book| book.threads == 0);
    }

    /// Adds the counts and what is held, as they are at one moment.
    pub(super) fn tally(&self, stats: &mut Stats) {
        let book = self.book.lock();
        let counts = &book.counts;
        stats.sampled_out += counts.sampled_out;
        stats.accepted += counts.accepted;
        stats.unconfirmed += counts.unconfirmed;
        stats.rejected += counts.rejected;
        stats.discarded.merge(&counts.discarded);
        stats.dropped.merge(&counts.dropped);
        stats.bad_values += counts.bad_values;
        stats.renamed_fields += counts.renamed_fields;
        stats.truncated += counts.truncated;
        stats.user_panics += counts.user_panics;
        stats.refused_fields += counts.refused_fields;
        stats.decided_early += counts.decided_early;
        stats.requests += counts.requests;
        stats.retries += counts.retries;
        stats.body_bytes += counts.body_bytes;
        stats.pending += book.pending() as u64;
        stats.waiting = book.waiting();
        stats.held += book.held() as u64;
    }

    /// How work on a batch is to behave.
    pub(super) fn courtesy(&self) -> Courtesy {
        let somebody_waits = self.waiting.load(Ordering::Relaxed) > 0;
        Courtesy::towards(&self.budget, somebody_waits)
    }

    fn wait(&self, deadline: Instant, is_reached: impl Fn(&Book) -> bool) -> bool {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let is_reached = self.wait_until(deadline, is_reached);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        is_reached
    }

    fn wait_until(&self, deadline: Instant, is_reached: impl Fn(&Book) -> bool) -> bool {
        let mut book = self.book.lock();
        loop {
            if is_reached(&book) {
                return true;
            }
            let now = Instant::now();
            if now >= deadline {
                return false;
            }
            book = self
                .changed
                .wait_until(book, deadline.min(now + LOOK_INTERVAL));
        }
    }
}
