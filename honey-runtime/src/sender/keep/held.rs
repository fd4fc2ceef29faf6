//! Traces that wait for their local root, and what was decided about others.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Instant;

use crate::record::{Chunk, Copied, EventView, Scalar, TraceId};
use crate::sampling::{HoldLimits, Verdict};
use crate::sender::events::Run;

/// Verdicts that are remembered for events that end after their trace was decided.
const MAX_VERDICTS: usize = 20_000;

/// What a trace holds beside its events' chunk: its place here by id and by age, and the allocator's share in the chunk's pieces. For
/// traces of one event as much as the event.
const TRACE_BYTES: usize = 512;

/// A trace without a verdict.
pub(super) struct HeldTrace {
    pub(super) id: TraceId,
    pub(super) events: Chunk,
    /// Of the latest event.
    pub(super) epoch: u64,
    pub(super) root: Option<Root>,
    /// When the first of its events began, by the monotonic clock.
    pub(super) began_ns: u64,
    since: Instant,
    number: u64,
}

/// The local root of a held trace; of several, the one that took longest.
pub(super) struct Root {
    pub(super) place: usize,
    /// That the first of them came with: who flushes then waits for the trace.
    pub(super) epoch: u64,
    duration_ns: u64,
}

/// See the module.
#[derive(Default)]
pub(super) struct HeldTraces {
    traces: HashMap<TraceId, HeldTrace>,
    /// In the order they came.
    by_age: BTreeMap<u64, TraceId>,
    /// Those whose local root has come.
    whole: Vec<TraceId>,
    /// Those with more events than a trace may have.
    too_long: Vec<TraceId>,
    last_number: u64,
    /// What they hold, kept up to date for the bounds.
    events: usize,
    bytes: usize,
    verdicts: HashMap<TraceId, Verdict>,
    verdicts_by_age: VecDeque<TraceId>,
}

impl HeldTraces {
    pub(super) fn verdict(&self, trace: TraceId) -> Option<Verdict> {
        self.verdicts.get(&trace).copied()
    }

    pub(super) fn remember(&mut self, trace: TraceId, verdict: Verdict) {
        if self.verdicts.insert(trace, verdict).is_some() {
            return;
        }
        self.verdicts_by_age.push_back(trace);
        if self.verdicts_by_age.len() > MAX_VERDICTS {
            if let Some(oldest) = self.verdicts_by_age.pop_front() {
                self.verdicts.remove(&oldest);
            }
        }
    }

    /// Copies an event to its trace.
    pub(super) fn hold(
        &mut self,
        id: TraceId,
        run: &Run,
        index: usize,
        limits: HoldLimits,
        now: Instant,
    ) {
        let (chunk, epoch) = (&run.chunk, run.epoch);
        let Some(record) = chunk.records().get(index) else {
            return;
        };
        let trace = self.traces.entry(id).or_insert_with(|| {
            self.last_number += 1;
            self.bytes += TRACE_BYTES;
            self.by_age.insert(self.last_number, id);
            HeldTrace {
                id,
                events: Chunk::default(),
                epoch,
                root: None,
                began_ns: u64::MAX,
                since: now,
                number: self.last_number,
            }
        });
        let duration_ns = record.timed.map_or(0, |timed| timed.duration_ns);
        let began_ns = record.ended_ns.saturating_sub(duration_ns);
        trace.began_ns = trace.began_ns.min(began_ns);
        trace.epoch = epoch;
        if record.timed.is_some_and(|timed| timed.is_local_root) {
            let place = trace.events.len();
            match &mut trace.root {
                Some(root) if root.duration_ns >= duration_ns => {}
                Some(root) => (root.place, root.duration_ns) = (place, duration_ns),
                None => {
                    self.whole.push(id);
                    trace.root = Some(Root {
                        place,
                        epoch,
                        duration_ns,
                    });
                }
            }
        }
        let before = trace.events.capacity_bytes();
        let as_it_is = Copied {
            sample_rate: record.sample_rate,
            ended_ns: record.ended_ns,
        };
        trace.events.copy_from(chunk, index, as_it_is);
        self.events += 1;
        self.bytes += trace.events.capacity_bytes() - before;
        if trace.events.len() == limits.trace_events + 1 {
            self.too_long.push(id);
        }
    }

    /// The traces that are to be decided now: the whole ones if nothing of theirs can be on its way, the longest, and the oldest
    /// until what is left is within the bounds.
    pub(super) fn due(
        &mut self,
        limits: HoldLimits,
        now: Instant,
        is_complete: bool,
    ) -> Vec<HeldTrace> {
        let mut ids = std::mem::take(&mut self.too_long);
        if is_complete {
            ids.append(&mut self.whole);
        }
        let mut due: Vec<HeldTrace> = ids.into_iter().filter_map(|id| self.take(id)).collect();
        while let Some(oldest) = self.by_age.values().next().copied() {
            let is_over = self.events > limits.events || self.bytes > limits.bytes;
            let is_old =
                |trace: &HeldTrace| now.saturating_duration_since(trace.since) >= limits.age;
            if !is_over && !self.traces.get(&oldest).is_some_and(is_old) {
                break;
            }
            due.extend(self.take(oldest));
        }
        due
    }

    fn take(&mut self, id: TraceId) -> Option<HeldTrace> {
        let trace = self.traces.remove(&id)?;
        self.by_age.remove(&trace.number);
        self.events -= trace.events.len();
        self.bytes -= TRACE_BYTES + trace.events.capacity_bytes();
        Some(trace)
    }

    pub(super) fn take_all(&mut self) -> Vec<HeldTrace> {
        self.whole.clear();
        self.too_long.clear();
        let oldest_first = std::mem::take(&mut self.by_age).into_values();
        (self.events, self.bytes) = (0, 0);
        oldest_first
            .filter_map(|id| self.traces.remove(&id))
            .collect()
    }

    /// Counted where they are.
    pub(super) fn len(&self) -> usize {
        self.traces.values().map(|trace| trace.events.len()).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.traces.is_empty()
    }

    /// Of the traces whose local root has come: they are decided soon, so who flushes waits for them.
    pub(super) fn oldest_whole_epoch(&self) -> Option<u64> {
        let whole = self.whole.iter().filter_map(|id| self.traces.get(id));
        whole
            .filter_map(|trace| trace.root.as_ref())
            .map(|root| root.epoch)
            .min()
    }
}

/// Which trace an event is decided with. Span events and links are made by honey as events outside traces, with the ids as fields.
pub(super) fn trace_of(event: &EventView<'_>) -> Option<TraceId> {
    if let Some(timed) = &event.record.timed {
        return Some(timed.trace_id);
    }
    let text = event.fields.text;
    let find = |name: &str| {
        let mut newest_first = event.fields.fields.iter().rev();
        match newest_first.find(|field| field.key.of(text) == name)?.value {
            Scalar::Text(span) => Some(span.of(text)),
            _ => None,
        }
    };
    find("meta.annotation_type")?;
    Some(TraceId::of_text(find("trace.trace_id")?).0)
}
