//! `traceparent`, version 00, and what may be read of later ones.

use super::{Getter, Refused, Setter, TRACEPARENT, TRACESTATE, tracestate};
use crate::event::SpanContext;

/// `00-` trace `-` parent `-` flags.
const LEN: usize = 55;
const TRACE: std::ops::Range<usize> = 3..35;
const PARENT: std::ops::Range<usize> = 36..52;
const FLAGS: std::ops::Range<usize> = 53..55;

/// The sender may have recorded the trace.
const SAMPLED: u8 = 1;
/// The trace's id was drawn at random (Level 2).
const RANDOM: u8 = 2;

/// What the two headers say. `Ok(None)`: there are none.
pub(super) fn extract(from: &dyn Getter) -> Result<Option<SpanContext>, Refused> {
    let mut read = Ok(None);
    let mut seen = false;
    from.values(TRACEPARENT, &mut |value| {
        read = if seen {
            Err("`traceparent` is there more than once")
        } else {
            parse(value).map(Some)
        };
        seen = true;
    });
    let Some(mut context) = read? else {
        return Ok(None);
    };
    tracestate::extract_into(&mut context, from);
    Ok(Some(context))
}

/// Reads the header's value.
fn parse(value: &[u8]) -> Result<SpanContext, Refused> {
    const FORM: Refused = "`traceparent` is not `00-` trace id (32 hex digits) `-` parent id (16) `-` flags (2), in lower case";
    let blanks = value.iter().take_while(|byte| is_space(**byte)).count();
    let value = &value[blanks..];
    // Of later versions only the beginning is known, and what follows must be set off.
    let (known, rest) = value.split_at_checked(LEN).ok_or(FORM)?;
    let known = std::str::from_utf8(known).map_err(|_| FORM)?;
    let dashes = [2, 35, 52].map(|at| known.as_bytes()[at]);
    let version = byte(&known.as_bytes()[..2]).ok_or(FORM)?;
    let flags = byte(&known.as_bytes()[FLAGS]).ok_or(FORM)?;
    if dashes != *b"---" {
        return Err(FORM);
    }
    let follows_form = match version {
        0xff => return Err("`traceparent` is of version ff, which is forbidden"),
        0 => is_blank(rest),
        _ => is_blank(rest) || rest.starts_with(b"-"),
    };
    let (trace_id, parent_id) = (&known[TRACE], &known[PARENT]);
    let mut context = SpanContext::of_numbers(trace_id, parent_id)
        .filter(|_| follows_form)
        .ok_or(FORM)?;
    context.sampled = Some(flags & SAMPLED != 0);
    context.is_random = flags & RANDOM != 0;
    Ok(context)
}

fn is_blank(rest: &[u8]) -> bool {
    rest.iter().all(|byte| is_space(*byte))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Two lower-case hex digits.
fn byte(digits: &[u8]) -> Option<u8> {
    let mut number = 0;
    for digit in digits {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        number = (number << 4) | value;
    }
    Some(number)
}

/// Writes the two headers of a context whose ids are hex.
pub(super) fn inject(context: &SpanContext, into: &mut dyn Setter) {
    let mut value = *b"00-00000000000000000000000000000000-0000000000000000-00";
    value[TRACE].copy_from_slice(context.trace_id().as_bytes());
    value[PARENT].copy_from_slice(context.span_id().as_bytes());
    let is_sampled = context.is_sampled();
    value[LEN - 1] += u8::from(is_sampled) * SAMPLED + u8::from(context.is_random) * RANDOM;
    into.set(TRACEPARENT, std::str::from_utf8(&value).unwrap_or_default());
    match tracestate::of(context) {
        Some(state) => into.set(TRACESTATE, &state),
        None => into.remove(TRACESTATE),
    }
}
