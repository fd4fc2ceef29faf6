//! Captured events as text that is the same in every run.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde_json::Value as Json;

use super::CapturedEvent;
use crate::event::Event;
use crate::scope::dynamic_fields;

/// Captured events drawn for a snapshot: one tree for each trace, a line for each field, and nothing that differs from run to run.
///
/// - Left out: `duration_ms`, the ids of trace and span, `meta.*`, and fields registered with `#[honey::dynamic_field]`.
/// - Replaced: other durations (`db_ms` and the like) by `[duration]`; texts that are an id (a UUID, 16 or 32 hexadecimal digits)
///   by `[id]`; texts that are a time (RFC 3339) by `[time]`.
/// - Ordered by name, then by what stands below it, since threads and tasks end in any order. [`in_time_order`] for code that does
///   one thing after the other.
///
/// It is `Display`. With [insta](https://docs.rs/insta) write `insta::assert_snapshot!(captured.tree())`.
///
/// ```
/// let captured = honey::testing::capture(|| {
///     honey::in_child_event("checkout", || {
///         honey::current().add_field("user_id", 7);
///         honey::in_child_event("charge", || {
///             honey::current().add_field("order", "7f3b2c1e-0b7a-4c39-9d5b-0c1f2a3b4c5d");
///             honey::current().add_field("bank_ms", 31.5);
///         });
///     });
/// });
/// assert_eq!(captured.tree().to_string(), r#"
/// checkout
/// │ outcome: "ok"
/// │ user_id: 7
/// └─ charge
///      bank_ms: [duration]
///      order: [id]
///      outcome: "ok"
/// "#.trim_start());
/// ```
///
/// [`in_time_order`]: CapturedTree::in_time_order
#[derive(Clone)]
#[must_use]
pub struct CapturedTree<'a> {
    events: Vec<&'a CapturedEvent>,
    has_time_order: bool,
    shown: Vec<String>,
    redacted: Vec<String>,
    /// Fields that the program's functions give, by other names in every program and with other values in every run.
    dynamic: HashSet<String>,
}

impl<'a> CapturedTree<'a> {
    pub(super) fn of(events: Vec<&'a CapturedEvent>) -> Self {
        Self {
            events,
            has_time_order: false,
            shown: Vec::new(),
            redacted: Vec::new(),
            dynamic: dynamic_keys(),
        }
    }

    /// Events next to one another stand in the order in which they began.
    pub fn in_time_order(mut self) -> Self {
        self.has_time_order = true;
        self
    }

    /// Shows this field as it is, although it looks like a duration, an id or a time.
    pub fn show(mut self, key: impl Into<String>) -> Self {
        self.shown.push(key.into());
        self
    }

    /// Shows `[redacted]` in this field's place.
    pub fn redact(mut self, key: impl Into<String>) -> Self {
        self.redacted.push(key.into());
        self
    }

    /// An event's lines and those below it.
    fn draw(&self, event: &'a CapturedEvent, children: &Children<'a>) -> Vec<String> {
        let below = event.span_id().and_then(|id| children.get(id));
        let below: Vec<_> = below.into_iter().flatten().copied().collect();
        let bar = if below.is_empty() { "  " } else { "│ " };
        let mut lines = vec![heading(event)];
        let mut fields: Vec<_> = event.data().iter().collect();
        fields.sort_by_key(|(key, _)| *key);
        for (key, value) in fields {
            if let Some(text) = self.text(key, value) {
                lines.push(format!("{bar}{key}: {text}"));
            }
        }
        let below = self.draw_all(below, children);
        let last = below.len().saturating_sub(1);
        for (place, drawn) in below.into_iter().enumerate() {
            let (branch, rest) = if place == last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let mut drawn = drawn.into_iter();
            lines.extend(drawn.next().map(|first| format!("{branch}{first}")));
            lines.extend(drawn.map(|line| format!("{rest}{line}")));
        }
        lines
    }

    /// Events next to one another, each drawn, in their order.
    fn draw_all(
        &self,
        mut events: Vec<&'a CapturedEvent>,
        children: &Children<'a>,
    ) -> Vec<Vec<String>> {
        if self.has_time_order {
            // RFC 3339 with as many digits each: text order is time order.
            events.sort_by_key(|event| event.time());
        }
        let mut drawn: Vec<_> = events
            .into_iter()
            .map(|event| self.draw(event, children))
            .collect();
        if !self.has_time_order {
            drawn.sort();
        }
        drawn
    }

