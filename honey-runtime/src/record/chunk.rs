//! A thread's finished events: records, fields and text side by side, moved as one.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use super::buffer::{FieldBuffer, FieldsView};
use super::destination::Destination;
use super::field::{Field, KeyRef, Scalar, Span};
use super::id::{SpanId, TraceId};
use super::id_text::IdText;
use super::places::Places;
use super::snapshot::Snapshot;
use crate::response::{Ending, Metadata};
use crate::sync::Mutex;

/// How many of the latest snapshots a new event's is looked for among. A program with a Builder per request would otherwise
/// search through all of them for each event; listing one twice costs a pointer.
const SNAPSHOTS_SEARCHED: usize = 8;

/// Events of one thread in the order they ended.
#[derive(Default)]
pub(crate) struct Chunk {
    events: Places<EventRecord>,
    fields: Places<Field>,
    text: String,
    snapshots: Vec<Arc<Snapshot>>,
    /// What all its events cost.
    cost_bytes: u64,
    /// Some event has a dataset, an endpoint or metadata of its own.
    has_own: bool,
}

/// One finished event. Its spans count from `text_start` in the chunk's text.
#[derive(Default)]
pub(crate) struct EventRecord {
    /// First field in the chunk, and how many.
    pub(crate) fields: Span,
    pub(crate) text_start: u32,
    /// Which of the chunk's snapshots.
    pub(crate) snapshot: u32,
    /// What the budget gave for it, to be given back when it is settled.
    pub(crate) cost_bytes: u32,
    /// 1 in this many was kept; at least 1.
    pub(crate) sample_rate: u32,
    /// The event's time, nanoseconds since 1970: the start of a timed event.
    pub(crate) unix_ns: i64,
    /// When it ended, by the process's monotonic clock: `max_age` counts from here.
    pub(crate) ended_ns: u64,
    /// Instead of the snapshot's dataset.
    pub(crate) dataset: Option<KeyRef>,
    pub(crate) timed: Option<Timed>,
    pub(crate) extra: Option<Arc<Extra>>,
}

/// What only timed events have: the automatic fields, before anybody formats them.
#[derive(Clone, Copy)]
pub(crate) struct Timed {
    pub(crate) name: KeyRef,
    pub(crate) duration_ns: u64,
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) parent_id: Option<SpanId>,
    /// The outermost of its trace in this process: with it the trace is whole here, but for what outlives it.
    pub(crate) is_local_root: bool,
    pub(crate) ending: Ending,
    /// `error.type`
    pub(crate) error_type: Option<&'static str>,
    /// `error.message`
    pub(crate) error_message: Option<Span>,
}

impl Default for Timed {
    fn default() -> Self {
        Self {
            name: KeyRef::Static(""),
            duration_ns: 0,
            trace_id: TraceId::new(0),
            span_id: SpanId(0),
            parent_id: None,
            is_local_root: false,
            ending: Ending::Ok,
            error_type: None,
            error_message: None,
        }
    }
}

/// What few events carry.
#[derive(Default)]
pub(crate) struct Extra {
    /// Another endpoint or key; the dataset in it already is the event's own.
    pub(crate) destination: Option<Arc<Destination>>,
    /// Behind a lock only because a shared chunk must be `Sync` and the values need not be.
    pub(crate) metadata: Mutex<Metadata>,
    pub(crate) outside_ids: Option<Box<OutsideIds>>,
}

/// Ids that came in from outside in a form of their own, as text.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutsideIds {
    pub(crate) trace: Option<IdText>,
    pub(crate) parent: Option<IdText>,
}

impl EventRecord {
    /// The ids of the event that came in from outside as texts, if it has any.
    #[inline]
    pub(crate) fn outside_ids(&self) -> Option<&OutsideIds> {
        self.extra.as_ref()?.outside_ids.as_deref()
    }
}

