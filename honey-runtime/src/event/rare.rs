//! What few events carry, behind one flag: most look at nothing of it, neither when they end nor when their buffer is used again.

use super::outside::SpanContext;
use crate::isolate;
use crate::record::{Destination, KeyRef, OutsideIds};
use crate::response::Metadata;
use crate::sync::Arc;

/// See the module.
#[derive(Default)]
pub(crate) struct Rare {
    /// Nanoseconds since 1970, if the application gave a time.
    pub(crate) unix_ns: Option<i64>,
    pub(crate) dataset: Option<KeyRef>,
    pub(crate) destination: Option<Arc<Destination>>,
    pub(crate) metadata: Metadata,
    /// The parent in another process, until the event has its place in the trace.
    pub(crate) outside: Option<SpanContext>,
    /// Ids that came in from outside as texts.
    pub(crate) outside_ids: Option<Box<OutsideIds>>,
    pub(crate) discard: bool,
    /// An ok event that took less is left out.
    pub(crate) min_duration_ns: u64,
}

/// A [`Rare`] that is used or not.
#[derive(Default)]
pub(super) struct Rarely {
    is_used: bool,
    /// As it is by default, unless it is used.
    rare: Rare,
}

impl Rarely {
    #[inline]
    pub(super) fn is_used(&self) -> bool {
        self.is_used
    }

    #[inline]
    pub(super) fn get(&self) -> Option<&Rare> {
        self.is_used.then_some(&self.rare)
    }

    #[inline]
    pub(super) fn get_mut(&mut self) -> Option<&mut Rare> {
        self.is_used.then_some(&mut self.rare)
    }

    /// From now on it is used.
    #[inline]
    pub(super) fn used(&mut self) -> &mut Rare {
        self.is_used = true;
        &mut self.rare
    }

    /// Forgets all of it; metadata is the user's.
    #[inline]
    pub(super) fn clear(&mut self) {
        if self.is_used {
            self.clear_used();
        }
    }

    #[inline(never)]
    fn clear_used(&mut self) {
        self.is_used = false;
        let Rare { metadata, .. } = std::mem::take(&mut self.rare);
        if !metadata.is_empty() {
            isolate::discard(metadata);
        }
    }
}
