//! Ways to say how a value becomes a field, when its type does not say it.

use std::fmt::{Debug, Display};
use std::time::Duration;

use serde::Serialize;

use super::{ToField, Value};

/// Records by `Display`; see [`display`].
#[derive(Debug, Clone, Copy)]
pub struct AsDisplay<'a, T: ?Sized>(&'a T);

/// Records by `Debug`; see [`debug`].
#[derive(Debug, Clone, Copy)]
pub struct AsDebug<'a, T: ?Sized>(&'a T);

/// Records as JSON; see [`json`].
#[derive(Debug, Clone, Copy)]
pub struct AsJson<'a, T: ?Sized>(&'a T);

/// A duration in milliseconds; see [`ms`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Millis(f64);

/// The value's `Display` text, formatted when it is recorded.
///
/// ```
/// # let version = std::net::Ipv4Addr::LOCALHOST;
/// honey::current().add_field("peer", honey::display(&version));
/// ```
#[must_use]
pub fn display<T: Display + ?Sized>(value: &T) -> AsDisplay<'_, T> {
    AsDisplay(value)
}

/// The value's `Debug` text, formatted when it is recorded.
///
/// ```
/// honey::current().add_field("items", honey::debug(&["tea", "cup"]));
/// ```
#[must_use]
pub fn debug<T: Debug + ?Sized>(value: &T) -> AsDebug<'_, T> {
    AsDebug(value)
}

/// The value as JSON, by `Serialize`, in one field; Honeycomb shows objects and arrays as text. To spread a struct over fields
/// use `add_json`.
///
/// A key that an object names twice keeps its last value. A value of more than 100 levels, which servers could not read, and one
/// whose `Serialize` fails become the text `[could not be serialized]`, and are counted (`Stats::bad_values`).
///
/// ```
/// honey::current().add_field("items", honey::json(&["tea", "cup"]));
/// ```
#[must_use]
pub fn json<T: Serialize + ?Sized>(value: &T) -> AsJson<'_, T> {
    AsJson(value)
}

/// A duration as milliseconds, a float: say the unit in the key, e.g. `db.duration_ms`.
///
/// ```
/// use std::time::Duration;
/// honey::current().add_field("db.wait_ms", honey::ms(Duration::from_micros(1500))); // 1.5
/// ```
#[must_use]
pub fn ms(duration: Duration) -> Millis {
    Millis(in_units_of(1e6, duration))
}

/// One division gives the shortest text: 5.065039, not 5.0650390000000005.
#[expect(
    clippy::cast_precision_loss,
    reason = "nanoseconds are exact up to 104 days"
)]
pub(crate) fn in_units_of(ns_per_unit: f64, duration: Duration) -> f64 {
    duration.as_nanos() as f64 / ns_per_unit
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> ToField for AsDisplay<'_, T> {
    fn to_field(&self) -> Value<'_> {
        Value::Display(&self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Debug + ?Sized> ToField for AsDebug<'_, T> {
    fn to_field(&self) -> Value<'_> {
        Value::Debug(&self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> ToField for AsJson<'_, T> {
    fn to_field(&self) -> Value<'_> {
        Value::Json(&self.0)
    }
}

#[diagnostic::do_not_recommend]
impl ToField for Millis {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        Value::F64(self.0)
    }
}
