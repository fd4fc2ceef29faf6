//! What annotated functions emit. Every test sees its own events only: no globals, no network, no sleeping.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and panics are what some of these are about"
)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::struct_field_names,
    clippy::trivially_copy_pass_by_ref,
    clippy::manual_is_multiple_of,
    reason = "annotated functions and derived structs as people write them"
)]

mod capturing;
mod derives;
mod fields;
mod futures;
mod handles;
mod matrix;
mod outcomes;
mod propagation;
mod rollups;
mod traces;

/// The text of a field, or the empty text.
fn text<'a>(event: &'a honey::testing::CapturedEvent, key: &str) -> &'a str {
    event
        .field(key)
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
}
