//! Values in a form that says their type and every bit, for the comparison with Python.

use serde_json::{Map, Value as Json, json};

/// `["i","12"]`, `["f","3fb999999999999a"]`, `["o",{…}]`, …
pub(crate) fn object(fields: &Map<String, Json>) -> Json {
    let members = fields
        .iter()
        .map(|(key, value)| (key.clone(), tagged(value)));
    json!(["o", members.collect::<Map<_, _>>()])
}

fn tagged(value: &Json) -> Json {
    match value {
        Json::Null => json!(["n"]),
        Json::Bool(value) => json!(["b", value]),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => json!(["f", format!("{:016x}", float.to_bits())]),
            None => json!(["i", number.to_string()]),
        },
        Json::String(text) => json!(["s", text]),
        Json::Array(elements) => json!(["a", elements.iter().map(tagged).collect::<Vec<_>>()]),
        Json::Object(members) => object(members),
    }
}
