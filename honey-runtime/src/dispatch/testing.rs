//! Events by hand: for the tests of this folder.

use crate::record::{Chunk, Destination, FieldBuffer, Finished, Shape, Snapshot, Times};
use crate::sync::Arc;

/// Events that all have this much text.
pub(super) struct Events {
    fields: FieldBuffer,
    snapshot: Arc<Snapshot>,
}

impl Events {
    pub(super) fn of(bytes: usize) -> Self {
        let mut fields = FieldBuffer::new();
        assert!(fields.store(&"x".repeat(bytes)).is_some());
        let destination = Arc::new(Destination {
            api_host: String::new(),
            api_key: String::new(),
            dataset: String::new(),
        });
        Self {
            fields,
            snapshot: Arc::new(Snapshot {
                fields: FieldBuffer::new(),
                dynamic: Vec::new(),
                destination,
                sample_rate: 1,
                shape: Shape::default(),
                encoded: std::sync::OnceLock::new(),
            }),
        }
    }

    pub(super) fn one(&self) -> Finished<'_> {
        Finished {
            timed: None,
            fields: &self.fields,
            snapshot: &self.snapshot,
            dataset: None,
            sample_rate: 1,
            times: Times {
                unix_ns: 0,
                duration_ns: 0,
                ended_ns: 0,
            },
        }
    }

    /// What each takes of the budget.
    pub(super) fn cost(&self) -> u64 {
        Chunk::default().cost_of(&self.one(), None) as u64
    }
}
