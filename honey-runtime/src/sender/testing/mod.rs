//! Events by hand and a sender for them: for the tests of this folder.

pub(super) mod rig;

use std::collections::BTreeSet;
use std::sync::PoisonError;

use crate::record::{
    Chunk, Destination, EventRecord, EventView, Extra, FieldBuffer, Finished, KeyRef, Scalar,
    Snapshot, Span, SpanId, Timed, Times, TraceId, monotonic_ns,
};
use crate::response::{Ending, Metadata};
use crate::sync::{Arc, Mutex};

pub(super) fn destination(api_host: &str, dataset: &str) -> Arc<Destination> {
    Arc::new(Destination {
        api_host: api_host.into(),
        api_key: concat!("honeykey", "4test-sender").into(),
        dataset: dataset.into(),
    })
}

pub(super) fn snapshot(destination: Arc<Destination>, fields: FieldBuffer) -> Arc<Snapshot> {
    Arc::new(Snapshot {
        fields,
        dynamic: Vec::new(),
        destination,
        sample_rate: 1,
        shape: crate::record::Shape::default(),
        encoded: std::sync::OnceLock::new(),
    })
}

/// A value as a test writes it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Put<'a> {
    Text(&'a str),
    Json(&'a str),
    Plain(Scalar),
}

impl From<i64> for Put<'_> {
    fn from(value: i64) -> Self {
        Put::Plain(Scalar::I64(value))
    }
}

impl<'a> From<&'a str> for Put<'a> {
    fn from(value: &'a str) -> Self {
        Put::Text(value)
    }
}

pub(super) fn fields<'a>(list: impl IntoIterator<Item = (&'a str, Put<'a>)>) -> FieldBuffer {
    let mut buffer = FieldBuffer::new();
    let nothing = Span { start: 0, len: 0 };
    for (key, value) in list {
        let key = KeyRef::Text(buffer.store(key).unwrap_or(nothing));
        let value = match value {
            Put::Text(text) => Scalar::Text(buffer.store(text).unwrap_or(nothing)),
            Put::Json(json) => Scalar::Json(buffer.store(json).unwrap_or(nothing)),
            Put::Plain(scalar) => scalar,
        };
        assert!(buffer.push(key, value));
    }
    buffer
}

/// The record of a manual event, ended now.
pub(super) fn record() -> EventRecord {
    EventRecord {
        fields: Span { start: 0, len: 0 },
        text_start: 0,
        snapshot: 0,
        cost_bytes: 100,
        sample_rate: 1,
        unix_ns: 1_136_214_245_999_999_999,
        ended_ns: monotonic_ns(),
        dataset: None,
        timed: None,
        extra: None,
    }
}

pub(super) fn timed(ending: Ending) -> Timed {
    Timed {
        name: KeyRef::Static("work"),
        duration_ns: 1_500_000,
        trace_id: TraceId::new(0xabc),
        span_id: SpanId(0xdef),
        parent_id: None,
        is_local_root: true,
        ending,
        error_type: None,
        error_message: None,
    }
}

pub(super) fn with_metadata(metadata: Metadata) -> Extra {
    Extra {
        outside_ids: None,
        destination: None,
        metadata: Mutex::new(metadata),
    }
}

/// A field of this name makes the encoder panic: with the value [`ALWAYS`] each time, with another one the first time that it is met.
pub(super) const TRAP: &str = "test.trap";
pub(super) const ALWAYS: i64 = -1;

/// See [`TRAP`].
pub(super) fn spring_trap(event: &EventView<'_>) {
    // Not one of the models' locks: what is static would be a schedule's before.
    static SPRUNG: std::sync::Mutex<BTreeSet<i64>> = std::sync::Mutex::new(BTreeSet::new());
    for field in event.fields.fields {
        let Scalar::I64(trap) = field.value else {
            continue;
        };
        if field.key.of(event.fields.text) != TRAP {
            continue;
        }
        let mut sprung = SPRUNG.lock().unwrap_or_else(PoisonError::into_inner);
        let is_harmless = trap != ALWAYS && !sprung.insert(trap);
        drop(sprung);
        if !is_harmless {
            // Without the panic hook, which would print each time.
            std::panic::resume_unwind(Box::new("a test of the worker's recovery"));
        }
    }
}

/// A chunk of manual events `{"n":0}`, `{"n":1}`, …
pub(super) fn numbered(snapshot: &Arc<Snapshot>, count: usize) -> Chunk {
    let mut chunk = Chunk::default();
    for n in 0..count {
        let number = i64::try_from(n).unwrap_or(0);
        chunk.push(record(), &fields([("n", Put::from(number))]), snapshot);
    }
    chunk
}

impl Chunk {
    /// Stores an event whose record was made by hand.
    pub(super) fn push(
        &mut self,
        mut record: EventRecord,
        fields: &FieldBuffer,
        snapshot: &Arc<Snapshot>,
    ) {
        let cost_bytes = record.cost_bytes;
        let extra = record.extra.take();
        self.store(&finished(&record, fields, snapshot), extra, cost_bytes);
    }
}

/// An event that has just ended, out of a record that was made by hand.
pub(super) fn finished<'a>(
    record: &'a EventRecord,
    fields: &'a FieldBuffer,
    snapshot: &'a Arc<Snapshot>,
) -> Finished<'a> {
    Finished {
        timed: record.timed.as_ref(),
        fields,
        snapshot,
        dataset: record.dataset,
        sample_rate: record.sample_rate,
        times: Times {
            unix_ns: record.unix_ns,
            duration_ns: record.timed.map_or(0, |timed| timed.duration_ns),
            ended_ns: record.ended_ns,
        },
    }
}
