//! One field: its key and its value.

use super::{digits, json};
use crate::record::Scalar;

/// The longest string the server takes, and the longest key.
pub(super) const MAX_STRING_BYTES: usize = 65_535;

/// How much of a string may go out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bytes of the string itself.
    pub(super) raw: usize,
    /// Bytes of its JSON, between the quotes.
    pub(super) encoded: usize,
}

impl Limits {
    pub(super) const SERVER: Limits = Limits {
        raw: MAX_STRING_BYTES,
        encoded: usize::MAX,
    };
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Whole,
    /// A part of its string.
    Cut,
    /// Left out: a key or a JSON value over the limit, which cannot be cut.
    TooLong,
    /// Left out: NaN or an infinity.
    NotANumber,
}

/// Whether a value can go out without anybody looking at its length again.
#[inline]
pub(super) fn is_short(value: Scalar) -> bool {
    match value {
        Scalar::Text(span) | Scalar::Json(span) => span.len as usize <= MAX_STRING_BYTES,
        _ => true,
    }
}

/// Appends `"key":value,` with nothing cut; false when it was left out, because JSON has no such number.
#[inline]
pub(super) fn whole(out: &mut Vec<u8>, key: &str, value: Scalar, text: &str) -> bool {
    let start = out.len();
    json::string(out, key);
    out.push(b':');
    let is_json = bare(out, value, text);
    if is_json {
        out.push(b',');
    } else {
        out.truncate(start);
    }
    is_json
}

/// As [`whole`], within limits, under a key that gets `prefix` in front.
pub(super) fn limited(
    out: &mut Vec<u8>,
    (prefix, key): (&str, &str),
    value: Scalar,
    text: &str,
    limits: Limits,
) -> Written {
    let start = out.len();
    if prefix.len() + key.len() > limits.raw {
        return Written::TooLong;
    }
    json::prefixed_string(out, prefix, key);
    out.push(b':');
    let written = match value {
        Scalar::Text(span) => {
            let string = span.of(text);
            let taken = json::string_cut(out, string, limits.raw, limits.encoded);
            if taken == string.len() {
                Written::Whole
            } else {
                Written::Cut
            }
        }
        Scalar::Json(span) if span.len as usize > limits.raw => Written::TooLong,
        short if bare(out, short, text) => Written::Whole,
        _ => Written::NotANumber,
    };
    match written {
        Written::Whole | Written::Cut => out.push(b','),
        Written::TooLong | Written::NotANumber => out.truncate(start),
    }
    written
}

/// Appends the value alone; false, and nothing, for a number that JSON cannot say.
#[inline]
pub(super) fn bare(out: &mut Vec<u8>, value: Scalar, text: &str) -> bool {
    match value {
        Scalar::Null => out.extend_from_slice(b"null"),
        Scalar::Bool(true) => out.extend_from_slice(b"true"),
        Scalar::Bool(false) => out.extend_from_slice(b"false"),
        Scalar::I64(value) => digits::signed(out, value),
        Scalar::U64(value) => digits::unsigned(out, value),
        Scalar::F32(value) => return json::float32(out, value),
        Scalar::F64(value) => return json::float(out, value),
        Scalar::Text(span) => json::string(out, span.of(text)),
        Scalar::Json(span) => out.extend_from_slice(span.of(text).as_bytes()),
    }
    true
}