    /// A field's value as it is shown; `None`: it is not.
    fn text(&self, key: &str, value: &Json) -> Option<String> {
        if self.redacted.iter().any(|redacted| redacted == key) {
            return Some("[redacted]".to_owned());
        }
        if self.shown.iter().any(|shown| shown == key) {
            return Some(value.to_string());
        }
        if key == "name" || is_unsteady(key) || self.dynamic.contains(key) {
            return None;
        }
        Some(match value {
            _ if is_duration(key) && value.is_number() => "[duration]".to_owned(),
            Json::String(text) if is_id(text) => "[id]".to_owned(),
            Json::String(text) if is_time(text) => "[time]".to_owned(),
            value => value.to_string(),
        })
    }
}

type Children<'a> = HashMap<&'a str, Vec<&'a CapturedEvent>>;

impl fmt::Display for CapturedTree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut children = Children::new();
        let ids: HashSet<_> = self
            .events
            .iter()
            .filter_map(|event| event.span_id())
            .collect();
        let mut tops = Vec::new();
        for event in &self.events {
            match event.parent_id().filter(|id| ids.contains(id)) {
                Some(parent) => children.entry(parent).or_default().push(event),
                None => tops.push(*event),
            }
        }
        let drawn = self.draw_all(tops, &children);
        for (place, lines) in drawn.iter().enumerate() {
            let apart = if place == 0 { "" } else { "\n" };
            writeln!(f, "{apart}{}", lines.join("\n"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for CapturedTree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The names of the fields that functions with `#[honey::dynamic_field]` add. One that gives several says their names in an event.
fn dynamic_keys() -> HashSet<String> {
    let names = dynamic_fields()
        .into_iter()
        .map(|field| field.name().to_owned());
    let mut keys: HashSet<_> = names.collect();
    if !keys.is_empty() {
        let probe = super::capture(|| Event::new().send());
        let given = probe
            .events()
            .into_iter()
            .flat_map(|event| event.data().keys());
        keys.extend(given.cloned());
    }
    keys
}

/// The name, with a mark when it is no event of its own.
fn heading(event: &CapturedEvent) -> String {
    let name = event.name().unwrap_or("(no name)");
    let rate = event.sample_rate();
    let weight = if rate > 1 {
        format!(" ×{rate}")
    } else {
        String::new()
    };
    match event.str("meta.annotation_type") {
        Some("span_event") => format!("• {name}{weight}"),
        Some("link") => format!("↪ {name}{weight}"),
        _ => format!("{name}{weight}"),
    }
}

/// What is another one in every run, and says nothing that a tree does not.
pub(super) fn is_unsteady(key: &str) -> bool {
    key == "duration_ms" || key.starts_with("trace.") || key.starts_with("meta.")
}

fn is_duration(key: &str) -> bool {
    ["_ms", "_us", "_ns", "duration"]
        .iter()
        .any(|end| key.ends_with(end))
}

fn is_id(text: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pieces: Vec<_> = text.split('-').collect();
    let lengths: Vec<_> = pieces.iter().map(|piece| piece.len()).collect();
    matches!(lengths[..], [16 | 32] | [8, 4, 4, 4, 12]) && pieces.into_iter().all(is_hex)
}

/// `2026-11-22T00:45:12…`
fn is_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .take(19)
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    matches!(
        shape.as_str(),
        "0000-00-00T00:00:00" | "0000-00-00 00:00:00"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_times_and_durations_are_known_by_their_looks() {
        for id in [
            "00f067aa0ba902b7",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "7F3b2c1e-0b7a-4c39-9d5b-0c1f2a3b4c5d",
        ] {
            assert!(is_id(id), "{id}");
        }
        for text in [
            "",
            "checkout-service",
            "00f067aa0ba902b",
            "00f067aa0ba902bx",
            "SKU-0001",
        ] {
            assert!(!is_id(text), "{text}");
        }
        assert!(is_time("2026-11-22T00:45:12.271083009Z") && is_time("2026-11-22 00:45:12"));
        assert!(!is_time("2026-11-22") && !is_time("at 2026-11-22T00:45:12Z"));
        assert!(is_duration("db_ms") && is_duration("cache.total_ms") && !is_duration("rooms"));
    }
}
