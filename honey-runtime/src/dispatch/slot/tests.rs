//! What a slot takes of the budget, and what it keeps.

use super::{FULL_CHUNK_BYTES, KEPT_IDLE_NS, Refused, Slot};
use crate::dispatch::testing::Events;
use crate::dispatch::{Budget, Grant};
use crate::process::testing;
use crate::record::Chunk;

/// No client's.
const OWNER: u64 = u64::MAX;
impl Events {
    /// Stores so many. Returns after how many of them a chunk was full.
    fn store(&self, count: u64, slot: &Slot, budget: &Budget) -> Vec<u64> {
        let stored = |_: &u64| slot.store(OWNER, budget, &self.one(), None);
        let is_full = |which: &u64| stored(which).unwrap_or_else(|no| unreachable!("{no:?}"));
        (1..=count).filter(is_full).collect()
    }

    fn fit(&self, slot: &Slot, budget: &Budget) -> u64 {
        let one_more = || slot.store(OWNER, budget, &self.one(), None);
        std::iter::from_fn(|| one_more().ok()).map(|_| 1).sum()
    }
}

fn collected(slot: &Slot, budget: &Budget, now_ns: u64) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    slot.collect(budget, now_ns, |chunk| chunks.push(chunk));
    chunks
}

fn retired(slot: &'static Slot, budget: &Budget) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    slot.retire(budget, |chunk| chunks.push(chunk));
    chunks
}

/// Blocks save a locked instruction for each event.
#[test]
fn blocks_double_up_to_a_full_chunk_and_begin_anew_with_each_sweep() {
    let events = Events::of(1);
    let size = Grant {
        bytes: 1 << 30,
        events: 1_000,
    };
    let budget = Budget::new(1 << 30, 1_000);
    // A slot that was another's before.
    retired(Slot::acquire(OWNER), &budget);
    let slot = Slot::acquire(OWNER);
    let taken = || size.events - budget.free().events;
    let mut stored = 0;
    for (more, expected) in [
        (1, 8),
        (7, 8),
        (1, 8 + 16),
        (16, 8 + 16 + 32),
        (32, 8 + 16 + 32 + 64),
        (64, 248),
        (128, 248 + 256),
        (256, 248 + 256 + 256),
    ] {
        events.store(more, slot, &budget);
        stored += more;
        assert_eq!(taken(), expected, "{stored} events");
    }
    let chunks = collected(slot, &budget, 1);
    assert_eq!(chunks.iter().map(Chunk::len).sum::<usize>() as u64, stored);
    assert_eq!(
        budget.free(),
        Grant {
            bytes: size.bytes - stored * events.cost(),
            events: size.events - stored,
        },
        "what was not used went back"
    );
    events.store(1, slot, &budget);
    assert_eq!(taken(), stored + 8);
    assert_eq!(retired(slot, &budget).len(), 1);
    assert_eq!(taken(), stored + 1, "the same at a thread's end");
}

/// The largest block of bytes is a full chunk: threads that came to rest must not hold more.
#[test]
fn no_block_has_more_bytes_than_a_full_chunk() {
    let events = Events::of(FULL_CHUNK_BYTES / 4);
    let budget = Budget::new(1 << 30, 1 << 30);
    let slot = Slot::acquire(OWNER);
    let mut before = budget.free().bytes;
    let mut blocks = Vec::new();
    for _ in 0..40 {
        events.store(1, slot, &budget);
        let now = budget.free().bytes;
        blocks.extend((now < before).then(|| before - now));
        before = now;
    }
    let most = FULL_CHUNK_BYTES as u64;
    assert_eq!(blocks.iter().max(), Some(&most), "{blocks:?}");
    retired(slot, &budget);
}

