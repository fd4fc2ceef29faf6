//! An open event's place in its trace: what children, handles and logs take from it.

use super::cell::OpenCell;
use super::random;
use crate::record::{SpanId, TraceId, wall_offset_ns};

/// The identity of a timed event.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    /// 1 in this many is kept.
    pub(crate) sample_rate: u32,
    /// Whether it is one of those.
    pub(crate) is_sampled: bool,
    /// Wall clock minus monotonic clock, as the local root saw it.
    pub(crate) wall_offset_ns: i64,
    /// The client the trace belongs to: cells are used again by others, so they cannot be asked later.
    pub(crate) client: u64,
    /// The outermost open event of this trace in this process.
    pub(crate) root: Root,
}

/// Which event a handle means.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) cell: &'static OpenCell,
    pub(crate) generation: u64,
    pub(crate) context: Context,
}

impl Target {
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.cell, other.cell) && self.generation == other.generation
    }

    /// The local root of the event's trace.
    pub(crate) fn root(self) -> Self {
        let root = self.context.root;
        Self {
            cell: root.cell,
            generation: root.generation,
            context: Context {
                span_id: root.span_id,
                sample_rate: root.sample_rate,
                is_sampled: root.is_sampled,
                ..self.context
            },
        }
    }
}

/// A local root, as its descendants know it.
#[derive(Clone, Copy)]
pub(crate) struct Root {
    pub(crate) cell: &'static OpenCell,
    pub(crate) generation: u64,
    pub(crate) span_id: SpanId,
    /// A child may be sampled harder than its root.
    pub(crate) sample_rate: u32,
    pub(crate) is_sampled: bool,
}

impl Context {
    /// The context of an event in `cell`, below `parent` or as the first of a new trace.
    pub(crate) fn new(
        parent: Option<&Context>,
        own_rate: Option<u32>,
        client_rate: u32,
        (cell, generation): (&'static OpenCell, u64),
    ) -> Self {
        let span_id = SpanId(random::u64().max(1));
        let Some(parent) = parent else {
            // Zero is no id; that it comes up is less likely than anything else that can go wrong.
            let trace_id = TraceId(random::u128().max(1));
            let sample_rate = own_rate.unwrap_or(client_rate).max(1);
            let is_sampled = keeps(trace_id, sample_rate);
            let root = Root {
                cell,
                generation,
                span_id,
                sample_rate,
                is_sampled,
            };
            let wall_offset_ns = wall_offset_ns();
            let client = cell.client();
            return Self {
                trace_id,
                span_id,
                sample_rate,
                is_sampled,
                wall_offset_ns,
                client,
                root,
            };
        };
        let sample_rate = parent.sample_rate.max(own_rate.unwrap_or(1));
        let is_sampled = if sample_rate == parent.sample_rate {
            parent.is_sampled
        } else {
            keeps(parent.trace_id, sample_rate)
        };
        // An override may have taken the event to another client than its parent's.
        let client = cell.client();
        Self {
            span_id,
            sample_rate,
            is_sampled,
            client,
            ..*parent
        }
    }
}

/// The decision of the beelines, byte for byte, so that a fleet of several languages keeps the same traces: the first four
/// bytes of the SHA-1 of the id's text, big-endian, are at most `u32::MAX / rate`.
pub(crate) fn keeps(trace_id: TraceId, rate: u32) -> bool {
    if rate <= 1 {
        return true;
    }
    let digest = sha1_smol::Sha1::from(trace_id.hex()).digest().bytes();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) <= u32::MAX / rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_rate_keeps_all_that_a_higher_one_keeps() {
        for id in 1..2_000_u128 {
            let trace_id = TraceId(id << 64);
            if keeps(trace_id, 10) {
                assert!(keeps(trace_id, 5), "{trace_id}");
            }
        }
    }

    #[test]
    fn keeps_about_one_in_n() {
        let kept = (1..20_000_u128)
            .filter(|id| keeps(TraceId(*id), 10))
            .count();
        assert!(
            (1_800..2_200).contains(&kept),
            "{kept} of 20,000 at 1 in 10"
        );
    }

    #[test]
    fn decides_by_the_sha1_of_the_text() {
        // The digest is what `printf %s 000000000000000000000000000000ff | sha1sum` says.
        let first = 0xdcbb_6171_u32;
        let trace_id = TraceId(0xff);
        for rate in [2, 3, 7, 100, 1_000_000] {
            assert_eq!(
                keeps(trace_id, rate),
                first <= u32::MAX / rate,
                "rate {rate}"
            );
        }
    }
}
