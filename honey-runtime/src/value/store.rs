//! Copying a value into a buffer: the one place where user formatting code runs.

use std::fmt::{self, Write as _};

use super::{ToJson, Value};
use crate::isolate;
use crate::record::{Arena, FieldBuffer, KeyRef, Scalar};

/// What stands in a field whose `Display`, `Debug` or `Serialize` panicked.
const PANICKED: &str = "[panicked while being recorded]";
/// What stands in a field whose `Serialize` failed.
const NOT_JSON: &str = "[could not be serialized]";

/// What went wrong while values were copied; goes into the client's counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) user_panics: u64,
    pub(crate) bad_values: u64,
    pub(crate) refused_fields: u64,
}

impl Trouble {
    pub(crate) const NONE: Self = Self {
        user_panics: 0,
        bad_values: 0,
        refused_fields: 0,
    };

    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.user_panics += other.user_panics;
        self.bad_values += other.bad_values;
        self.refused_fields += other.refused_fields;
    }
}

/// Adds `key` with `value` to `buffer`. A text value is formatted straight into the buffer's arena: user code may run, so
/// `buffer` must be one that user code cannot reach, unless [`Value::is_plain`].
pub(crate) fn put(buffer: &mut FieldBuffer, key: KeyRef, value: Value<'_>, trouble: &mut Trouble) {
    let scalar = match value {
        Value::None => return,
        Value::Null => Some(Scalar::Null),
        Value::Bool(value) => Some(Scalar::Bool(value)),
        Value::I64(value) => Some(Scalar::I64(value)),
        Value::U64(value) => Some(Scalar::U64(value)),
        Value::F32(value) if value.is_finite() => Some(Scalar::F32(value)),
        Value::F64(value) if value.is_finite() => Some(Scalar::F64(value)),
        Value::F32(_) | Value::F64(_) => {
            trouble.bad_values += 1;
            return;
        }
        Value::Str(text) => buffer.store(text).map(Scalar::Text),
        formatted => format(buffer, formatted, trouble),
    };
    let stored = scalar.is_some_and(|scalar| buffer.push(key, scalar));
    if !stored {
        trouble.refused_fields += 1;
    }
}

impl Value<'_> {
    /// Whether copying this value runs no code but ours.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        !matches!(self, Value::Display(_) | Value::Debug(_) | Value::Json(_))
    }
}

#[inline(never)]
fn format(buffer: &mut FieldBuffer, value: Value<'_>, trouble: &mut Trouble) -> Option<Scalar> {
    match value {
        Value::I128(value) => match i64::try_from(value) {
            Ok(value) => Some(Scalar::I64(value)),
            Err(_) => buffer.store(&value.to_string()).map(Scalar::Text),
        },
        Value::U128(value) => match u64::try_from(value) {
            Ok(value) => Some(Scalar::U64(value)),
            Err(_) => buffer.store(&value.to_string()).map(Scalar::Text),
        },
        Value::Path(path) => buffer.store(&path.to_string_lossy()).map(Scalar::Text),
        Value::Display(value) => text(buffer, trouble, |out| write!(out, "{value}")),
        Value::Debug(value) => text(buffer, trouble, |out| write!(out, "{value:?}")),
        Value::Json(value) => json(buffer, trouble, value),
        _ => None,
    }
}

/// Text by user code. What a failing `fmt` wrote before it failed stays: half a text says more than none.
fn text(
    buffer: &mut FieldBuffer,
    trouble: &mut Trouble,
    write: impl FnOnce(&mut Arena<'_>) -> fmt::Result,
) -> Option<Scalar> {
    let (result, span) = buffer.write(|out| isolate::run(|| write(out)));
    if result.is_some() {
        return Some(Scalar::Text(span));
    }
    trouble.user_panics += 1;
    buffer.replace(span, PANICKED).map(Scalar::Text)
}

fn json(buffer: &mut FieldBuffer, trouble: &mut Trouble, value: &dyn ToJson) -> Option<Scalar> {
    let (result, span) = buffer.write(|out| isolate::run(|| value.write_json(out)));
    let marker = match result {
        Some(Ok(())) => return Some(Scalar::Json(span)),
        Some(Err(_)) => {
            trouble.bad_values += 1;
            NOT_JSON
        }
        None => {
            trouble.user_panics += 1;
            PANICKED
        }
    };
    buffer.replace(span, marker).map(Scalar::Text)
}
