//! Where one thread leaves its finished events for one client: two halves, each in one hand at a time.
//!
//! The collector holds one half at a time, so the thread always gets the other: it never waits. Slots live for ever and are
//! used again, so that a thread may keep a plain reference to its own, also while it ends.

use super::budget::{Budget, Grant};
use super::counts::{Counts, Loss};
use crate::process::{Origin, PerProcess};
use crate::record::{Chunk, EventRecord, Extra, Finished};
use crate::sync::{Arc, AtomicBool, AtomicUsize, Baton, Held, Mutex, Ordering};

/// A chunk this large is put aside.
pub(super) const FULL_CHUNK_BYTES: usize = 64 * 1024;
/// More events than this do not fit into one.
pub(super) const MAX_CHUNK_EVENTS: u64 = (FULL_CHUNK_BYTES / size_of::<EventRecord>() + 1) as u64;
/// The first block a thread takes of the budget; each further one is twice as large, up to a full chunk.
const FIRST_GRANT: Grant = Grant {
    bytes: 2 * 1024,
    events: 8,
};
/// The largest block.
const LARGEST_GRANT: Grant = Grant {
    bytes: FULL_CHUNK_BYTES as u64,
    events: 256,
};

/// A thread that records nothing for so long keeps no memory for its next events.
const KEPT_IDLE_NS: u64 = 10_000_000_000;

/// One thread's place at one client.
pub(crate) struct Slot {
    /// Which one of the process's slots it is.
    index: usize,
    origin: Origin,
    first: Baton<Half>,
    second: Baton<Half>,
    orphaned: AtomicBool,
}

/// One half: whose it is, what it holds, what it may still take.
#[derive(Default)]
pub(crate) struct Half {
    /// The client it belongs to; 0 = nobody's.
    owner: u64,
    current: Chunk,
    full: Vec<Chunk>,
    /// When the collector last found an event here.
    used_ns: u64,
    counts: Counts,
    grant: Grant,
    next_grant: Grant,
}

/// Why an event was not stored.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refused {
    /// The slot is another client's by now, or nobody's.
    NotOurs,
    /// The budget does not have this much.
    NoRoom(Grant),
}

static FREE: PerProcess<Mutex<Vec<&'static Slot>>> = PerProcess::new(Mutex::default);
static MADE: AtomicUsize = AtomicUsize::new(0);

impl Slot {
    /// A slot for `owner`, used again if one is free.
    pub(crate) fn acquire(owner: u64) -> &'static Slot {
        let free = FREE.lock().pop();
        let slot = free.unwrap_or_else(|| {
            Box::leak(Box::new(Slot {
                index: MADE.fetch_add(1, Ordering::Relaxed),
                origin: Origin::here(),
                first: Baton::new(Half::default()),
                second: Baton::new(Half::default()),
                orphaned: AtomicBool::new(false),
            }))
        });
        slot.orphaned.store(false, Ordering::Relaxed);
        for half in [&slot.first, &slot.second] {
            let mut half = half.lock();
            half.owner = owner;
            half.next_grant = FIRST_GRANT;
        }
        slot
    }

    /// Gives an emptied slot to whoever comes next.
    fn release(&'static self) {
        FREE.lock().push(self);
    }

    /// Whether it is still this client's.
    pub(crate) fn is_owned_by(&self, owner: u64) -> bool {
        let half = self.origin.hold(&self.first);
        half.is_some_and(|half| half.owner == owner)
    }

    /// What tells it from others.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// The thread of `owner`'s slot is gone, or uses another slot now: the collector may take the rest and free it. Nothing
    /// happens when the slot has been given to somebody else in the meantime.
    pub(crate) fn orphan_of(&self, owner: u64) {
        let half = self.origin.hold(&self.first);
        if half.is_some_and(|half| half.owner == owner) {
            self.orphaned.store(true, Ordering::Release);
        }
    }

    /// A half for its thread: the one that the collector does not hold. Both are held only in the overflow slot, which threads
    /// share, or after a fork that happened at a bad moment: then there is none.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `finish_with`")]
    fn any_half(&self) -> Option<Held<'_, Half>> {
        self.first
            .try_lock()
            .or_else(|| self.second.try_lock())
            .or_else(|| self.contended_half())
    }

    #[cold]
    fn contended_half(&self) -> Option<Held<'_, Half>> {
        self.origin.hold(&self.first)
    }

    /// Stores an event with its `extra`. `Ok(true)`: a chunk became full.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `finish_with`")]
    pub(crate) fn store(
        &self,
        owner: u64,
        budget: &Budget,
        event: &Finished<'_>,
        extra: Option<&Arc<Extra>>,
    ) -> Result<bool, Refused> {
        match self.any_half() {
            Some(mut half) if half.owner == owner => half.store(budget, event, extra),
            _ => Err(Refused::NotOurs),
        }
    }

    /// Counts an event that is not stored. False: the slot is another client's.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `finish_with`")]
    pub(crate) fn count(&self, owner: u64, loss: Loss) -> bool {
        match self.any_half() {
            Some(mut half) if half.owner == owner => {
                half.counts.lost(loss);
                true
            }
            _ => false,
        }
    }

    /// Takes everything from both halves, one after the other. Only under the collector lock of the owner.
    pub(crate) fn collect(&self, budget: &Budget, now_ns: u64, mut take: impl FnMut(Chunk)) {
        for half in [&self.first, &self.second] {
            let mut half = half.lock();
            half.collect(budget, now_ns, &mut take);
        }
    }

    /// Takes the full chunks from both halves. Only under the collector lock of the owner.
    pub(crate) fn collect_full(&self, mut take: impl FnMut(Chunk)) {
        for half in [&self.first, &self.second] {
            half.lock().full.drain(..).for_each(&mut take);
        }
    }

    /// Adds both halves' counts, and the events they hold, to what `add` sums up.
    pub(crate) fn inspect(&self, mut add: impl FnMut(&Counts, usize)) {
        for half in [&self.first, &self.second] {
            let half = half.lock();
            add(&half.counts, half.held());
        }
    }

    /// Whether its thread is gone.
    pub(crate) fn is_orphaned(&self) -> bool {
        self.orphaned.load(Ordering::Acquire)
    }

    /// Takes the rest, ends the ownership and gives the slot back; returns what its thread had counted.
    pub(crate) fn retire(&'static self, budget: &Budget, mut take: impl FnMut(Chunk)) -> Counts {
        let mut counts = Counts::default();
        for half in [&self.first, &self.second] {
            let mut half = half.lock();
            let mut left = std::mem::take(&mut *half);
            counts.merge(&left.counts);
            left.give_back_unused(budget);
            left.full.into_iter().for_each(&mut take);
            // Nobody records here any more: no other chunk takes its place.
            if left.current.is_empty() {
                budget.spares().keep(left.current);
            } else {
                take(left.current);
            }
        }
        self.release();
        counts
    }
}

