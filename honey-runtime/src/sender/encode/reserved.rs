//! The names that timed events set themselves.

use crate::record::{EventView, Shape};

/// What a user's field of a reserved name gets in front of it on a timed event.
pub(super) const RENAMED_PREFIX: &str = "app.";
/// Lists the fields that were cut or left out.
pub(super) const TRUNCATED: &str = "meta.truncated";

/// The names that are taken on an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Taken {
    #[default]
    Nothing,
    /// Without those of a place in a trace: [`Config::trace_fields`](crate::Config::trace_fields) is off, so that whoever writes
    /// these fields means what they mean.
    ButTrace,
    All,
}

impl Taken {
    #[inline]
    pub(super) fn by(event: &EventView<'_>) -> Self {
        match &event.record.timed {
            None => Self::Nothing,
            Some(_) => Self::by_timed(event.snapshot.shape),
        }
    }

    /// On timed events of this shape.
    #[inline]
    pub(super) fn by_timed(shape: Shape) -> Self {
        if shape.trace_fields {
            Self::All
        } else {
            Self::ButTrace
        }
    }

    #[inline]
    pub(super) fn has(self, key: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::ButTrace => is_reserved(key) && !is_of_trace(key),
            Self::All => is_reserved(key),
        }
    }
}

fn is_of_trace(key: &str) -> bool {
    matches!(
        key,
        "trace.trace_id" | "trace.span_id" | "trace.parent_id" | "meta.signal_type"
    )
}

/// Whether a timed event sets `key` itself.
#[inline]
fn is_reserved(key: &str) -> bool {
    match key.as_bytes().first() {
        Some(b'n' | b'd' | b'o' | b'e' | b't' | b'm') => matches!(
            key,
            "name"
                | "duration_ms"
                | "outcome"
                | "error"
                | "error.type"
                | "error.message"
                | "trace.trace_id"
                | "trace.span_id"
                | "trace.parent_id"
                | "meta.signal_type"
                | TRUNCATED
        ),
        _ => false,
    }
}

/// One of 64 bits that depends on the key alone: keys with different marks differ, so most comparisons need not be made.
#[inline]
pub(super) fn mark(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let at = |place: usize| u32::from(bytes.get(place).copied().unwrap_or(0));
    let mixed = (at(0) << 24)
        ^ (at(bytes.len() / 2) << 16)
        ^ (at(bytes.len().wrapping_sub(1)) << 8)
        ^ u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    1 << (mixed.wrapping_mul(0x9e37_79b1) >> 26)
}
