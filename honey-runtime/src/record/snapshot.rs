//! A scope's static fields as they were at one moment, shared by every event made from it.

use std::sync::{Arc, OnceLock};

use super::buffer::FieldBuffer;
use super::destination::Destination;
use super::field::Span;
use crate::fields::FieldSink;

/// Evaluated for each event: an `inventory` function or a closure given to a scope.
pub(crate) type DynamicSource = Arc<dyn Fn(&mut FieldSink<'_>) + Send + Sync>;

/// What an event takes from its scope. Never changed once shared: a scope makes a new one.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) fields: FieldBuffer,
    pub(crate) dynamic: Vec<DynamicSource>,
    pub(crate) destination: Arc<Destination>,
    /// 1 in this many is kept; at least 1.
    pub(crate) sample_rate: u32,
    pub(crate) shape: Shape,
    /// The JSON of `fields`, made by the ship side once per snapshot.
    pub(crate) encoded: OnceLock<SnapshotJson>,
}

/// How a client's events are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Whether timed events carry their trace's ids.
    pub(crate) trace_fields: bool,
    /// Levels of nested objects that `add_json` spreads over fields; what is deeper stays JSON in one field.
    pub(crate) flatten_depth: usize,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            trace_fields: true,
            flatten_depth: 5,
        }
    }
}

/// A scope of no client: no fields, nowhere to go.
impl Default for Snapshot {
    fn default() -> Self {
        Self {
            fields: FieldBuffer::new(),
            dynamic: Vec::new(),
            destination: Arc::new(Destination {
                api_host: String::new(),
                api_key: String::new(),
                dataset: String::new(),
            }),
            sample_rate: 1,
            shape: Shape::default(),
            encoded: OnceLock::new(),
        }
    }
}

/// The JSON of a snapshot's fields: as one piece for the events that override none of them, and field by field for the rest.
#[derive(Debug, Clone, Default)]
pub(crate) struct SnapshotJson {
    /// No other one of this process has it.
    pub(crate) number: u64,
    /// `"key":value,"key":value,`: each key once, a comma after each.
    pub(crate) json: Vec<u8>,
    pub(crate) fields: Vec<SnapshotField>,
    /// All of the fields' marks.
    pub(crate) marks: u64,
    /// Whether a timed event has to rename one of them.
    pub(crate) has_reserved: bool,
    /// Whether one of them is over the server's limits, so that each event has to look at it.
    pub(crate) has_long: bool,
    /// Values left out, such as NaN.
    pub(crate) bad_values: u32,
}

/// One field in a [`SnapshotJson`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct SnapshotField {
    /// Which of the snapshot's fields.
    pub(crate) index: u32,
    /// One bit that depends on the key: keys with different bits differ.
    pub(crate) mark: u64,
    /// `"key":value,` in the JSON.
    pub(crate) json: Span,
}
