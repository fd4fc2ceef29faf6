//! `add_json`: a serialized value spread over fields.

use serde::Serialize;
use serde_json::Value as Json;

use super::FieldSink;
use crate::value::Value;

/// Levels of nested objects that become `outer.inner` names; what is deeper stays JSON in one field.
pub(crate) const FLATTEN_DEPTH: usize = 5;
/// The field of a value that is no object.
const WHOLE_VALUE: &str = "value";
/// What stands under [`WHOLE_VALUE`] when `Serialize` failed.
const NOT_JSON: &str = "[could not be serialized]";

/// Spreads `value` over fields: an object's members, nested objects joined with `.`, arrays as JSON; anything else under
/// `value`.
pub(crate) fn put_json(out: &mut FieldSink<'_>, value: &(impl Serialize + ?Sized)) {
    match serde_json::to_value(value) {
        Ok(Json::Object(members)) => put_members(out, &members, FLATTEN_DEPTH),
        Ok(other) => put_leaf(out, WHOLE_VALUE, &other),
        Err(_) => {
            out.count_bad_value();
            out.put(WHOLE_VALUE, Value::Str(NOT_JSON));
        }
    }
}

fn put_members(out: &mut FieldSink<'_>, members: &serde_json::Map<String, Json>, depth: usize) {
    for (key, value) in members {
        match value {
            Json::Object(inner) if depth > 1 => {
                out.prefixed(key, |out| {
                    out.prefixed(".", |out| put_members(out, inner, depth - 1));
                });
            }
            leaf => put_leaf(out, key, leaf),
        }
    }
}

fn put_leaf(out: &mut FieldSink<'_>, key: &str, leaf: &Json) {
    let value = match leaf {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::String(text) => Value::Str(text),
        Json::Number(number) => number
            .as_u64()
            .map(Value::U64)
            .or(number.as_i64().map(Value::I64))
            .or(number.as_f64().map(Value::F64))
            .unwrap_or(Value::None),
        Json::Array(_) | Json::Object(_) => Value::Json(leaf),
    };
    out.put_named(key, value);
}
