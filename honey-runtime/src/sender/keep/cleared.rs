//! The events that go on, copied together again.

use crate::record::{Chunk, Copied, Extra, Finished};
use crate::sender::events::{EventRef, Run};
use crate::sync::Arc;

/// A chunk of so many bytes is closed.
const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks of events that were collected under one epoch each.
#[derive(Default)]
pub(super) struct Cleared {
    runs: Vec<Run>,
    chunk: Chunk,
    epoch: u64,
}

impl Cleared {
    /// Lets a run through as it is.
    pub(super) fn pass(&mut self, run: Run) {
        self.close();
        self.runs.push(run);
    }

    pub(super) fn copy(&mut self, event: EventRef<'_>, epoch: u64, change: Copied) {
        self.open(epoch).copy_from(event.chunk, event.index, change);
    }

    pub(super) fn store(
        &mut self,
        event: &Finished<'_>,
        extra: Option<Arc<Extra>>,
        epoch: u64,
        cost_bytes: u32,
    ) {
        self.open(epoch).store(event, extra, cost_bytes);
    }

    pub(super) fn into_runs(mut self) -> Vec<Run> {
        self.close();
        self.runs
    }

    fn open(&mut self, epoch: u64) -> &mut Chunk {
        let is_full = self.chunk.used_bytes() >= CHUNK_BYTES;
        if epoch != self.epoch || is_full {
            // One that was filled says how much the next one takes; growing by doubling would leave half of it empty.
            let next = is_full.then(|| self.chunk.empty_twin());
            self.close();
            self.chunk = next.unwrap_or_default();
            self.epoch = epoch;
        }
        &mut self.chunk
    }

    fn close(&mut self) {
        if !self.chunk.is_empty() {
            let chunk = std::mem::take(&mut self.chunk);
            self.runs.push(Run::whole(chunk, self.epoch));
        }
    }
}
