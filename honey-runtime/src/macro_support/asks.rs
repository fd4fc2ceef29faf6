//! What generated code asks of the types it records.
//!
//! These stand between the generated code and the public traits, so that an error says what to write in that very place, and
//! does not list all the other types of the program that would have done.

use std::fmt::{Debug, Display};

use serde::Serialize;

use crate::fields::{FieldSink, HoneyFields};
use crate::value::{ToField, Value};

/// A field of `#[honey::event]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as a Honeycomb field",
    label = "write `?name` (Debug), `%name` (Display), `name = expr`, or derive `HoneyFields` and use `..name`"
)]
pub trait IsField {
    /// The value as a field.
    fn field(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: ToField + ?Sized> IsField for T {
    #[inline]
    fn field(&self) -> Value<'_> {
        self.to_field()
    }
}

/// A field of a derive.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as a Honeycomb field",
    label = "write `#[honey(debug)]`, `display`, `len`, `json`, `with = path`, `flatten`, `unit = ms` (a `Duration`) or `skip`"
)]
pub trait IsDerivedField {
    /// The value as a field.
    fn field(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: ToField + ?Sized> IsDerivedField for T {
    #[inline]
    fn field(&self) -> Value<'_> {
        self.to_field()
    }
}

/// Many fields: `..expr`, `flatten`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `HoneyFields`; add `#[derive(HoneyFields)]`",
    label = "not a set of fields",
    note = "if it has the derive already, one of its type parameters cannot be recorded"
)]
pub trait IsFields {
    /// The same without its type.
    fn fields(&self) -> &dyn HoneyFields
    where
        Self: Sized;

    /// Records them.
    fn record_in(&self, sink: &mut FieldSink<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: HoneyFields + ?Sized> IsFields for T {
    #[inline]
    fn fields(&self) -> &dyn HoneyFields
    where
        Self: Sized,
    {
        self
    }

    #[inline]
    fn record_in(&self, sink: &mut FieldSink<'_>) {
        self.record(sink);
    }
}

/// For `%` and `display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Display`; record its `Debug` (`?name`, `debug`) or something of it (`name = expr`, `with = path`)",
    label = "no `Display`"
)]
pub trait HasDisplay {
    /// The text, not yet made.
    fn display(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Display> HasDisplay for T {
    #[inline]
    fn display(&self) -> Value<'_> {
        Value::Display(self)
    }
}

/// For `?` and `debug`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Debug`; add `#[derive(Debug)]`, or record something of it (`name = expr`, `with = path`)",
    label = "no `Debug`"
)]
pub trait HasDebug {
    /// The text, not yet made.
    fn debug(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Debug> HasDebug for T {
    #[inline]
    fn debug(&self) -> Value<'_> {
        Value::Debug(self)
    }
}

/// For `json`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Serialize`; add `#[derive(serde::Serialize)]`, or use `debug`, `display` or `with = path`",
    label = "no `Serialize`"
)]
pub trait HasSerialize {
    /// The text, not yet made.
    fn json(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> HasSerialize for T {
    #[inline]
    fn json(&self) -> Value<'_> {
        Value::Json(self)
    }
}
