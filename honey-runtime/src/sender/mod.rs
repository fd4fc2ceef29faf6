//! The ship side: takes finished events over, makes batches of them, sends those, and knows what became of each event.
//!
//! Knows nothing of scopes, events or configuration: `init` tells it everything in [`Settings`].
#![cfg_attr(
    not(feature = "http"),
    expect(
        dead_code,
        reason = "without HTTP nobody answers, and nothing is tried again"
    )
)]

mod advice;
mod batch;
mod batching;
mod book;
#[cfg(feature = "testing")]
mod capture;
mod courtesy;
mod directory;
mod encode;
mod events;
#[cfg(honey_fuzz)]
pub(crate) mod fuzzing;
mod keep;
mod paid_chunk;
mod queue;
mod retry;
mod settings;
mod settle;
mod shared;
#[cfg(test)]
mod testing;
mod transport;
mod worker;

#[cfg(feature = "testing")]
pub(crate) use capture::{CaptureShip, Encoded};
pub(crate) use settings::{BuildError, Keeping, Settings, TransportKind};
#[cfg(feature = "http")]
pub(crate) use settings::{HttpOptions, Proxy};

use std::io;
use std::mem;
use std::sync::Weak;
use std::thread::{JoinHandle, ThreadId};
use std::time::Instant;

use crate::diagnostics::Diagnostics;
use crate::dispatch::{Budget, Ship, Source};
#[cfg(feature = "http")]
use crate::dispatch::{Call, CallResult, Cause, Promise, Silence};
use crate::process::Origin;
use crate::record::Chunk;
use crate::response::{DropReason, ResponseSink};
use crate::stats::Stats;
use crate::sync::{Arc, Mutex, Ordering};
use events::Run;
use paid_chunk::PaidChunk;
use shared::Shared;
#[cfg(feature = "http")]
use transport::http::Caller;
use worker::Worker;

/// The sender of one client: what the record side holds of it.
pub(crate) struct Sender {
    #[cfg(feature = "http")]
    caller: Option<Caller>,
    budget: Arc<Budget>,
    shared: Arc<Shared>,
    /// Until started.
    worker: Mutex<Option<Worker>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    origin: Origin,
}

impl Sender {
    /// Makes a sender that takes events but has no threads yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up: TLS, a proxy or a header that is none.
    pub(crate) fn new(
        settings: Settings,
        transport: TransportKind,
        budget: Arc<Budget>,
        responses: Arc<ResponseSink>,
        diagnostics: Arc<Diagnostics>,
    ) -> Result<Arc<Self>, BuildError> {
        let shared = Arc::new(Shared::new(Arc::clone(&budget), responses, diagnostics));
        let has_transmission = matches!(transport, TransportKind::Transmission(_));
        shared
            .has_transmission
            .store(has_transmission, Ordering::Relaxed);
        let worker = Worker::new(Arc::clone(&shared), settings, transport)?;
        Ok(Arc::new(Self {
            #[cfg(feature = "http")]
            caller: worker.caller(),
            budget,
            shared,
            worker: Mutex::new(Some(worker)),
            threads: Mutex::new(Vec::new()),
            origin: Origin::here(),
        }))
    }

    /// Starts the threads, which fetch from `source` from now on. A second call does nothing.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(&self, source: Weak<dyn Source>) -> io::Result<()> {
        let Some(worker) = self.worker.lock().take() else {
            return Ok(());
        };
        let threads = worker.start(source)?;
        self.threads.lock().extend(threads);
        Ok(())
    }

    fn is_own_thread(&self, id: ThreadId) -> bool {
        self.threads
            .lock()
            .iter()
            .any(|thread| thread.thread().id() == id)
    }

    fn forget_ended_threads(&self) {
        let mut threads = self.threads.lock();
        let (ended, running) = mem::take(&mut *threads)
            .into_iter()
            .partition(JoinHandle::is_finished);
        *threads = running;
        let ended: Vec<_> = ended;
        for thread in ended {
            // It does not wait any more; a panic was caught and counted by the thread.
            let _ = thread.join();
        }
    }
}

impl Ship for Sender {
    fn accept(&self, chunk: Chunk, epoch: u64) {
        // What is nearly empty is copied, and goes back at once.
        let held = if chunk.is_sparse() {
            PaidChunk::new(chunk)
        } else {
            PaidChunk::with_slack(chunk, &self.budget)
        };
        let run = Run::of_all(held, epoch);
        self.shared
            .with_book(|book, done, wanted| book.accept(run, done, wanted));
    }

    fn wake(&self) {
        self.shared.is_woken.store(true, Ordering::SeqCst);
        self.shared.nudge();
    }

    fn hurry(&self) {
        self.shared.hurry.store(true, Ordering::SeqCst);
        self.shared.nudge();
    }

    fn end_holding(&self) {
        self.shared.end_holding();
    }

    fn wait_settled(&self, epoch: u64, deadline: Instant) -> bool {
        self.shared.wait_settled(epoch, deadline)
    }

    fn tally(&self, stats: &mut Stats) {
        self.shared.tally(stats);
    }

    #[cfg(feature = "http")]
    fn call(&self, call: Call, promise: Promise<CallResult>) {
        match &self.caller {
            Some(caller) => caller.call(call, promise),
            None => promise.keep(Err(Silence::new(Cause::NotHttp, ""))),
        }
    }

    fn shut_down(&self, deadline: Instant) {
        self.shared.close(DropReason::CloseDeadline);
        self.shared.stop.store(true, Ordering::SeqCst);
        self.shared.nudge();
        drop(self.worker.lock().take());
        if !self.is_own_thread(std::thread::current().id()) {
            self.shared.wait_for_threads(deadline);
        }
        self.forget_ended_threads();
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        if self.origin.is_elsewhere() {
            // The threads are the parent's; they may have held any lock at the fork.
            let worker = self.worker.get_mut().take();
            let threads = mem::take(self.threads.get_mut());
            return mem::forget((Arc::clone(&self.shared), worker, threads));
        }
        self.shared.close(DropReason::CloseDeadline);
        self.shared.stop.store(true, Ordering::SeqCst);
        self.shared.nudge();
    }
}

#[cfg(test)]
mod tests;
