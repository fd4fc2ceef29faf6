//! A ship side for tests: keeps what it is given, and encodes it as it would be sent.

use std::time::Instant;

use super::encode::{Encoder, Refusal};
use crate::dispatch::{Budget, Grant, Ship};
use crate::record::Chunk;
use crate::response::DropReason;
use crate::stats::{Dropped, Stats};
use crate::sync::{Arc, Mutex};

/// Takes events, has no threads, counts them as accepted when they are read.
pub(crate) struct CaptureShip {
    budget: Arc<Budget>,
    max_event_bytes: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    chunks: Vec<Chunk>,
    accepted: u64,
    dropped: Dropped,
}

/// One event as it would be sent.
pub(crate) struct Encoded {
    /// `{"data":{…},"samplerate":n,"time":"…"}`
    pub(crate) json: Vec<u8>,
    pub(crate) dataset: String,
}

impl CaptureShip {
    pub(crate) fn new(budget: Arc<Budget>, max_event_bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            budget,
            max_event_bytes,
            taken: Mutex::default(),
        })
    }

    /// Takes out what has come so far, in the order it was handed over.
    pub(crate) fn take(&self) -> Vec<Encoded> {
        let mut taken = self.taken.lock();
        let mut encoder = Encoder::new(self.max_event_bytes);
        let mut events = Vec::new();
        for chunk in std::mem::take(&mut taken.chunks) {
            for view in (0..chunk.len()).filter_map(|index| chunk.get(index)) {
                let mut json = Vec::new();
                match encoder.event(&mut json, &view) {
                    Ok(()) => {
                        taken.accepted += 1;
                        let dataset = view.dataset().unwrap_or(&view.snapshot.destination.dataset);
                        events.push(Encoded {
                            json,
                            dataset: dataset.to_owned(),
                        });
                    }
                    Err(Refusal::NoFields) => taken.dropped.add(DropReason::NoFields, 1),
                    Err(Refusal::TooLarge) => taken.dropped.add(DropReason::TooLarge, 1),
                }
                self.budget.give_back(Grant {
                    bytes: view.record.cost_bytes.into(),
                    events: 1,
                });
            }
        }
        events
    }
}

impl Ship for CaptureShip {
    fn accept(&self, chunk: Chunk, _epoch: u64) {
        self.taken.lock().chunks.push(chunk);
    }

    fn wake(&self) {}

    fn hurry(&self) {}

    fn wait_settled(&self, _epoch: u64, _deadline: Instant) -> bool {
        true
    }

    fn tally(&self, stats: &mut Stats) {
        let taken = self.taken.lock();
        stats.accepted += taken.accepted;
        stats.dropped.merge(&taken.dropped);
        stats.pending += taken
            .chunks
            .iter()
            .map(|chunk| chunk.len() as u64)
            .sum::<u64>();
    }

    fn shut_down(&self, _deadline: Instant) {}
}
