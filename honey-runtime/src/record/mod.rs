//! What crosses the seam: typed records of events, before anybody has formatted them.
//!
//! The record side writes these, the ship side reads them; neither knows the other.

mod buffer;
mod chunk;
mod clock;
mod destination;
mod field;
mod id;
mod id_text;
mod places;
mod snapshot;

pub(crate) use buffer::{Arena, FieldBuffer, FieldsView};
pub(crate) use chunk::{
    Chunk, Copied, EventRecord, EventView, Extra, Finished, OutsideIds, Timed, Times,
};
pub(crate) use clock::{instant_of, monotonic_ns, refresh_wall_clock, unix_ns_of, wall_offset_ns};
pub(crate) use destination::{Destination, Way, is_classic, without_credentials};
pub(crate) use field::{Field, KeyRef, Scalar, Span};
pub(crate) use id::is_drawn;
pub use id::{SpanId, TraceId};
pub(crate) use id_text::IdText;
pub(crate) use snapshot::{DynamicSource, Shape, Snapshot, SnapshotField, SnapshotJson};
