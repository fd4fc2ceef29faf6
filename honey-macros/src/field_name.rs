//! The rules for names of fields and events.

use std::collections::BTreeMap;

use proc_macro2::Span;

use crate::diagnostics::Diagnostics;

/// Columns that honey writes itself on every timed event.
const RESERVED: [&str; 6] = [
    "name",
    "duration_ms",
    "outcome",
    "error",
    "error.type",
    "error.message",
];
/// Whole families of such columns.
const RESERVED_PREFIXES: [&str; 2] = ["trace.", "meta."];

pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
        || RESERVED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// A name Honeycomb can show and people can query.
pub(crate) fn is_well_formed(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Says so when `name` cannot be a field's name.
pub(crate) fn check_well_formed(name: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let well_formed = is_well_formed(name);
    if !well_formed {
        diagnostics.error(
            span,
            "field name must not be empty or contain whitespace/control characters",
        );
    }
    well_formed
}

/// Says so when `name` is one that honey sets. `advice` goes behind the text.
pub(crate) fn check_not_reserved(
    name: &str,
    span: Span,
    advice: &str,
    diagnostics: &mut Diagnostics,
) {
    if is_reserved(name) {
        diagnostics.error(
            span,
            format!("`{name}` is set by honey; choose another name{advice}"),
        );
    }
}

/// Says so when an event's name is empty.
pub(crate) fn check_event_name(name: &str, span: Span, diagnostics: &mut Diagnostics) {
    if name.trim().is_empty() {
        diagnostics.error(span, "event name must not be empty");
    }
}

/// The names seen so far, to find the second of two alike.
#[derive(Clone, Default)]
pub(crate) struct Seen<T>(BTreeMap<String, T>);

impl<T> Seen<T> {
    pub(crate) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The earlier one of the same name, if there is one.
    pub(crate) fn insert(&mut self, name: &str, value: T) -> Option<&T> {
        match self.0.entry(name.to_owned()) {
            std::collections::btree_map::Entry::Occupied(earlier) => Some(earlier.into_mut()),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(value);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_reserved, is_well_formed};

    #[test]
    fn reserved_names_are_the_timed_events_own_columns() {
        for name in ["name", "error", "error.message", "trace.trace_id", "meta.x"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in [
            "timestamp",
            "samplerate",
            "app.name",
            "tracer",
            "error.code",
        ] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn well_formed_names() {
        for name in ["a", "a.b", "größe", "a-b", "a/b"] {
            assert!(is_well_formed(name), "{name}");
        }
        for name in ["", " ", "a b", "a\n", "\u{7f}"] {
            assert!(!is_well_formed(name), "{name:?}");
        }
    }
}