/// Where no block is left, each event takes what it needs, to the last one.
#[test]
fn the_budget_can_be_used_up() {
    let events = Events::of(300);
    let slot = Slot::acquire(OWNER);
    let few = Budget::new(1 << 30, 100);
    assert_eq!(events.fit(slot, &few), 100);
    assert_eq!(few.free().events, 0);
    retired(slot, &few);
    let slot = Slot::acquire(OWNER);
    let bytes = 100 * events.cost();
    let small = Budget::new(usize::try_from(bytes).unwrap_or(0), 1 << 30);
    assert_eq!(events.fit(slot, &small), 100);
    assert_eq!(small.free().bytes, 0);
    let refused = slot.store(OWNER, &small, &events.one(), None);
    let wanted = Grant {
        bytes: events.cost(),
        events: 1,
    };
    assert!(
        matches!(refused, Err(Refused::NoRoom(grant)) if grant == wanted),
        "{refused:?}"
    );
    let chunks = retired(slot, &small);
    let cost: u64 = chunks.iter().map(Chunk::cost_bytes).sum();
    assert_eq!(cost, bytes);
}

#[test]
fn a_thread_gets_the_half_that_the_collector_has_not() {
    let events = Events::of(1);
    let budget = Budget::new(1 << 30, 1_000);
    let slot = Slot::acquire(OWNER);
    for half in [&slot.first, &slot.second] {
        let held = half.try_lock();
        assert!(held.is_some());
        events.store(1, slot, &budget);
    }
    assert_eq!(collected(slot, &budget, 1).len(), 2, "one in each");
    retired(slot, &budget);
}

#[test]
fn a_full_chunk_is_put_aside_and_another_begun() {
    let events = Events::of(FULL_CHUNK_BYTES / 2);
    let budget = Budget::new(1 << 30, 1_000);
    let slot = Slot::acquire(OWNER);
    assert_eq!(events.store(5, slot, &budget), [2, 4]);
    let mut held = 0;
    slot.inspect(|_, events| held += events);
    assert_eq!(held, 5);
    let mut full = Vec::new();
    slot.collect_full(|chunk| full.push(chunk.len()));
    assert_eq!(full, [2, 2]);
    let rest = collected(slot, &budget, 1);
    assert_eq!(rest.iter().map(Chunk::len).collect::<Vec<_>>(), [1]);
    retired(slot, &budget);
}

/// What a thread keeps for its next events goes to those that have some when it has had none for ten seconds.
#[test]
fn an_idle_thread_keeps_no_memory() {
    let events = Events::of(1);
    let budget = Budget::new(1 << 30, 1_000);
    let slot = Slot::acquire(OWNER);
    events.store(1, slot, &budget);
    let now_ns = 2 * KEPT_IDLE_NS;
    assert_eq!(collected(slot, &budget, now_ns).len(), 1);
    let spares = || std::iter::from_fn(|| budget.spares().take()).count();
    assert!(collected(slot, &budget, now_ns + KEPT_IDLE_NS).is_empty());
    assert_eq!(spares(), 0);
    assert!(collected(slot, &budget, now_ns + KEPT_IDLE_NS + 1).is_empty());
    assert_eq!(spares(), 1);
    // And goes on with what others gave.
    budget.spares().keep(Chunk::with_memory(1));
    events.store(1, slot, &budget);
    assert_eq!(collected(slot, &budget, now_ns).len(), 1);
    assert_eq!(spares(), 0);
    retired(slot, &budget);
}

#[test]
fn a_slot_is_marked_only_by_whom_it_belongs_to_and_not_for_ever() {
    let budget = Budget::new(0, 0);
    let slot = Slot::acquire(OWNER);
    slot.orphan_of(OWNER - 1);
    assert!(!slot.is_orphaned());
    slot.orphan_of(OWNER);
    assert!(slot.is_orphaned() && slot.is_owned_by(OWNER));
    retired(slot, &budget);
    assert!(!slot.is_owned_by(OWNER));
}

/// As many exist as were needed at once.
#[test]
fn a_slot_is_used_again() {
    testing::alone("dispatch::slot::tests::a_slot_is_used_again", || {
        let budget = Budget::new(0, 0);
        let slot = Slot::acquire(OWNER);
        retired(slot, &budget);
        assert!(std::ptr::eq(slot, Slot::acquire(OWNER)));
    });
}
