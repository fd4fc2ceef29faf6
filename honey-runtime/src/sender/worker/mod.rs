//! The ship thread: a plain loop that fetches, sends, and reads what came back.

mod answers;
mod arrival;
mod commit;
mod deliver;
mod landing;
mod launch;
mod pace;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Weak;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, select, unbounded};

use super::advice;
use super::batching::Limits;
use super::book::FlightId;
use super::encode::{Body, Draft, Encoder};
use super::keep::Keeper;
use super::settings::{BuildError, Settings, TransportKind};
use super::shared::Shared;
#[cfg(feature = "http")]
use super::transport::http::Caller;
use super::transport::{Completion, Routes, Transport};
use crate::dispatch::{Grant, Source};
use crate::isolate;
use crate::record::monotonic_ns;
use crate::response::DropReason;
use crate::sync::{Arc, Ordering};
use pace::Pace;

/// Panics within a minute after which the thread gives up.
const MAX_PANICS: u32 = 16;
const PANICS_FORGOTTEN_AFTER: Duration = Duration::from_secs(60);
/// Between two looks at something that waits for room.
const LEAST_WAIT: Duration = Duration::from_millis(2);
/// Bodies of which the memory is kept.
const MAX_OLD_BODIES: usize = 4;

/// The ship thread's own.
pub(super) struct Worker {
    shared: Arc<Shared>,
    settings: Settings,
    transport: Transport,
    routes: Routes,
    encoder: Encoder,
    /// Bodies whose memory is used again.
    old_bodies: Vec<Draft>,
    results: Sender<Completion>,
    completions: Receiver<Completion>,
    /// What it works on: if it panics, this is tried once more.
    in_hand: Option<FlightId>,
    pace: Pace,
    /// Asks the rules, and shows events to the user's function; `None` where there is neither.
    keeper: Option<Keeper>,
}

impl Worker {
    pub(super) fn new(
        shared: Arc<Shared>,
        settings: Settings,
        transport: TransportKind,
    ) -> Result<Self, BuildError> {
        let (transport, routes) = Transport::new(transport, &settings)?;
        let keeper = Keeper::new(&settings.keeping, &shared);
        // Holds as many as there are requests under way, so it is bounded without being it.
        let (results, completions) = unbounded();
        Ok(Self {
            shared,
            transport,
            routes,
            encoder: Encoder::new(settings.max_event_bytes),
            old_bodies: Vec::new(),
            results,
            completions,
            in_hand: None,
            pace: Pace::new(settings.send_frequency, Instant::now()),
            keeper,
            settings,
        })
    }

    /// For requests that bring no events, if there is a way for them.
    #[cfg(feature = "http")]
    pub(super) fn caller(&self) -> Option<Caller> {
        match &self.transport {
            Transport::Http(http) => Some(http.caller()),
            _ => None,
        }
    }

    /// Starts this thread and the transport's.
    pub(super) fn start(mut self, source: Weak<dyn Source>) -> io::Result<Vec<JoinHandle<()>>> {
        // Here, and not by the thread: it may never begin, in the child of a fork that comes at once.
        if let Some(source) = source.upgrade() {
            self.announce(&*source);
        }
        let alive = Alive::new(&self.shared);
        let own = self
            .transport
            .start(self.results.clone(), move || drop(alive))?;
        let mut threads = Vec::from_iter(own);
        let alive = Alive::new(&self.shared);
        let thread = std::thread::Builder::new()
            .name("honey-ship".to_owned())
            .spawn(move || {
                let _alive = alive;
                // Dropped before: a transmission may put something out in its `Drop`, and who closes waits for this.
                let mut worker = self;
                isolate::own_thread();
                worker.run(&source, Self::step);
            })?;
        threads.push(thread);
        Ok(threads)
    }

    /// Step after step until the sender stops, or until too many of them panicked.
    pub(super) fn run(
        &mut self,
        source: &Weak<dyn Source>,
        step: impl Fn(&mut Self, &Weak<dyn Source>),
    ) {
        let mut panics = 0;
        let mut last_panic = Instant::now();
        while !self.shared.is_stopping() {
            let step = catch_unwind(AssertUnwindSafe(|| step(self, source)));
            if step.is_ok() {
                continue;
            }
            if last_panic.elapsed() > PANICS_FORGOTTEN_AFTER {
                panics = 0;
            }
            last_panic = Instant::now();
            panics += 1;
            if panics >= MAX_PANICS {
                advice::on_last_panic(&self.shared.diagnostics, panics);
                self.shared.close(DropReason::WorkerDied);
                return;
            }
            advice::on_panic(&self.shared.diagnostics);
            self.recover();
        }
    }

    /// Everything that is due, then a wait for the next thing.
    fn step(&mut self, source: &Weak<dyn Source>) {
        self.work(source);
        self.wait();
    }

