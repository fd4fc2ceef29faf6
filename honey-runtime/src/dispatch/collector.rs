//! The hand-over of one client: its slots, and the one lock under which data moves.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::budget::{Budget, Grant};
use super::counts::{Counts, Loss};
use super::ship::{Ship, Source};
use super::slot::{FULL_CHUNK_BYTES, MAX_CHUNK_EVENTS, Refused, Slot};
#[cfg(feature = "http")]
use super::{Call, CallResult, Promised, promise};
use crate::process::Origin;
use crate::record::{Chunk, Extra, Finished, monotonic_ns, refresh_wall_clock};
use crate::response::DropReason;
use crate::stats::Stats;
use crate::sync::{Arc, AtomicBool, AtomicU64, AtomicUsize, Mutex, Ordering};

/// How often a thread that waits for room looks after the rest.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);
/// A sweep that is further away than this is the slow one of a quiet time.
const FAR_NS: u64 = 200_000_000;
/// A sweep that is this late is somebody else's to do.
const OVERDUE_NS: u64 = 2_000_000_000;

/// One client's side of the seam.
pub(crate) struct Dispatch {
    /// Which slots are its: never used again.
    owner: u64,
    /// In another process nobody may wait for the locks below: whoever is about to asks first.
    origin: Origin,
    budget: Arc<Budget>,
    ship: Arc<dyn Ship>,
    /// How long a thread may wait for room; `None`: not at all.
    block_on_send: Option<Duration>,
    slots: Mutex<Slots>,
    collector: Mutex<Collector>,
    next_sweep_ns: AtomicU64,
    last_sweep_ns: AtomicU64,
    /// Chunks filled since somebody collected, about.
    full_chunks: AtomicUsize,
    /// At so many the ship thread is woken.
    wake_at: usize,
    /// Somebody was refused since then, and has said so.
    refused: AtomicBool,
}

/// The slots in use. Closed: no thread gets one any more.
#[derive(Default)]
struct Slots {
    attached: Vec<&'static Slot>,
    /// Shared by threads that are past the destruction of their thread-locals.
    overflow: Option<&'static Slot>,
    closed: bool,
}

/// What only the holder of the collector lock may touch.
#[derive(Default)]
struct Collector {
    epoch: u64,
    /// What threads counted that are gone, and what ended after close.
    retired: Counts,
}

impl Dispatch {
    pub(crate) fn new(
        owner: u64,
        budget: Arc<Budget>,
        ship: Arc<dyn Ship>,
        block_on_send: Option<Duration>,
    ) -> Arc<Self> {
        // The first sweep may be far away, and the last client's long ago.
        refresh_wall_clock();
        Arc::new(Self {
            owner,
            origin: Origin::here(),
            wake_at: wake_at(budget.size()),
            full_chunks: AtomicUsize::new(0),
            refused: AtomicBool::new(false),
            budget,
            ship,
            block_on_send,
            slots: Mutex::default(),
            collector: Mutex::default(),
            next_sweep_ns: AtomicU64::new(u64::MAX),
            last_sweep_ns: AtomicU64::new(0),
        })
    }

    pub(crate) fn owner(&self) -> u64 {
        self.owner
    }

    /// When threads were last collected, by the monotonic clock: a clock that costs nothing to read.
    pub(crate) fn last_sweep_ns(&self) -> u64 {
        self.last_sweep_ns.load(Ordering::Relaxed)
    }

