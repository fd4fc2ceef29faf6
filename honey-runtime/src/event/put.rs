//! Adding one field: a function for each common kind of value, so that the choice is made where the kind is known, when the caller is
//! compiled.

use std::borrow::Cow;

use super::cell::OpenCell;
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
            return put_other(
                self.cell,
                self.generation,
                self.context.client,
                &key,
                &value,
            );
        };
        match value {
            Value::None => {}
            Value::Bool(value) => self.put_here(name, value, put_bool),
            Value::I64(value) => self.put_here(name, value, put_i64),
            Value::U64(value) => self.put_here(name, value, put_u64),
            Value::F64(value) => self.put_here(name, value, put_f64),
            Value::Str(text) => self.put_here(name, text, put_text),
            other => put_other(
                self.cell,
                self.generation,
                self.context.client,
                &key,
                &other,
            ),
        }
    }

    /// Lets `put` look for the event among those that are open here. All in the caller's own code, down to the thread's state, which
    /// programs find faster than libraries do; and piece by piece, so that a handle that is made for one field only is never in memory.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `put`")]
    fn put_here<T: Copy>(&self, key: &'static str, value: T, put: Put<T>) {
        let is_inside = isolate::is_inside();
        let _ = Local::look(|local| {
            let local = (!is_inside).then_some(local);
            put(
                local,
                self.cell,
                self.generation,
                key,
                value,
                self.context.client,
            );
        });
    }
}

/// Puts a field of one kind into the event, if it is the innermost one that is open here, as it nearly always is; else the slow way does.
/// Without the thread's state nothing is open here.
type Put<T> = fn(Option<&Local>, &'static OpenCell, u64, &'static str, T, u64);

/// For each kind four functions: to an event in hand and to one that may be elsewhere, each the way that is nearly always taken, and the
/// other, which stands out of its way.
macro_rules! kinds {
    ($($own:ident or $own_anyhow:ident, $put:ident or $elsewhere:ident: $kind:ty => $variant:path, |$event:ident, $key:ident, $value:ident| $within:expr;)+) => {$(
        #[inline(never)]
        fn $own($event: &mut OpenEvent, $key: &'static str, $value: $kind) {
            if !$within {
                $own_anyhow($event, $key, $value);
            }
        }

        #[cold]
        fn $own_anyhow(event: &mut OpenEvent, key: &'static str, value: $kind) {
            own_other(event, &Key::from(key), &$variant(value));
        }

        #[inline(never)]
        fn $put(
            local: Option<&Local>,
            cell: &'static OpenCell,
            generation: u64,
            $key: &'static str,
            $value: $kind,
            client: u64,
        ) {
            if !put_at_top(local, cell, generation, |$event| $within) {
                $elsewhere(cell, generation, $key, $value, client);
            }
        }

        #[cold]
        fn $elsewhere(
            cell: &'static OpenCell,
            generation: u64,
            key: &'static str,
            value: $kind,
            client: u64,
        ) {
            put_other(cell, generation, client, &Key::from(key), &$variant(value));
        }
    )+};
}

kinds! {
    own_bool or own_bool_anyhow, put_bool or put_bool_elsewhere: bool => Value::Bool, |event, key, value| {
        event.put_within(key, Scalar::Bool(value))
    };
    own_i64 or own_i64_anyhow, put_i64 or put_i64_elsewhere: i64 => Value::I64, |event, key, value| {
        event.put_within(key, Scalar::I64(value))
    };
    own_u64 or own_u64_anyhow, put_u64 or put_u64_elsewhere: u64 => Value::U64, |event, key, value| {
        event.put_within(key, Scalar::U64(value))
    };
    own_f64 or own_f64_anyhow, put_f64 or put_f64_elsewhere: f64 => Value::F64, |event, key, value| {
        value.is_finite() && event.put_within(key, Scalar::F64(value))
    };
    own_text or own_text_anyhow, put_text or put_text_elsewhere: &str => Value::Str, |event, key, value| {
        event.put_text_within(key, value)
    };
}

#[inline]
fn put_at_top(
    local: Option<&Local>,
    cell: &'static OpenCell,
    generation: u64,
    put: impl FnOnce(&mut OpenEvent) -> bool,
) -> bool {
    local.is_some_and(|local| local.with_top(cell, generation, put))
}

#[inline(never)]
fn put_other(cell: &'static OpenCell, generation: u64, client: u64, key: &Key, value: &Value<'_>) {
    let edit = |edit: Edit<'_>| edit_event(cell, generation, client, edit);
    if value.is_plain() {
        edit(Edit::Field(key, *value));
    } else {
        aside_value(key, *value, edit);
    }
}