impl OutsideIds {
    fn bytes(&self) -> usize {
        let lengths = [&self.trace, &self.parent].map(|id| id.as_ref().map_or(0, |id| id.len()));
        size_of::<Self>() + lengths.iter().sum::<usize>()
    }
}

impl Extra {
    /// What it holds, as far as we can know: metadata is the user's.
    fn bytes(&self) -> usize {
        let destination = self.destination.as_ref().map_or(0, |to| {
            size_of::<Destination>() + to.api_host.len() + to.api_key.len() + to.dataset.len()
        });
        let metadata = self.metadata.lock().len();
        size_of::<Self>()
            + destination
            + self.outside_ids.as_ref().map_or(0, |ids| ids.bytes())
            + metadata * size_of::<(Cow<'static, str>, Box<dyn Any + Send>)>()
    }
}

/// When an event was, and when it ended; see [`EventRecord`].
#[derive(Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "units")]
pub(crate) struct Times {
    pub(crate) unix_ns: i64,
    /// 0 for a manual event.
    pub(crate) duration_ns: u64,
    pub(crate) ended_ns: u64,
}

/// An ended event on its way into a chunk: references, so that it is copied once. Nothing that is to be dropped, so that it may stay in
/// registers; an `extra` goes beside it.
#[derive(Clone, Copy)]
pub(crate) struct Finished<'a> {
    pub(crate) timed: Option<&'a Timed>,
    pub(crate) fields: &'a FieldBuffer,
    pub(crate) snapshot: &'a Arc<Snapshot>,
    pub(crate) dataset: Option<KeyRef>,
    pub(crate) sample_rate: u32,
    pub(crate) times: Times,
}

/// What a copy of an event has of its own.
#[derive(Clone, Copy)]
pub(crate) struct Copied {
    pub(crate) sample_rate: u32,
    pub(crate) ended_ns: u64,
}

/// One event of a chunk, ready to be read.
#[derive(Clone, Copy)]
pub(crate) struct EventView<'a> {
    pub(crate) record: &'a EventRecord,
    pub(crate) fields: FieldsView<'a>,
    pub(crate) snapshot: &'a Arc<Snapshot>,
}

impl Chunk {
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// An empty chunk with room for as much as another one has in it.
    pub(crate) fn with_room_of(other: &Chunk) -> Self {
        Self {
            events: Places::with_capacity(other.events.len()),
            fields: Places::with_capacity(other.fields.len()),
            text: String::with_capacity(other.text.len()),
            ..Self::default()
        }
    }

