//! Traces drawn as trees.

mod event;
mod fields;
mod layout;
mod line;
mod live;
mod options;
mod paint;
mod text;
mod trace;

pub use event::Drawable;
pub use live::Live;
pub use options::{Color, TreeOptions};
pub use trace::{Trace, traces};

use line::Line;
use paint::{Paint, Style};

/// Draws events as trees, one for each trace, in the order their traces first appear. Events without a trace come
/// together under a heading of their own. Every line ends with a newline; no events give an empty text.
///
/// An event whose parent is not among `events` stands at the top level, marked `orphan`; parents that lead round in
/// a circle are cut open, marked `cycle`. Widths are counted in characters. Control characters are escaped, so that
/// a value cannot write to the terminal.
#[must_use]
pub fn render<E: Drawable>(events: &[E], options: &TreeOptions) -> String {
    let events: Vec<&dyn Drawable> = events.iter().map(|event| event as _).collect();
    let drawn: Vec<_> = traces(&events)
        .iter()
        .map(|trace| draw(trace, options))
        .collect();
    drawn.join("\n")
}

fn draw(trace: &Trace<&dyn Drawable>, options: &TreeOptions) -> String {
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

fn heading(trace: &Trace<&dyn Drawable>) -> String {
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
        let dataset = event.dataset();
        // The Events API does not regard case.
        let is_it = |known: &&str| known.to_lowercase() == dataset.to_lowercase();
        if datasets.last() != Some(&dataset) && !datasets.iter().any(is_it) {
            datasets.push(dataset);
        }
    }
    format!("{id} · {events} · {}", text::name(&datasets.join(", ")))
}

#[cfg(test)]
mod tests;
