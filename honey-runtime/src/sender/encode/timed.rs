//! The automatic fields of a timed event.

use super::value::Limits;
use super::{digits, json};
use crate::record::{OutsideIds, Shape, SpanId, Timed};
use crate::response::Ending;

/// The strings in them that may be long, and how many bytes of each were taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) name: usize,
    /// `None` without a message.
    pub(super) message: Option<usize>,
}

/// How many fields [`append`] sets.
pub(super) fn fields(timed: &Timed, outside: Option<&OutsideIds>, shape: Shape) -> usize {
    const ALWAYS: usize = 3;
    let failure = match timed.ending {
        Ending::Ok | Ending::Cancelled => 0,
        Ending::Error => 1 + usize::from(timed.error_type.is_some()),
        Ending::Panic => 2,
    };
    let message = usize::from(failure > 0 && timed.error_message.is_some());
    let place = if shape.trace_fields {
        let outside_parent = outside.is_some_and(|ids| ids.parent.is_some());
        3 + usize::from(timed.parent_id.is_some() || outside_parent)
    } else {
        0
    };
    ALWAYS + failure + message + place
}

/// Appends the automatic fields, each with a comma after it.
pub(super) fn append(
    out: &mut Vec<u8>,
    timed: &Timed,
    outside: Option<&OutsideIds>,
    text: &str,
    limits: Limits,
    shape: Shape,
) -> Taken {
    out.extend_from_slice(br#""name":"#);
    let name = capped(out, timed.name.of(text), limits);
    out.extend_from_slice(br#","duration_ms":"#);
    milliseconds(out, timed.duration_ns);
    out.extend_from_slice(br#","outcome":""#);
    out.extend_from_slice(timed.ending.as_str().as_bytes());
    out.extend_from_slice(br#"","#);
    let message = failure(out, timed, text, limits);
    if shape.trace_fields {
        match outside {
            None => place_in_trace(out, timed),
            Some(ids) => place_in_outside_trace(out, timed, ids),
        }
    }
    Taken { name, message }
}

fn place_in_trace(out: &mut Vec<u8>, timed: &Timed) {
    // Pieces of sizes that are known, with the digits written in their place.
    let ids = br#""trace.trace_id":"00000000000000000000000000000000","trace.span_id":"0000000000000000","#;
    if let Some(ids) = appended(out, ids) {
        place(ids, TRACE_ID_AT, |digits| timed.trace_id.write_hex(digits));
        place(ids, SPAN_ID_AT, |digits| timed.span_id.write_hex(digits));
    }
    if let Some(parent) = timed.parent_id {
        let id = br#""trace.parent_id":"0000000000000000","#;
        if let Some(id) = appended(out, id) {
            place(id, PARENT_ID_AT, |digits| parent.write_hex(digits));
        }
    }
    out.extend_from_slice(br#""meta.signal_type":"trace","#);
}

/// Appends a piece; lends it where it stands now.
#[inline]
fn appended<'a, const N: usize>(out: &'a mut Vec<u8>, piece: &[u8; N]) -> Option<&'a mut [u8; N]> {
    out.extend_from_slice(piece);
    out.last_chunk_mut()
}

/// Lends a part of a piece to be written.
#[inline]
fn place<const N: usize>(piece: &mut [u8], at: usize, write: impl FnOnce(&mut [u8; N])) {
    if let Some(part) = piece.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        write(part);
    }
}

/// The same where ids came in from outside as texts of their own.
#[cold]
fn place_in_outside_trace(out: &mut Vec<u8>, timed: &Timed, ids: &OutsideIds) {
    out.extend_from_slice(br#""trace.trace_id":"#);
    outside_id(out, ids.trace.as_deref(), &timed.trace_id.hex());
    out.extend_from_slice(br#","trace.span_id":""#);
    out.extend_from_slice(&timed.span_id.hex());
    out.push(b'"');
    let parent = timed.parent_id.map(SpanId::hex);
    if ids.parent.is_some() || parent.is_some() {
        out.extend_from_slice(br#","trace.parent_id":"#);
        outside_id(out, ids.parent.as_deref(), &parent.unwrap_or_default());
    }
    out.extend_from_slice(br#","meta.signal_type":"trace","#);
}

fn outside_id(out: &mut Vec<u8>, text: Option<&str>, hex: &[u8]) {
    if let Some(text) = text {
        return json::string(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(hex);
    out.push(b'"');
}
const TRACE_ID_AT: usize = br#""trace.trace_id":""#.len();
const SPAN_ID_AT: usize = TRACE_ID_AT + 32 + br#"","trace.span_id":""#.len();
const PARENT_ID_AT: usize = br#""trace.parent_id":""#.len();

/// `error` and what goes with it. Its mere presence counts as an error at some servers, so it is there only when there was one.
fn failure(out: &mut Vec<u8>, timed: &Timed, text: &str, limits: Limits) -> Option<usize> {
    let kind = match timed.ending {
        Ending::Ok | Ending::Cancelled => return None,
        Ending::Error => timed.error_type,
        Ending::Panic => Some(timed.error_type.unwrap_or("panic")),
    };
    out.extend_from_slice(br#""error":true,"#);
    if let Some(kind) = kind {
        out.extend_from_slice(br#""error.type":"#);
        json::string_cut(out, kind, limits.raw, usize::MAX);
        out.push(b',');
    }
    let message = timed.error_message?;
    out.extend_from_slice(br#""error.message":"#);
    let taken = capped(out, message.of(text), limits);
    out.push(b',');
    Some(taken)
}

fn capped(out: &mut Vec<u8>, string: &str, limits: Limits) -> usize {
    if string.len() <= limits.raw && limits.encoded == usize::MAX {
        json::string(out, string);
        return string.len();
    }
    json::string_cut(out, string, limits.raw, limits.encoded)
}

/// A duration in milliseconds with all its nanoseconds: exact, and cheaper than a float's shortest digits.
fn milliseconds(out: &mut Vec<u8>, ns: u64) {
    const NS_PER_MS: u64 = 1_000_000;
    digits::unsigned(out, ns / NS_PER_MS);
    digits::millionths(out, ns % NS_PER_MS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_floats_with_all_their_nanoseconds() {
        for (ns, expected) in [
            (0, "0.0"),
            (1, "0.000001"),
            (1_500_000, "1.5"),
            (12_000_000, "12.0"),
            (1_234_567_890, "1234.56789"),
            (u64::MAX, "18446744073709.551615"),
        ] {
            let mut out = Vec::new();
            milliseconds(&mut out, ns);
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }
}
