//! Traces drawn as trees, by the renderer that `honey::transmission::Tree` draws with.
//!
//! ```
//! use honey_local::tree::{self, TreeOptions};
//! use honey_local::Event;
//!
//! let event = |fields: serde_json::Value| Event::new("shop", fields.as_object().cloned().unwrap_or_default());
//! let events = [
//!     event(serde_json::json!({"trace.trace_id": "7f", "trace.span_id": "1", "name": "checkout", "duration_ms": 41.2})),
//!     event(serde_json::json!({"trace.trace_id": "7f", "trace.span_id": "2", "trace.parent_id": "1", "name": "charge",
//!         "duration_ms": 0.35, "card.kind": "debit"})),
//! ];
//! assert_eq!(tree::render(&events, &TreeOptions::default()), "\
//! trace 7f · 2 events · shop
//! checkout   41.20 ms
//! └─ charge    350 µs  card.kind=debit
//! ");
//! ```

use honey::transmission::drawing::{self, Drawable};
pub use honey::transmission::{Color, TreeOptions};
use serde_json::{Map, Value};

use crate::Event;

/// The events of one trace, in the order they were received.
pub type Trace = drawing::Trace<Event>;

/// Draws events as trees, one for each trace, in the order their traces first appear. Events without a trace come
/// together under a heading of their own. Every line ends with a newline; no events give an empty text.
///
/// An event whose parent is not among `events` stands at the top level, marked `orphan`; parents that lead round in
/// a circle are cut open, marked `cycle`. Widths are counted in characters. Control characters are escaped, so that
/// a value cannot write to the terminal.
#[must_use]
pub fn render(events: &[Event], options: &TreeOptions) -> String {
    drawing::render(events, options)
}

/// Groups events by trace, in the order the traces first appear.
#[must_use]
pub fn traces(events: &[Event]) -> Vec<Trace> {
    drawing::traces(events)
}

impl Drawable for Event {
    fn dataset(&self) -> &str {
        self.dataset.as_str()
    }

    fn time_ns(&self) -> i64 {
        self.time_ns
    }

    fn sample_rate(&self) -> u64 {
        self.sample_rate
    }

    fn data(&self) -> &Map<String, Value> {
        &self.data
    }

    fn held_bytes(&self) -> usize {
        self.memory_bytes()
    }
}
