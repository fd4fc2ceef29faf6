//! A chunk on the ship side, and what it holds beyond its events.

use std::ops::Deref;

use crate::dispatch::{Budget, Grant};
use crate::record::Chunk;
use crate::sync::Arc;

/// A chunk. Its events were paid for by their threads; memory that it has and they do not use is charged to the budget as long as
/// it stays here.
pub(super) struct PaidChunk {
    chunk: Chunk,
    /// Kept for what its end does.
    _slack: Option<Slack>,
}

/// Given back when it is dropped.
struct Slack {
    budget: Arc<Budget>,
    bytes: u64,
}

impl PaidChunk {
    pub(super) fn new(chunk: Chunk) -> Self {
        Self {
            chunk,
            _slack: None,
        }
    }

    /// A chunk that stays as it came from its thread.
    pub(super) fn with_slack(chunk: Chunk, budget: &Arc<Budget>) -> Self {
        let bytes = (chunk.capacity_bytes() - chunk.used_bytes()) as u64;
        budget.charge(bytes);
        let budget = Arc::clone(budget);
        Self {
            chunk,
            _slack: Some(Slack { budget, bytes }),
        }
    }

    /// The chunk, of which nothing is charged any more.
    pub(super) fn into_chunk(self) -> Chunk {
        self.chunk
    }

    pub(super) fn chunk_mut(&mut self) -> &mut Chunk {
        &mut self.chunk
    }
}

impl Deref for PaidChunk {
    type Target = Chunk;

    fn deref(&self) -> &Chunk {
        &self.chunk
    }
}

impl Drop for Slack {
    fn drop(&mut self) {
        self.budget.give_back(Grant {
            bytes: self.bytes,
            events: 0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::FieldBuffer;
    use crate::sender::testing::{destination, numbered, snapshot};

    #[test]
    fn unused_memory_is_charged_as_long_as_it_is_held() {
        let scope = snapshot(destination("", "d"), FieldBuffer::new());
        let chunk = numbered(&scope, 5);
        let slack = chunk.capacity_bytes() - chunk.used_bytes();
        assert!(slack > 0);
        let budget = Arc::new(Budget::new(slack, 1));
        let one = Grant {
            bytes: 1,
            events: 0,
        };
        let held = PaidChunk::with_slack(chunk, &budget);
        assert!(!budget.take(one));
        drop(held);
        assert!(budget.take(one));
    }
}
