//! An open event's place in its trace: what children, handles and logs take from it.

use super::cell::{NOWHERE, OpenCell};
use super::edit::Side;
use super::random;
use crate::record::{SpanId, TraceId, is_drawn, wall_offset_ns};

/// The identity of a timed event.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) sampling: Sampling,
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
    /// No event.
    #[inline]
    pub(crate) const fn nowhere() -> Self {
        Self::new(&NOWHERE, 0)
    }

    /// An event that is in no trace yet, and not recorded.
    #[inline]
    pub(crate) const fn new(cell: &'static OpenCell, generation: u64) -> Self {
        Self {
            cell,
            generation,
            context: Context {
                trace_id: TraceId::new(0),
                span_id: SpanId(0),
                sampling: Sampling::NONE,
                wall_offset_ns: 0,
                client: 0,
                root: Root {
                    cell,
                    generation,
                    span_id: SpanId(0),
                    sampling: Sampling::NONE,
                },
            },
        }
    }

    /// Whether it is an event at all.
    #[inline]
    pub(crate) fn is_somewhere(&self) -> bool {
        !std::ptr::eq(self.cell, &raw const NOWHERE)
    }

    #[inline]
    pub(crate) fn is(&self, cell: &'static OpenCell, generation: u64) -> bool {
        std::ptr::eq(self.cell, cell) && self.generation == generation
    }

    /// Closes its cell; see [`OpenCell::close`].
    #[inline]
    pub(crate) fn close(&self, merge: impl FnOnce(&mut Side)) {
        self.cell.close(self.generation, merge);
    }

    /// The local root of the event's trace.
    pub(crate) fn root(self) -> Self {
        let root = self.context.root;
        Self {
            cell: root.cell,
            generation: root.generation,
            context: Context {
                span_id: root.span_id,
                sampling: root.sampling,
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
    pub(crate) sampling: Sampling,
}

/// What an event begins below.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Below {
    /// Nothing: it begins a trace.
    Nothing,
    /// An event of this process.
    Event,
    /// An event of another process.
    Outside,
}

/// 1 in how many is kept, and whether this is one of those.
#[derive(Clone, Copy)]
pub(crate) struct Sampling {
    /// By the hash of the trace's id.
    pub(crate) rate: u32,
    /// 0: it is not kept. Else it is, of 1 in so many that others kept, who do not decide by that hash. Four bytes, so that what is
    /// copied for each handle has no gaps: these would be copied piece by piece.
    kept: u32,
}

/// Handles are copied for each field that is added.
const _: () = assert!(size_of::<Target>() == 96);

impl Sampling {
    /// Not kept, of all.
    const NONE: Self = Self { rate: 1, kept: 0 };

    /// As another process decided it: by the hash at this rate, and of 1 in `of_others` before that.
    pub(crate) fn outside(rate: u32, of_others: u32, is_kept: bool) -> Self {
        Self {
            rate: rate.max(1),
            kept: u32::from(is_kept) * of_others.max(1),
        }
    }

    /// The same at another rate: what is not kept already stays so.
    pub(crate) fn at_rate(self, trace_id: TraceId, rate: u32) -> Self {
        let decided = Self::decide(trace_id, rate);
        Self {
            kept: decided.kept * self.kept,
            ..decided
        }
    }

    /// Decided by the trace's id.
    #[inline]
    pub(crate) fn decide(trace_id: TraceId, rate: u32) -> Self {
        let rate = rate.max(1);
        let kept = u32::from(keeps(trace_id, rate));
        Self { rate, kept }
    }

    #[inline]
    pub(crate) fn is_kept(self) -> bool {
        self.kept != 0
    }

    /// 1 in how many others had kept before; 1 for what is not kept.
    #[inline]
    pub(crate) fn of_others(self) -> u32 {
        self.kept.max(1)
    }

    /// What an event's rate says: how many one that is kept stands for.
    #[inline]
    pub(crate) fn stands_for(self) -> u32 {
        self.rate.saturating_mul(self.of_others())
    }
}

impl Target {
    /// Gives the event its id, below an event of this process whose context this one's is already, and that one's decision whether
    /// it is kept.
    ///
    /// Returns the ids for those who store them too: read again at once they would stall the processor.
    #[inline]
    pub(crate) fn place_below(&mut self, own_rate: Option<u32>) -> (TraceId, SpanId) {
        let context = &mut self.context;
        let (trace_id, span_id) = (context.trace_id, SpanId(random::u64().max(1)));
        context.span_id = span_id;
        if let Some(rate) = own_rate.filter(|rate| *rate > context.sampling.rate) {
            context.sampling = context.sampling.at_rate(trace_id, rate);
        }
        (trace_id, span_id)
    }

    /// Gives the first event that its trace has here its ids, and decides whether it is kept. With `is_below`, its context is that of
    /// the parent in another process already. Returns the ids.
    ///
    /// `generation` is its own, which was stored a moment ago: read together with its neighbour it would cost as much as all the rest.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a third of what it does is saving registers otherwise"
    )]
    pub(crate) fn place_first(
        &mut self,
        generation: u64,
        is_below: bool,
        rate: u32,
    ) -> (TraceId, SpanId) {
        let [high, low, span] = random::three();
        let context = &mut self.context;
        // Zero is no id; that it comes up is less likely than anything else that can go wrong.
        let span_id = SpanId(span.max(1));
        let (trace_id, sampling) = if is_below {
            let (trace_id, parents) = (context.trace_id, context.sampling);
            (trace_id, parents.at_rate(trace_id, rate.max(parents.rate)))
        } else {
            let trace_id = TraceId::of(high, low.max(1));
            (trace_id, Sampling::decide(trace_id, rate))
        };
        context.trace_id = trace_id;
        context.span_id = span_id;
        context.sampling = sampling;
        context.wall_offset_ns = wall_offset_ns();
        context.root = Root {
            cell: self.cell,
            generation,
            span_id,
            sampling,
        };
        (trace_id, span_id)
    }
}

/// The decision of the beelines, byte for byte, so that a fleet of several languages keeps the same traces.
#[inline]
pub(crate) fn keeps(trace_id: TraceId, rate: u32) -> bool {
    rate <= 1 || hash_keeps(trace_id, rate)
}

#[cold]
fn hash_keeps(trace_id: TraceId, rate: u32) -> bool {
    is_drawn(trace_id.text_hash(), rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_rate_keeps_all_that_a_higher_one_keeps() {
        for id in 1..2_000_u128 {
            let trace_id = TraceId::new(id << 64);
            if keeps(trace_id, 10) {
                assert!(keeps(trace_id, 5), "{trace_id}");
            }
        }
    }

    #[test]
    fn keeps_about_one_in_n() {
        let kept = (1..20_000_u128)
            .filter(|id| keeps(TraceId::new(*id), 10))
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
        let trace_id = TraceId::new(0xff);
        for rate in [2, 3, 7, 100, 1_000_000] {
            assert_eq!(
                keeps(trace_id, rate),
                first <= u32::MAX / rate,
                "rate {rate}"
            );
        }
    }
}
