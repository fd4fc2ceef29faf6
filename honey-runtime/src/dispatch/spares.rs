//! Emptied chunks, for whichever thread fills one next.
//!
//! One pile for all threads of a client, the last one first: what is written to next was in use a moment ago, and however many threads
//! there are, memory goes round instead of back to an allocator that keeps a heap for each of them.

use crate::record::Chunk;
use crate::sync::Mutex;

/// A chunk that grew beyond this is freed.
const LARGEST_BYTES: usize = 256 * 1024;
/// What nobody needed for so long is freed.
const UNNEEDED_AFTER_NS: u64 = 10_000_000_000;

/// See the module.
pub(crate) struct Spares {
    most_bytes: usize,
    pile: Mutex<Pile>,
}

#[derive(Default)]
struct Pile {
    chunks: Vec<Chunk>,
    bytes: usize,
    /// How many chunks there were at least, since then.
    fewest: usize,
    since_ns: u64,
}

impl Spares {
    /// Keeps chunks of `most_bytes` together.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            pile: Mutex::default(),
        }
    }

    /// Keeps an emptied chunk, if there is room for it.
    pub(crate) fn keep(&self, chunk: Chunk) {
        let bytes = chunk.capacity_bytes();
        let mut pile = self.pile.lock();
        if (1..=LARGEST_BYTES).contains(&bytes) && pile.bytes + bytes <= self.most_bytes {
            pile.bytes += bytes;
            pile.chunks.push(chunk);
        }
    }

    /// The one that was kept last. None also when somebody else is at the pile: nobody waits here.
    pub(crate) fn take(&self) -> Option<Chunk> {
        let mut pile = self.pile.try_lock()?;
        let chunk = pile.chunks.pop()?;
        pile.bytes -= chunk.capacity_bytes();
        pile.fewest = pile.fewest.min(pile.chunks.len());
        Some(chunk)
    }

    /// Frees the chunks that nobody has needed for a while. To be called now and then.
    pub(crate) fn free_unneeded(&self, now_ns: u64) {
        let mut pile = self.pile.lock();
        if now_ns.saturating_sub(pile.since_ns) < UNNEEDED_AFTER_NS {
            return;
        }
        pile.since_ns = now_ns;
        let unneeded = pile.fewest;
        let freed: Vec<_> = pile.chunks.drain(..unneeded).collect();
        pile.bytes -= freed.iter().map(Chunk::capacity_bytes).sum::<usize>();
        pile.fewest = pile.chunks.len();
        drop(pile);
        drop(freed);
    }

    /// Frees all of them.
    pub(crate) fn free_all(&self) {
        let freed = std::mem::take(&mut *self.pile.lock());
        drop(freed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK_BYTES: usize = 1_000;

    fn emptied() -> Chunk {
        Chunk::with_memory(CHUNK_BYTES)
    }

    fn kept(spares: &Spares) -> usize {
        std::iter::from_fn(|| spares.take()).count()
    }

    #[test]
    fn keeps_as_much_as_it_may_and_nothing_too_small_or_too_large() {
        let spares = Spares::new(3 * CHUNK_BYTES);
        spares.keep(Chunk::default());
        spares.keep(Chunk::with_memory(LARGEST_BYTES + 1));
        let largest = Spares::new(LARGEST_BYTES);
        largest.keep(Chunk::with_memory(LARGEST_BYTES));
        assert_eq!(kept(&largest), 1);
        for _ in 0..5 {
            spares.keep(emptied());
        }
        assert_eq!(kept(&spares), 3);
        spares.keep(emptied());
        assert_eq!(kept(&spares), 1, "what was taken makes room");
    }

    #[test]
    fn what_nobody_needed_for_a_while_is_freed() {
        let spares = Spares::new(10 * CHUNK_BYTES);
        let mut now_ns = UNNEEDED_AFTER_NS;
        spares.free_unneeded(now_ns);
        for _ in 0..10 {
            spares.keep(emptied());
        }
        now_ns += UNNEEDED_AFTER_NS;
        spares.free_unneeded(now_ns);
        // Three of the ten are in use now and then.
        for in_use in [3, 1] {
            let used: Vec<_> = (0..in_use).filter_map(|_| spares.take()).collect();
            for chunk in used {
                spares.keep(chunk);
            }
        }
        spares.free_unneeded(now_ns + UNNEEDED_AFTER_NS - 1);
        spares.free_unneeded(now_ns + UNNEEDED_AFTER_NS);
        assert_eq!(spares.pile.lock().chunks.len(), 3);
        for _ in 0..10 {
            spares.keep(emptied());
        }
        assert_eq!(kept(&spares), 10, "what was freed makes room");
        spares.keep(emptied());
        spares.free_all();
        assert_eq!(kept(&spares), 0);
    }
}