    /// A slot for the calling thread; `None` after close.
    pub(crate) fn attach(&self) -> Option<&'static Slot> {
        if self.origin.is_elsewhere() {
            return None;
        }
        let mut slots = self.slots.lock();
        if slots.closed {
            return None;
        }
        let slot = Slot::acquire(self.owner);
        slots.attached.push(slot);
        Some(slot)
    }

    /// The slot for threads whose thread-locals are gone; `None` after close.
    pub(crate) fn overflow(&self) -> Option<&'static Slot> {
        let known = self.origin.lock(&self.slots)?.overflow;
        if known.is_some() {
            return known;
        }
        let slot = self.attach()?;
        self.slots.lock().overflow.get_or_insert(slot);
        Some(slot)
    }

    /// Stores an event with its `extra`, if there is room. One that is refused goes to [`Self::store_refused`].
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `finish_with`")]
    pub(crate) fn try_store(
        &self,
        slot: Option<&'static Slot>,
        event: &Finished<'_>,
        extra: Option<&Arc<Extra>>,
    ) -> Result<(), Refused> {
        let slot = slot.ok_or(Refused::NotOurs)?;
        let is_full = slot.store(self.owner, &self.budget, event, extra)?;
        if is_full {
            self.chunk_is_full();
        }
        Ok(())
    }

    /// Waits for room, when the client is set to. An event that is not stored then is counted here.
    #[cold]
    pub(crate) fn store_refused(
        &self,
        slot: Option<&'static Slot>,
        refused: Refused,
        event: &Finished<'_>,
        extra: Option<&Arc<Extra>>,
    ) -> Result<(), DropReason> {
        match (slot, refused) {
            (Some(slot), Refused::NoRoom(wanted)) => {
                self.store_when_there_is_room(slot, wanted, event, extra)
            }
            _ => Err(self.drop_event(None, DropReason::Closed)),
        }
    }

    /// The ship thread comes by itself, and the more there is the sooner. A wake-up would push the caller aside on a processor
    /// that is busy, in the middle of a call: so there is one only when much more has come than it reckoned with.
    #[cold]
    fn chunk_is_full(&self) {
        if self.origin.is_elsewhere() {
            return;
        }
        let full = self.full_chunks.fetch_add(1, Ordering::Relaxed) + 1;
        if full % self.wake_at == 0 || (full == 1 && self.is_sweep_far()) {
            self.ship.wake();
        }
    }

    /// After a quiet time the ship thread comes rarely: the first full chunk says that it is over.
    fn is_sweep_far(&self) -> bool {
        let next = self.next_sweep_ns.load(Ordering::Relaxed);
        next != u64::MAX && next > monotonic_ns().saturating_add(FAR_NS)
    }

    fn store_when_there_is_room(
        &self,
        slot: &'static Slot,
        wanted: Grant,
        event: &Finished<'_>,
        extra: Option<&Arc<Extra>>,
    ) -> Result<(), DropReason> {
        let Some(deadline) = self.block_on_send.map(|longest| Instant::now() + longest) else {
            // What others hold but do not use goes back when it is collected.
            if !self.refused.swap(true, Ordering::Relaxed) && !self.origin.is_elsewhere() {
                self.ship.wake();
            }
            return Err(self.drop_event(Some(slot), DropReason::QueueFull));
        };
        // Of those that are refused at about the same time one collects for all. Who still waits at its next look does it again.
        let mut collects = !self.refused.swap(true, Ordering::Relaxed);
        loop {
            let now = Instant::now();
            if now >= deadline || self.budget.is_closing() || self.origin.is_elsewhere() {
                break;
            }
            // Room comes only from events that are on their way: these must not lie here until the next sweep.
            if collects && self.collect_unless_somebody_does() {
                self.ship.hurry();
            } else {
                // Who hurries says that everything was collected: so the ship thread is to do that.
                self.refused.store(true, Ordering::Relaxed);
                self.ship.wake();
            }
            collects = true;
            self.budget
                .wait_for_room(wanted, deadline.min(now + LOOK_INTERVAL));
            match self.try_store(Some(slot), event, extra) {
                Ok(()) => {
                    self.refused.store(false, Ordering::Relaxed);
                    return Ok(());
                }
                Err(Refused::NotOurs) => return Err(self.drop_event(None, DropReason::Closed)),
                Err(Refused::NoRoom(_)) => {}
            }
        }
        Err(self.drop_event(Some(slot), DropReason::QueueFull))
    }

    /// For a caller that has just read the clock: does the sweep itself when it is long overdue, because the thread that should do
    /// it is dead or starved.
    #[inline]
    pub(crate) fn look_after(&self, now_ns: u64) {
        let next = self.next_sweep_ns.load(Ordering::Relaxed);
        if now_ns > next.saturating_add(OVERDUE_NS) {
            self.sweep_overdue(next, now_ns);
        }
    }

    #[cold]
    fn sweep_overdue(&self, next: u64, now_ns: u64) {
        // Stamped first, so that one caller does it and a starved processor does not make them all try.
        let stamped =
            self.next_sweep_ns
                .compare_exchange(next, now_ns, Ordering::Relaxed, Ordering::Relaxed);
        if stamped.is_ok() && !self.origin.is_elsewhere() {
            self.collect_unless_somebody_does();
        }
    }

    /// False: somebody has the lock, and may be collecting.
    fn collect_unless_somebody_does(&self) -> bool {
        let collector = self.collector.try_lock();
        collector
            .map(|mut collector| self.collect_all(&mut collector))
            .is_some()
    }

    fn drop_event(&self, slot: Option<&'static Slot>, reason: DropReason) -> DropReason {
        self.count(slot, Loss::Dropped(reason));
        reason
    }

    /// Counts an event that ends without going anywhere.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `finish_with`")]
    pub(crate) fn count(&self, slot: Option<&'static Slot>, loss: Loss) {
        if !slot.is_some_and(|slot| slot.count(self.owner, loss)) {
            self.count_apart(loss);
        }
    }

    #[cold]
    fn count_apart(&self, loss: Loss) {
        if let Some(mut collector) = self.origin.lock(&self.collector) {
            collector.retired.lost(loss);
        }
    }

    /// Sends what is there and waits until all of it has its outcome. False: the deadline came first.
    pub(crate) fn flush(&self, deadline: Instant) -> bool {
        if self.origin.is_elsewhere() {
            return true;
        }
        let epoch = {
            let mut collector = self.collector.lock();
            self.collect_all(&mut collector);
            let epoch = collector.epoch;
            // What is collected from now on is not waited for, or a busy program's flush would never end.
            collector.epoch += 1;
            epoch
        };
        self.ship.hurry();
        self.ship.wait_settled(epoch, deadline)
    }

    /// Makes a request that brings no events.
    #[cfg(feature = "http")]
    pub(crate) fn call(&self, call: Call) -> Promised<CallResult> {
        let (promise, promised) = promise();
        self.ship.call(call, promise);
        promised
    }

    /// The balance at this moment.
    pub(crate) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        let collector = self.collector.lock();
        collector.retired.add_to(&mut stats);
        let slots = self.slots.lock().attached.clone();
        for slot in slots {
            slot.inspect(|counts, held| {
                counts.add_to(&mut stats);
                stats.pending += held as u64;
            });
        }
        self.ship.tally(&mut stats);
        stats
    }

    /// Takes no more events, sends what is there until `deadline`, gives up the rest. False: something was given up.
    pub(crate) fn close(&self, deadline: Instant) -> bool {
        self.budget.close();
        let epoch = {
            let mut collector = self.collector.lock();
            let attached = {
                let mut slots = self.slots.lock();
                slots.closed = true;
                slots.overflow = None;
                std::mem::take(&mut slots.attached)
            };
            for slot in attached {
                self.retire(&mut collector, slot);
            }
            collector.epoch
        };
        self.ship.end_holding();
        self.ship.hurry();
        let settled = self.ship.wait_settled(epoch, deadline);
        self.ship.shut_down(deadline);
        settled
    }

    fn collect_all(&self, collector: &mut Collector) {
        self.full_chunks.store(0, Ordering::Relaxed);
        let attached = self.slots.lock().attached.clone();
        let (orphaned, living): (Vec<_>, Vec<_>) =
            attached.into_iter().partition(|slot| slot.is_orphaned());
        let now_ns = monotonic_ns();
        let mut chunks = Vec::new();
        for slot in living {
            slot.collect(&self.budget, now_ns, |chunk| chunks.push(chunk));
        }
        self.hand_over(chunks, collector.epoch);
        if !orphaned.is_empty() {
            let gone: HashSet<usize> = orphaned.iter().map(|slot| slot.index()).collect();
            self.slots
                .lock()
                .attached
                .retain(|slot| !gone.contains(&slot.index()));
            for slot in orphaned {
                self.retire(collector, slot);
            }
        }
    }

    fn retire(&self, collector: &mut Collector, slot: &'static Slot) {
        let mut chunks = Vec::new();
        let counts = slot.retire(&self.budget, |chunk| chunks.push(chunk));
        collector.retired.merge(&counts);
        self.hand_over(chunks, collector.epoch);
    }

    fn hand_over(&self, chunks: Vec<Chunk>, epoch: u64) {
        for chunk in chunks {
            self.ship.accept(chunk, epoch);
        }
    }
}