    /// Everything that is due.
    pub(super) fn work(&mut self, source: &Weak<dyn Source>) {
        for completion in self.completions.try_iter().collect::<Vec<_>>() {
            self.arrive(completion);
        }
        let now = Instant::now();
        let is_woken = self.shared.is_woken.swap(false, Ordering::SeqCst);
        let is_swept = self.pace.is_due(now);
        if is_swept {
            if let Some(source) = source.upgrade() {
                source.sweep();
                self.announce(&*source);
            }
            self.tidy(now);
            self.tick_transmission();
            self.pace.swept(now);
        } else if is_woken {
            if let Some(source) = source.upgrade() {
                source.collect_full();
            }
        }
        self.sort(now, is_swept);
        while self.launch_next() {}
        self.flush_transmission();
    }

    /// Tells callers by when they may expect the next sweep.
    fn announce(&self, source: &dyn Source) {
        let within_ns = u64::try_from(self.pace.longest().as_nanos()).unwrap_or(u64::MAX);
        source.announce(monotonic_ns().saturating_add(within_ns));
    }

    /// `is_swept`: every thread was collected just now.
    fn sort(&mut self, now: Instant, is_swept: bool) {
        let is_hurried = self.shared.hurry.swap(false, Ordering::SeqCst);
        if let Some(keeper) = &mut self.keeper {
            // Who hurries has collected every thread before.
            keeper.pass(&self.shared, now, is_swept || is_hurried);
        }
        let share_bytes = self.settings.max_pending_bytes / 2;
        let sorted = self.shared.with_book(|book, done, wanted| {
            let sorted = book.sort(&self.routes, now, share_bytes, done, wanted);
            if let Some(destination) = &sorted.over_share {
                advice::on_over_share(&self.shared.diagnostics, &destination.dataset);
            }
            if is_hurried {
                book.hurry();
            }
            sorted
        });
        self.shared.budget.charge(sorted.charge);
        self.pace.came(sorted.bytes, now);
    }

    /// Settles what is too old, forgets what is idle, frees what nobody has used for a while.
    fn tidy(&mut self, now: Instant) {
        let is_idle = self.pace.is_idle();
        let max_age_ns = u64::try_from(self.settings.max_age.as_nanos()).unwrap_or(u64::MAX);
        let now_ns = monotonic_ns();
        let oldest_ns = now_ns.saturating_sub(max_age_ns);
        let bytes = self.shared.with_book(|book, done, wanted| {
            if let Some(expired) = book.expire(oldest_ns, done, wanted) {
                advice::on_expired(&self.shared.diagnostics, &expired);
            }
            book.queues.forget_idle(now)
        });
        self.shared.budget.give_back(Grant { bytes, events: 0 });
        let spares = self.shared.budget.spares();
        if is_idle {
            spares.free_all();
            self.old_bodies = Vec::new();
        } else {
            spares.free_unneeded(now_ns);
        }
    }

    fn wait(&mut self) {
        let now = Instant::now();
        let look = self.shared.book.lock().next_look(now, self.limits());
        // What is due already was not allowed to begin: only an answer makes room for it.
        let look = look.map(|look| look.max(now + LEAST_WAIT));
        let due = look.map_or(self.pace.next(), |look| look.min(self.pace.next()));
        let Self {
            shared,
            completions,
            ..
        } = &*self;
        let mut arrived = None;
        select! {
            recv(completions) -> completion => arrived = completion.ok(),
            recv(shared.nudged) -> _ => {}
            default(due.saturating_duration_since(now)) => {}
        }
        if let Some(completion) = arrived {
            self.arrive(completion);
        }
    }

    /// A body to write about so many bytes in: one whose memory fits, else a new one.
    fn draft(&mut self, bytes: usize, events: usize) -> Draft {
        let fits = |draft: &Draft| (bytes..=bytes * 4).contains(&draft.capacity_bytes());
        let old = self.old_bodies.iter().position(fits);
        let mut draft = old
            .map(|place| self.old_bodies.swap_remove(place))
            .unwrap_or_default();
        draft.reserve(bytes, events);
        draft
    }

    /// Keeps the memory of a body that is not needed any more.
    fn keep_body(&mut self, body: Body) {
        if self.old_bodies.len() < MAX_OLD_BODIES {
            let draft = body.into_draft();
            self.old_bodies.extend(
                draft.filter(|draft| draft.capacity_bytes() <= 2 * self.settings.batch_bytes),
            );
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            events: self.settings.max_batch_events,
            bytes: self.settings.batch_bytes,
            longest_wait: self.settings.send_frequency,
            in_flight: self.settings.max_concurrent_batches,
        }
    }
}

/// Counts a thread as long as it lives, or was to live: the closure of a thread that never began is dropped too.
struct Alive(Arc<Shared>);

impl Alive {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.thread_began();
        Self(Arc::clone(shared))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.thread_ended();
    }
}

#[cfg(all(test, feature = "http"))]
mod tests;
