//! Which fields of an event a line has room for.

use serde_json::Value;

use super::layout::Placed;
use super::{Drawable, TreeOptions, text};

/// Fields shown when none were asked for.
const DEFAULT_FIELDS: usize = 5;
/// Fields that are shown in a place of their own, or say what the reader knows.
const KNOWN: [&str; 4] = ["name", "duration_ms", "outcome", "error"];
/// The same by what their names begin with.
const KNOWN_PREFIXES: [&str; 13] = [
    "trace.",
    "meta.",
    "error.",
    "exception.",
    "service.",
    "telemetry.",
    "library.",
    "process.",
    "host.",
    "os.",
    "code.",
    "thread.",
    "container.",
];
/// Fields that are not worth their room when the event's name has their value in it.
const IN_NAMES: [&str; 3] = ["http.request.method", "http.route", "rpc.method"];
/// What a protocol says of every message, by what its names begin with. A program's own fields go first …
const OF_PROTOCOLS: [&str; 7] = [
    "http.",
    "url.",
    "network.",
    "server.",
    "user_agent.",
    "rpc.",
    "span.",
];
/// … and then these.
const TELLING: [&str; 4] = [
    "http.response.status_code",
    "rpc.response.status_code",
    "server.address",
    "url.path",
];

/// `key=value key=value`: the fields asked for, or those that say most about this event in particular.
pub(super) fn shown(placed: &Placed<'_>, options: &TreeOptions) -> String {
    let data = placed.event.data();
    let shown: Vec<_> = match &options.fields {
        Some(names) => names
            .iter()
            .filter_map(|name| data.get_key_value(name))
            .collect(),
        None => own(placed),
    };
    let shown: Vec<_> = shown
        .iter()
        .map(|(name, value)| format!("{}={}", text::name(name), text::value(value)))
        .collect();
    shown.join(" ")
}

/// The event's own fields, the most telling first, as many as there is room for.
fn own<'a>(placed: &Placed<'a>) -> Vec<(&'a String, &'a Value)> {
    let event = placed.event;
    let all = event.data().iter();
    let mut own: Vec<_> = all
        .filter(|(name, value)| is_own(name, value, event, placed.parent))
        .collect();
    own.sort_by_key(|(name, _)| rank(name));
    own.truncate(DEFAULT_FIELDS);
    own
}

fn rank(name: &str) -> u8 {
    if !begins(name, &OF_PROTOCOLS) {
        0
    } else if TELLING.contains(&name) {
        1
    } else {
        2
    }
}

/// True for a field that says something about this event in particular.
fn is_own(name: &str, value: &Value, event: &dyn Drawable, parent: Option<&dyn Drawable>) -> bool {
    let is_known = KNOWN.contains(&name) || begins(name, &KNOWN_PREFIXES);
    let is_in_name = || {
        let value = value.as_str().filter(|_| IN_NAMES.contains(&name));
        value
            .zip(event.str("name"))
            .is_some_and(|(value, name)| name.contains(value))
    };
    let is_parents = || parent.is_some_and(|parent| parent.get(name) == Some(value));
    !is_known && !is_in_name() && !is_parents()
}

fn begins(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}
