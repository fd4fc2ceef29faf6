//! What a field may hold, and how a Rust value becomes it.

mod impls;
mod json;
mod key;
mod redact;
mod secret;
mod store;
mod wrappers;

use std::fmt::{Debug, Display};
use std::path::Path;

pub(crate) use json::{Embedded, MAX_DEPTH, Open, Token, key_text, serialize_parts};
pub use json::{JsonWriter, ToJson};
pub use key::Key;
pub(crate) use redact::Hashed;
pub use redact::set_redaction_key;
pub use secret::Secret;
pub(crate) use store::{NOT_JSON, Trouble, put};
pub(crate) use wrappers::in_units_of;
pub use wrappers::{AsDebug, AsDisplay, AsJson, Millis, debug, display, json, ms};

/// A field's value, borrowed from whoever records it. honey copies or formats it at once.
///
/// Users rarely name this type: they hand over anything that is [`ToField`].
///
/// ```
/// use honey::{ToField, Value};
///
/// struct Celsius(f64);
///
/// impl ToField for Celsius {
///     fn to_field(&self) -> Value<'_> {
///         Value::F64(self.0)
///     }
/// }
///
/// honey::current().add_field("oven.celsius", Celsius(180.0));
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Nothing: the field is left out, and an earlier value stays.
    None,
    /// JSON `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer; always a JSON integer.
    I64(i64),
    /// An unsigned integer; always a JSON integer, to its full width.
    U64(u64),
    /// A signed integer; a JSON integer when it fits 64 bits, else a string.
    I128(i128),
    /// An unsigned integer; a JSON integer when it fits 64 bits, else a string.
    U128(u128),
    /// A float in its own shortest form; NaN and infinities are left out and counted.
    F32(f32),
    /// A float in its shortest form; NaN and infinities are left out and counted.
    F64(f64),
    /// Text.
    Str(&'a str),
    /// Text made by `Display`, at once.
    Display(&'a dyn Display),
    /// Text made by `Debug`, at once.
    Debug(&'a dyn Debug),
    /// A path as text; what is not Unicode is replaced.
    Path(&'a Path),
    /// JSON made by `Serialize`, at once.
    Json(&'a dyn ToJson),
}

/// A value that can be one Honeycomb field.
///
/// Implemented for `bool`, all integers, floats, strings, `char`, IP and socket addresses, paths, `Option` (`None` records
/// nothing) and references and smart pointers to these. Not for `Duration` (say the unit: [`ms`]), nor for collections (say
/// what you want of them: `.len()`, [`debug`], [`json`]).
///
/// ```
/// use honey::{ToField, Value};
///
/// struct Celsius(f64);
///
/// impl ToField for Celsius {
///     fn to_field(&self) -> Value<'_> {
///         Value::F64(self.0)
///     }
/// }
///
/// honey::current().add_field("oven.temperature", Celsius(180.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as a Honeycomb field",
    label = "write `honey::debug(&value)`, `honey::display(&value)`, `honey::json(&value)`, `honey::ms(duration)`, or something of it"
)]
pub trait ToField {
    /// The value as a field.
    fn to_field(&self) -> Value<'_>;
}
