//! Adding one field: a function for each common kind of value, so that the choice is made where the kind is known, when the caller is
//! compiled.

use std::borrow::Cow;

use super::context::Target;
use super::edit::{Edit, aside_value};
use super::handle::edit_event;
use super::local::Local;
use super::open::OpenEvent;
use crate::isolate;
use crate::record::Scalar;
use crate::value::{Key, Value};

/// Adds a field to an event that its owner has in hand.
#[inline(always)]
#[expect(
    clippy::inline_always,
    clippy::needless_pass_by_value,
    reason = "the choice costs more than adding does, and a key in registers less than one in memory"
)]
pub(super) fn put_own(event: &mut OpenEvent, key: Key, value: Value<'_>) {
    let Cow::Borrowed(name) = key.0 else {
        return own_other(event, &key, &value);
    };
    match value {
        Value::None => {}
        Value::Bool(value) => own_bool(event, name, value),
        Value::I64(value) => own_i64(event, name, value),
        Value::U64(value) => own_u64(event, name, value),
        Value::F64(value) => own_f64(event, name, value),
        Value::Str(text) => own_text(event, name, text),
        other => own_other(event, &key, &other),
    }
}

#[inline(never)]
fn own_bool(event: &mut OpenEvent, key: &'static str, value: bool) {
    event.put_scalar(key, Scalar::Bool(value));
}

#[inline(never)]
fn own_i64(event: &mut OpenEvent, key: &'static str, value: i64) {
    event.put_scalar(key, Scalar::I64(value));
}

#[inline(never)]
fn own_u64(event: &mut OpenEvent, key: &'static str, value: u64) {
    event.put_scalar(key, Scalar::U64(value));
}

#[inline(never)]
fn own_f64(event: &mut OpenEvent, key: &'static str, value: f64) {
    event.put_f64(key, value);
}

#[inline(never)]
fn own_text(event: &mut OpenEvent, key: &'static str, text: &str) {
    event.put_text(key, text);
}

#[inline(never)]
fn own_other(event: &mut OpenEvent, key: &Key, value: &Value<'_>) {
    if value.is_plain() {
        event.put(key, *value);
    } else {
        aside_value(key, *value, |edit| event.apply(edit));
    }
}

impl Target {
    /// Adds a field to an event that may be open here, or elsewhere, or not any more.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        clippy::needless_pass_by_value,
        reason = "the choice costs more than adding does, and a key in registers less than one in memory"
    )]
    pub(super) fn put(&self, key: Key, value: Value<'_>) {
        let Cow::Borrowed(name) = key.0 else {
            return put_other(self, &key, &value);
        };
        match value {
            Value::None => {}
            Value::Bool(value) => put_bool(self, name, value),
            Value::I64(value) => put_i64(self, name, value),
            Value::U64(value) => put_u64(self, name, value),
            Value::F64(value) => put_f64(self, name, value),
            Value::Str(text) => put_text(self, name, text),
            other => put_other(self, &key, &other),
        }
    }
}

#[inline(never)]
fn put_bool(to: &Target, key: &'static str, value: bool) {
    if !put_here(to, |event| event.put_within(key, Scalar::Bool(value))) {
        put_static(to, key, &Value::Bool(value));
    }
}

#[inline(never)]
fn put_i64(to: &Target, key: &'static str, value: i64) {
    if !put_here(to, |event| event.put_within(key, Scalar::I64(value))) {
        put_static(to, key, &Value::I64(value));
    }
}

#[inline(never)]
fn put_u64(to: &Target, key: &'static str, value: u64) {
    if !put_here(to, |event| event.put_within(key, Scalar::U64(value))) {
        put_static(to, key, &Value::U64(value));
    }
}

#[inline(never)]
fn put_f64(to: &Target, key: &'static str, value: f64) {
    if !put_here(to, |event| {
        value.is_finite() && event.put_within(key, Scalar::F64(value))
    }) {
        put_static(to, key, &Value::F64(value));
    }
}

#[inline(never)]
fn put_text(to: &Target, key: &'static str, text: &str) {
    if !put_here(to, |event| event.put_text_within(key, text)) {
        put_static(to, key, &Value::Str(text));
    }
}

/// Lends the event, if it is the innermost one that is open here, which it nearly always is. False: nothing was put, so that the
/// slow way has to; nothing slow is called from `put`, which keeps what is saved around calls out of the common case.
#[inline]
fn put_here(to: &Target, put: impl FnOnce(&mut OpenEvent) -> bool) -> bool {
    !isolate::is_inside() && Local::look(|local| local.with_top(to, put)) == Some(true)
}

#[cold]
fn put_static(to: &Target, key: &'static str, value: &Value<'_>) {
    put_other(to, &Key::from(key), value);
}

#[inline(never)]
fn put_other(to: &Target, key: &Key, value: &Value<'_>) {
    let edit = |edit: Edit<'_>| edit_event(to.cell, to.generation, to.context.client, edit);
    if value.is_plain() {
        edit(Edit::Field(key, *value));
    } else {
        aside_value(key, *value, edit);
    }
}
