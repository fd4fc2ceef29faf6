//! What rarely happens, counted where it does.

use crate::stats::Stats;
use crate::sync::{AtomicU64, Ordering};
use crate::value::Trouble;

/// Counters that are touched seldom enough to be shared.
#[derive(Debug, Default)]
pub(crate) struct Quirks {
    pub(crate) late_fields: AtomicU64,
    pub(crate) reentrant: AtomicU64,
    pub(crate) refused_contexts: AtomicU64,
    refused_fields: AtomicU64,
    user_panics: AtomicU64,
    bad_values: AtomicU64,
}

impl Quirks {
    pub(crate) fn count_panic(&self) {
        self.user_panics.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, trouble: Trouble) {
        for (counter, count) in [
            (&self.refused_fields, trouble.refused_fields),
            (&self.user_panics, trouble.user_panics),
            (&self.bad_values, trouble.bad_values),
        ] {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    pub(crate) fn add_to(&self, stats: &mut Stats) {
        stats.late_fields += self.late_fields.load(Ordering::Relaxed);
        stats.reentrant += self.reentrant.load(Ordering::Relaxed);
        stats.refused_contexts += self.refused_contexts.load(Ordering::Relaxed);
        stats.refused_fields += self.refused_fields.load(Ordering::Relaxed);
        stats.user_panics += self.user_panics.load(Ordering::Relaxed);
        stats.bad_values += self.bad_values.load(Ordering::Relaxed);
    }
}
