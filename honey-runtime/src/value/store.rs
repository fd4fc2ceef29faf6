//! Copying a value into a buffer: the one place where user formatting code runs.

use std::fmt::{self, Write as _};

use super::{JsonWriter, ToJson, Value};
use crate::isolate;
use crate::record::{Arena, FieldBuffer, KeyRef, Scalar};

/// What stands in a field whose `Display`, `Debug` or `Serialize` panicked.
const PANICKED: &str = "[panicked while being recorded]";
/// What stands in a field whose `Serialize` failed.
pub(crate) const NOT_JSON: &str = "[could not be serialized]";

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
        Value::Json(value) => return put_json(buffer, key, value, trouble),
        formatted => format(buffer, formatted, trouble),
    };
    push(buffer, key, scalar, trouble);
}

#[inline]
pub(super) fn push(
    buffer: &mut FieldBuffer,
    key: KeyRef,
    scalar: Option<Scalar>,
    trouble: &mut Trouble,
) {
    let is_stored = scalar.is_some_and(|scalar| buffer.push(key, scalar));
    if !is_stored {
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

/// JSON by user code. What has no JSON, such as NaN, is left out and counted.
#[inline(never)]
fn put_json(buffer: &mut FieldBuffer, key: KeyRef, value: &dyn ToJson, trouble: &mut Trouble) {
    let start = buffer.text_len();
    let result = isolate::run(|| {
        let mut writer = JsonWriter::new(buffer, trouble);
        value.write_json(&mut writer).map(|()| writer.written())
    });
    let scalar = match result {
        Some(Ok(None)) => return,
        Some(Ok(Some(written))) => Some(Scalar::Json(written)),
        Some(Err(_)) => {
            trouble.bad_values += 1;
            buffer
                .replace(buffer.span_from(start), NOT_JSON)
                .map(Scalar::Text)
        }
        None => {
            trouble.user_panics += 1;
            buffer
                .replace(buffer.span_from(start), PANICKED)
                .map(Scalar::Text)
        }
    };
    push(buffer, key, scalar, trouble);
}
