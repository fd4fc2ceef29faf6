//! Traces drawn as trees.
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

mod layout;
mod line;
mod options;
mod paint;
mod text;
mod trace;

pub use options::{Color, TreeOptions};
pub use trace::{Trace, traces};

use crate::Event;
use line::Line;
use paint::{Paint, Style};

/// Draws events as trees, one for each trace, in the order their traces first appear. Events without a trace come
/// together under a heading of their own. Every line ends with a newline; no events give an empty text.
///
/// An event whose parent is not among `events` stands at the top level, marked `orphan`; parents that lead round in
/// a circle are cut open, marked `cycle`. Widths are counted in characters. Control characters are escaped, so that
/// a value cannot write to the terminal.
#[must_use]
pub fn render(events: &[Event], options: &TreeOptions) -> String {
    let drawn: Vec<_> = traces(events)
        .iter()
        .map(|trace| draw(trace, options))
        .collect();
    drawn.join("\n")
}

fn draw(trace: &Trace, options: &TreeOptions) -> String {
    let paint = Paint::new(options.color);
    let start_ns = trace.start_ns();
    let lines: Vec<_> = layout::place(&trace.events)
        .iter()
        .map(|placed| Line::new(placed, start_ns, options))
        .collect();
    let width = |part: fn(&Line) -> usize| lines.iter().map(part).max().unwrap_or(0);
    let widths = line::Widths {
        name: width(Line::name_width),
        offset: width(|line| line.offset.chars().count()),
        duration: width(|line| line.duration.chars().count()),
    };
    let mut drawn = paint.text(Style::Heading, &heading(trace)) + "\n";
    for line in &lines {
        drawn.push_str(line.draw(&widths, paint).trim_end());
        drawn.push('\n');
    }
    drawn
}

fn heading(trace: &Trace) -> String {
    let id = trace.id.as_deref().map_or_else(
        || "no trace".to_owned(),
        |id| format!("trace {}", text::name(id)),
    );
    let events = match trace.events.len() {
        1 => "1 event".to_owned(),
        n => format!("{n} events"),
    };
    let mut datasets: Vec<&str> = Vec::new();
    for event in &trace.events {
        if !datasets.iter().any(|known| event.dataset == *known) {
            datasets.push(event.dataset.as_str());
        }
    }
    format!("{id} · {events} · {}", text::name(&datasets.join(", ")))
}

#[cfg(test)]
mod tests;