    /// An empty chunk that has memory.
    #[cfg(test)]
    pub(crate) fn with_memory(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Bytes in use, without spare capacity.
    #[inline]
    pub(crate) fn used_bytes(&self) -> usize {
        self.events.len() * size_of::<EventRecord>()
            + self.fields.len() * size_of::<Field>()
            + self.text.len()
    }

    /// Whether less than half of its memory is in use.
    pub(crate) fn is_sparse(&self) -> bool {
        self.used_bytes() < self.capacity_bytes() / 2
    }

    /// Bytes held, used or not.
    pub(crate) fn capacity_bytes(&self) -> usize {
        self.events.capacity() * size_of::<EventRecord>()
            + self.fields.capacity() * size_of::<Field>()
            + self.text.capacity()
    }

    /// An empty chunk with room for as much as this one holds: a thread goes on as it did, and growing step by step would copy what
    /// it writes again and again.
    pub(crate) fn empty_twin(&self) -> Self {
        Self {
            events: Places::with_capacity(self.events.len()),
            fields: Places::with_capacity(self.fields.len()),
            text: String::with_capacity(self.text.len()),
            snapshots: Vec::with_capacity(self.snapshots.len()),
            ..Self::default()
        }
    }

    /// What an event costs here: its record, its fields, and its snapshot if the chunk does not have it yet. A snapshot is held
    /// twice, as fields and as JSON.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for each event, once")]
    pub(crate) fn cost_of(&self, event: &Finished<'_>, extra: Option<&Extra>) -> usize {
        let scope = if self.has_last(event.snapshot) {
            0
        } else {
            2 * event.snapshot.fields.used_bytes()
        };
        let extra = extra.map_or(0, Extra::bytes);
        size_of::<EventRecord>() + event.fields.used_bytes() + scope + extra
    }

    /// Appends an event, made in its place in the chunk.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what it is made of comes in registers then"
    )]
    pub(crate) fn store(
        &mut self,
        event: &Finished<'_>,
        more: Option<Arc<Extra>>,
        cost_bytes: u32,
    ) {
        let view = event.fields.view();
        let snapshot = self.place_of(event.snapshot);
        self.cost_bytes += u64::from(cost_bytes);
        self.has_own |= event.dataset.is_some() || more.is_some();
        // Named one by one, so that none is forgotten: there is another event's record in that place.
        let EventRecord {
            fields,
            text_start,
            snapshot: place_of_snapshot,
            cost_bytes: cost,
            sample_rate,
            unix_ns,
            ended_ns,
            dataset,
            timed,
            extra,
        } = self.events.next();
        *fields = Span {
            start: offset(self.fields.len()),
            len: offset(view.fields.len()),
        };
        *text_start = offset(self.text.len());
        *place_of_snapshot = snapshot;
        *cost = cost_bytes;
        *sample_rate = event.sample_rate;
        *unix_ns = event.times.unix_ns;
        *ended_ns = event.times.ended_ns;
        *dataset = event.dataset;
        *timed = event.timed.map(|timed| Timed {
            duration_ns: event.times.duration_ns,
            ..*timed
        });
        *extra = more;
        self.fields.append(view.fields);
        self.text.push_str(view.text);
    }

    /// Appends a copy of an event of another chunk, whose metadata both have from now on: it goes to who takes it first.
    pub(crate) fn copy_from(&mut self, from: &Chunk, index: usize, change: Copied) {
        let Some(EventView {
            record,
            fields,
            snapshot,
        }) = from.get(index)
        else {
            return;
        };
        let text = from.text_of(index);
        let snapshot = self.place_of(snapshot);
        if self.events.is_empty() {
            // Many of these chunks hold one event, or few.
            self.events.reserve_exact(1);
            self.fields.reserve_exact(fields.fields.len());
            self.text.reserve_exact(text.len());
        }
        self.cost_bytes += u64::from(record.cost_bytes);
        self.has_own |= record.dataset.is_some() || record.extra.is_some();
        *self.events.next() = EventRecord {
            fields: Span {
                start: offset(self.fields.len()),
                len: record.fields.len,
            },
            text_start: offset(self.text.len()),
            snapshot,
            sample_rate: change.sample_rate,
            ended_ns: change.ended_ns,
            extra: record.extra.clone(),
            ..*record
        };
        self.fields.append(fields.fields);
        self.text.push_str(text);
    }

    pub(crate) fn get(&self, index: usize) -> Option<EventView<'_>> {
        let record = self.events.get(index)?;
        let first = record.fields.start as usize;
        Some(EventView {
            record,
            fields: FieldsView {
                fields: self.fields.get(first..first + record.fields.len as usize)?,
                text: self.text.get(record.text_start as usize..)?,
            },
            snapshot: self.snapshots.get(record.snapshot as usize)?,
        })
    }

    pub(crate) fn records(&self) -> &[EventRecord] {
        &self.events
    }

    /// What all its events cost.
    pub(crate) fn cost_bytes(&self) -> u64 {
        self.cost_bytes
    }

    /// Whether all its events go to the same destination, as far as that shows without looking at each.
    pub(crate) fn goes_one_way(&self) -> bool {
        let mut snapshots = self.snapshots.iter();
        let first = snapshots.next();
        !self.has_own
            && first.is_some_and(|first| {
                snapshots.all(|other| Arc::ptr_eq(&other.destination, &first.destination))
            })
    }

    /// Bytes in use by one event.
    pub(crate) fn event_bytes(&self, index: usize) -> usize {
        let fields = self
            .events
            .get(index)
            .map_or(0, |record| record.fields.len as usize);
        size_of::<EventRecord>() + fields * size_of::<Field>() + self.text_of(index).len()
    }

    /// Takes an event over from another chunk: a copy, but for its `extra`, which is moved.
    pub(crate) fn take_over(&mut self, from: &mut Chunk, index: usize) {
        let Some(record) = from.events.get(index) else {
            return;
        };
        let as_it_is = Copied {
            sample_rate: record.sample_rate,
            ended_ns: record.ended_ns,
        };
        self.copy_from(from, index, as_it_is);
        if let Some(record) = from.events.get_mut(index) {
            record.extra = None;
        }
    }

    /// The text of one event: it ends where the next one's begins.
    fn text_of(&self, index: usize) -> &str {
        let start = |index: usize| Some(self.events.get(index)?.text_start as usize);
        let end = start(index + 1).unwrap_or(self.text.len());
        start(index)
            .and_then(|start| self.text.get(start..end))
            .unwrap_or("")
    }

    /// Takes the metadata out of one event, for its response.
    pub(crate) fn take_metadata(&self, index: usize) -> Metadata {
        let extra = self
            .events
            .get(index)
            .and_then(|record| record.extra.as_ref());
        extra.map_or_else(Metadata::new, |extra| {
            std::mem::take(&mut *extra.metadata.lock())
        })
    }

    /// Empties the chunk, keeping its memory for the next events.
    pub(crate) fn clear(&mut self) {
        if self.has_own {
            for record in &mut *self.events {
                record.extra = None;
            }
        }
        self.events.clear();
        self.fields.clear();
        self.text.clear();
        self.snapshots.clear();
        self.cost_bytes = 0;
        self.has_own = false;
    }

    #[inline]
    fn has_last(&self, snapshot: &Arc<Snapshot>) -> bool {
        self.snapshots
            .last()
            .is_some_and(|last| Arc::ptr_eq(last, snapshot))
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for each event, once")]
    fn place_of(&mut self, snapshot: &Arc<Snapshot>) -> u32 {
        if self.has_last(snapshot) {
            offset(self.snapshots.len() - 1)
        } else {
            self.place_of_other(snapshot)
        }
    }

    #[cold]
    fn place_of_other(&mut self, snapshot: &Arc<Snapshot>) -> u32 {
        let recent = self.snapshots.len().saturating_sub(SNAPSHOTS_SEARCHED);
        let known = self.snapshots[recent..]
            .iter()
            .rposition(|held| Arc::ptr_eq(held, snapshot));
        if known.is_none() {
            self.snapshots.push(Arc::clone(snapshot));
        }
        offset(known.map_or(self.snapshots.len() - 1, |place| recent + place))
    }
}

impl EventView<'_> {
    /// What the event is called: a timed one's name, else its field `name` where that is a text.
    pub(crate) fn name(&self) -> Option<&str> {
        let text = self.fields.text;
        if let Some(timed) = &self.record.timed {
            return Some(timed.name.of(text));
        }
        let mut newest_first = self.fields.fields.iter().rev();
        match newest_first
            .find(|field| field.key.of(text) == "name")?
            .value
        {
            Scalar::Text(span) => Some(span.of(text)),
            _ => None,
        }
    }

    /// The dataset this event goes to, if it is not its snapshot's.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn dataset(&self) -> Option<&str> {
        self.record
            .dataset
            .map(|dataset| dataset.of(self.fields.text))
    }
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "chunks are handed over long before 4 GiB, and to look costs more than to copy"
)]
fn offset(at: usize) -> u32 {
    at as u32
}
