//! Lists of events, as references into the chunks they were recorded in: moving some costs no copy of any.

use super::paid_chunk::PaidChunk;
use crate::record::{Chunk, EventRecord, EventView};
use crate::sync::Arc;

/// Events are copied to the end of a chunk up to this size: as large as threads make them.
const MAX_GATHERED_BYTES: usize = 64 * 1024;

/// Consecutive events of one chunk, collected under one epoch.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) chunk: Arc<PaidChunk>,
    pub(super) epoch: u64,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Run {
    pub(super) fn whole(chunk: Chunk, epoch: u64) -> Self {
        Self::of_all(PaidChunk::new(chunk), epoch)
    }

    pub(super) fn of_all(held: PaidChunk, epoch: u64) -> Self {
        let end = held.len();
        Self {
            chunk: Arc::new(held),
            epoch,
            start: 0,
            end,
        }
    }

    /// No event of a chunk: they have all been copied.
    pub(super) fn emptied(chunk: Chunk, epoch: u64) -> Self {
        Self {
            chunk: Arc::new(PaidChunk::new(chunk)),
            epoch,
            start: 0,
            end: 0,
        }
    }

    /// Copies one more event to the end, if there is room in a chunk that is nobody else's and ends with this run.
    pub(super) fn append(&mut self, from: &mut Chunk, index: usize, epoch: u64) -> bool {
        if self.epoch != epoch || self.start > 0 || self.is_full() {
            return false;
        }
        match Arc::get_mut(&mut self.chunk) {
            Some(held) if held.len() == self.end => {
                held.chunk_mut().take_over(from, index);
                self.end = held.len();
                true
            }
            _ => false,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether nothing is to be added to its chunk.
    pub(super) fn is_full(&self) -> bool {
        self.chunk.used_bytes() >= MAX_GATHERED_BYTES
    }

    pub(super) fn records(&self) -> &[EventRecord] {
        self.chunk
            .records()
            .get(self.start..self.end)
            .unwrap_or(&[])
    }

    /// What the budget gave for its events.
    pub(super) fn cost_bytes(&self) -> u64 {
        if self.len() == self.chunk.len() {
            return self.chunk.cost_bytes();
        }
        let costs = self.records().iter().map(|event| event.cost_bytes);
        costs.map(u64::from).sum()
    }

    /// About as many bytes as its events have in the chunk, and about as many as they will have as JSON.
    pub(super) fn approximate_bytes(&self) -> usize {
        self.chunk.used_bytes() * self.len() / self.chunk.len().max(1)
    }

    /// Takes the first `count` events off.
    pub(super) fn take_front(&mut self, count: usize) -> Run {
        let at = self.start + count.min(self.len());
        let front = Run {
            end: at,
            ..self.clone()
        };
        self.start = at;
        front
    }

    fn of(&self, start: usize, end: usize) -> Run {
        Run {
            start,
            end,
            ..self.clone()
        }
    }
}

/// Any events, in order.
#[derive(Clone, Default)]
pub(super) struct Events {
    pub(super) runs: Vec<Run>,
}

/// One event of a list.
#[derive(Clone, Copy)]
pub(super) struct EventRef<'a> {
    pub(super) chunk: &'a Chunk,
    pub(super) index: usize,
}

impl<'a> EventRef<'a> {
    pub(super) fn view(self) -> Option<EventView<'a>> {
        self.chunk.get(self.index)
    }
}

impl Events {
    /// Counted, every time.
    pub(super) fn len(&self) -> usize {
        self.runs.iter().map(Run::len).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn push(&mut self, run: Run) {
        if run.len() > 0 {
            self.runs.push(run);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = EventRef<'_>> {
        self.runs.iter().flat_map(|run| {
            (run.start..run.end).map(|index| EventRef {
                chunk: &run.chunk,
                index,
            })
        })
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &EventRecord> {
        self.runs.iter().flat_map(Run::records)
    }

    pub(super) fn oldest_epoch(&self) -> Option<u64> {
        self.runs.iter().map(|run| run.epoch).min()
    }

    /// The events whose places `keep` picks, in the same order.
    pub(super) fn select(&self, mut keep: impl FnMut(usize) -> bool) -> Events {
        let mut picked = Events::default();
        let mut place = 0;
        for run in &self.runs {
            let mut from = None;
            for index in run.start..run.end {
                match (keep(place), from) {
                    (true, None) => from = Some(index),
                    (false, Some(start)) => {
                        picked.push(run.of(start, index));
                        from = None;
                    }
                    _ => {}
                }
                place += 1;
            }
            if let Some(start) = from {
                picked.push(run.of(start, run.end));
            }
        }
        picked
    }

    /// Cuts the list in two: the first `count` events stay.
    pub(super) fn split_off(&mut self, count: usize) -> Events {
        let mut rest = Events::default();
        let mut left = count;
        let mut kept = Events::default();
        for mut run in std::mem::take(&mut self.runs) {
            let front = run.take_front(left);
            left -= front.len();
            kept.push(front);
            rest.push(run);
        }
        *self = kept;
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::FieldBuffer;
    use crate::sender::testing::{destination, numbered, snapshot};

    fn events(sizes: &[usize]) -> Events {
        let scope = snapshot(destination("", "d"), FieldBuffer::new());
        let runs = sizes
            .iter()
            .zip(1..)
            .map(|(size, epoch)| Run::whole(numbered(&scope, *size), epoch));
        Events {
            runs: runs.collect(),
        }
    }

    #[test]
    fn selecting_and_splitting_lose_nothing() {
        let all = events(&[3, 1, 4]);
        let odd = all.select(|place| place % 2 == 1);
        let even = all.select(|place| place % 2 == 0);
        assert_eq!((odd.len(), even.len(), all.len()), (4, 4, 8));
        let middle = all.select(|place| (2..6).contains(&place));
        assert_eq!(middle.runs.len(), 3);
        assert_eq!(middle.oldest_epoch(), Some(1));
        for cut in 0..=8 {
            let mut front = all.clone();
            let back = front.split_off(cut);
            assert_eq!((front.len(), back.len()), (cut, 8 - cut));
        }
    }
}