/// How many full chunks wake the ship thread: at most a few MiB, and far less than the budget has.
fn wake_at(budget: Grant) -> usize {
    const MOST: u64 = 64;
    const SHARE: u64 = 8;
    let chunks = (budget.bytes / FULL_CHUNK_BYTES as u64).min(budget.events / MAX_CHUNK_EVENTS);
    usize::try_from((chunks / SHARE).clamp(1, MOST)).unwrap_or(1)
}

impl Source for Dispatch {
    fn sweep(&self) {
        refresh_wall_clock();
        self.refused.store(false, Ordering::Relaxed);
        self.last_sweep_ns.store(monotonic_ns(), Ordering::Relaxed);
        self.collect_all(&mut self.collector.lock());
    }

    fn collect_full(&self) {
        self.full_chunks.store(0, Ordering::Relaxed);
        let was_refused = self.refused.swap(false, Ordering::Relaxed);
        let mut collector = self.collector.lock();
        if was_refused {
            return self.collect_all(&mut collector);
        }
        let attached = self.slots.lock().attached.clone();
        let mut chunks = Vec::new();
        for slot in attached {
            slot.collect_full(|chunk| chunks.push(chunk));
        }
        self.hand_over(chunks, collector.epoch);
    }

    fn announce(&self, next_sweep_ns: u64) {
        self.next_sweep_ns.store(next_sweep_ns, Ordering::Relaxed);
    }
}

#[cfg(all(test, not(honey_model)))]
mod tests;
