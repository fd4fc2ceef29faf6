//! An event's fields against the limits.

use serde_json::{Map, Value};

use super::{Limits, json};

/// Reads and checks the fields of one event; the error is the text for whoever sent it.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Map<String, Value>, String> {
    let fields = match json::strict(text)? {
        Value::Object(fields) => fields,
        Value::Null => Map::new(),
        _ => return Err("event data must be a JSON object".to_owned()),
    };
    if fields.is_empty() {
        return Err("empty event data".to_owned());
    }
    if fields.len() > limits.columns {
        return Err("Event has too many columns.".to_owned());
    }
    match fields
        .iter()
        .find(|(_, value)| longest(value) > limits.string_bytes)
    {
        Some((name, value)) => Err(format!(
            "string in field {name:?} is too long: {} bytes, the limit is {}",
            longest(value),
            limits.string_bytes
        )),
        None => Ok(fields),
    }
}

/// Refuses an event whose JSON is over the limit.
pub(crate) fn check_size(size_bytes: usize, limits: &Limits) -> Result<(), String> {
    if size_bytes > limits.event_bytes {
        return Err(format!(
            "event is too large: {size_bytes} bytes of uncompressed JSON, the limit is {}",
            limits.event_bytes
        ));
    }
    Ok(())
}

/// The length in bytes of the longest string within a value. The depth is bounded by the JSON reader.
fn longest(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.iter().map(longest).max().unwrap_or(0),
        Value::Object(members) => members.values().map(longest).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