impl Half {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `finish_with`")]
    fn store(
        &mut self,
        budget: &Budget,
        event: &Finished<'_>,
        extra: Option<&Arc<Extra>>,
    ) -> Result<bool, Refused> {
        let bytes = self.current.cost_of(event, extra.map(|extra| &**extra)) as u64;
        if (self.grant.bytes < bytes || self.grant.events == 0)
            && !self.enlarge_grant(budget, bytes)
        {
            return Err(Refused::NoRoom(Grant { bytes, events: 1 }));
        }
        self.grant.bytes -= bytes;
        self.grant.events -= 1;
        self.counts.kept();
        let cost_bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.current.store(event, extra.cloned(), cost_bytes);
        let is_full = self.current.used_bytes() >= FULL_CHUNK_BYTES;
        if is_full {
            self.begin_chunk(budget);
        }
        Ok(is_full)
    }

    #[cold]
    fn begin_chunk(&mut self, budget: &Budget) {
        let full = self.replace_current(budget);
        self.full.push(full);
    }

    /// The current chunk, with an empty one in its place.
    fn replace_current(&mut self, budget: &Budget) -> Chunk {
        let spare = budget.spares().take();
        let empty = spare.unwrap_or_else(|| self.current.empty_twin());
        std::mem::replace(&mut self.current, empty)
    }

    /// Takes the next block of the budget, or just what one event needs when no block is left.
    #[cold]
    fn enlarge_grant(&mut self, budget: &Budget, bytes: u64) -> bool {
        let block = Grant {
            bytes: self.next_grant.bytes.max(bytes),
            events: self.next_grant.events.max(1),
        };
        let least = Grant {
            bytes: bytes.saturating_sub(self.grant.bytes),
            events: u64::from(self.grant.events == 0),
        };
        let Some(taken) = [block, least]
            .into_iter()
            .find(|wanted| budget.take(*wanted))
        else {
            return false;
        };
        self.grant.bytes += taken.bytes;
        self.grant.events += taken.events;
        self.next_grant = Grant {
            bytes: (self.next_grant.bytes * 2).min(LARGEST_GRANT.bytes),
            events: (self.next_grant.events * 2).min(LARGEST_GRANT.events),
        };
        true
    }

    fn collect(&mut self, budget: &Budget, now_ns: u64, take: &mut impl FnMut(Chunk)) {
        self.full.drain(..).for_each(&mut *take);
        if !self.current.is_empty() {
            self.used_ns = now_ns;
            take(self.replace_current(budget));
        } else if now_ns.saturating_sub(self.used_ns) > KEPT_IDLE_NS {
            budget.spares().keep(std::mem::take(&mut self.current));
        }
        self.give_back_unused(budget);
        self.next_grant = FIRST_GRANT;
    }

    fn give_back_unused(&mut self, budget: &Budget) {
        let unused = std::mem::take(&mut self.grant);
        if unused != Grant::default() {
            budget.give_back(unused);
        }
    }

    fn held(&self) -> usize {
        self.current.len() + self.full.iter().map(Chunk::len).sum::<usize>()
    }
}

#[cfg(all(test, not(honey_model)))]
mod tests;
