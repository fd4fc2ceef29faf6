//! One event as one line.

use serde_json::Value;

use super::layout::{Placed, Standing};
use super::paint::{Paint, Style};
use super::{Drawable, TreeOptions, fields, text};

/// The parts of a line, not yet aligned.
#[derive(Debug)]
pub(super) struct Line {
    branch: String,
    name: String,
    style: Style,
    pub(super) offset: String,
    pub(super) duration: String,
    marks: Vec<(Style, String)>,
    fields: String,
}

/// How wide the columns are, in characters.
#[derive(Debug)]
pub(super) struct Widths {
    pub(super) name: usize,
    pub(super) offset: usize,
    pub(super) duration: usize,
}

impl Line {
    pub(super) fn new(placed: &Placed<'_>, start_ns: i64, options: &TreeOptions) -> Self {
        let event = placed.event;
        let since_start_ns = event.time_ns().saturating_sub(start_ns);
        let outcome = outcome(event);
        Self {
            branch: placed.branch.clone(),
            name: name(event),
            style: outcome.as_ref().map_or(Style::Plain, |(style, _)| *style),
            offset: if options.offsets {
                format!("+{}", text::duration(milliseconds(since_start_ns)))
            } else {
                String::new()
            },
            duration: duration_ms(event).map(text::duration).unwrap_or_default(),
            marks: outcome.into_iter().chain(remarks(placed)).collect(),
            fields: fields::shown(placed, options),
        }
    }

    pub(super) fn name_width(&self) -> usize {
        self.branch.chars().count() + self.name.chars().count()
    }

    pub(super) fn draw(&self, widths: &Widths, paint: Paint) -> String {
        let mut line = paint.text(Style::Faint, &self.branch) + &paint.text(self.style, &self.name);
        line.push_str(&" ".repeat(widths.name - self.name_width()));
        for (column, width) in [
            (&self.offset, widths.offset),
            (&self.duration, widths.duration),
        ] {
            if width > 0 {
                line.extend(["  ", &" ".repeat(width - column.chars().count()), column]);
            }
        }
        for (style, mark) in &self.marks {
            line.push_str("  ");
            line.push_str(&paint.text(*style, mark));
        }
        if !self.fields.is_empty() {
            line.push_str("  ");
            line.push_str(&paint.text(Style::Faint, &self.fields));
        }
        line
    }
}

fn name(event: &dyn Drawable) -> String {
    let given = event.str("name").map(text::name);
    let linked = || {
        let trace = event.str("trace.link.trace_id")?;
        Some(format!("trace {}", text::name(trace)))
    };
    let nameless = || "(no name)".to_owned();
    match event.str("meta.annotation_type") {
        Some("span_event") => format!("• {}", given.unwrap_or_else(nameless)),
        Some("link") => format!("↪ {}", given.or_else(linked).unwrap_or_else(nameless)),
        _ => given.unwrap_or_else(nameless),
    }
}

/// How the event ended, unless it ended well.
fn outcome(event: &dyn Drawable) -> Option<(Style, String)> {
    let error = event
        .get("error")
        .is_some_and(|error| !matches!(error, Value::Bool(false) | Value::Null));
    let (style, word) = match event.str("outcome") {
        Some("panic") => (Style::Bad, "PANIC"),
        Some("cancelled") => (Style::Odd, "CANCELLED"),
        Some("error") => (Style::Bad, "ERROR"),
        _ if error => (Style::Bad, "ERROR"),
        _ => return None,
    };
    let field = |name| event.str(name).filter(|text| !text.is_empty());
    // A panic's type is "panic": said already.
    let kind = field("error.type")
        .or_else(|| field("exception.type"))
        .filter(|kind| *kind != "panic");
    let message = field("error.message")
        .or_else(|| field("exception.message"))
        .or_else(|| field("error"));
    let detail = match (kind, message) {
        (Some(kind), Some(message)) => format!(" {kind}: {message}"),
        (Some(one), None) | (None, Some(one)) => format!(" {one}"),
        (None, None) => String::new(),
    };
    Some((style, format!("{word}{}", text::sentence(&detail))))
}

/// What is unusual about the event's place or weight.
fn remarks(placed: &Placed<'_>) -> impl Iterator<Item = (Style, String)> {
    let rate = placed.event.sample_rate();
    let standing = match placed.standing {
        Standing::Orphan => {
            let parent = placed.event.parent_id().map(text::name).unwrap_or_default();
            Some(format!("(orphan: its parent {parent} is not here)"))
        }
        Standing::Cycle => Some("(cycle: it is its own ancestor)".to_owned()),
        Standing::Top | Standing::Child => None,
    };
    let duplicate = placed
        .duplicate
        .then(|| "(another event has the same id)".to_owned());
    let weight = (rate > 1).then(|| (Style::Good, format!("×{rate}")));
    weight.into_iter().chain(
        standing
            .into_iter()
            .chain(duplicate)
            .map(|remark| (Style::Odd, remark)),
    )
}

fn duration_ms(event: &dyn Drawable) -> Option<f64> {
    event.get("duration_ms")?.as_f64()
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn milliseconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1_000_000.0
}
