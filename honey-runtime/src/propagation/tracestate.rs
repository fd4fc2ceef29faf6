//! `tracestate`: members of several vendors, passed on as they came, and honey's own: the rate at which the trace is kept. Of the others
//! OpenTelemetry's says so too.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use super::{Getter, TRACESTATE};
use crate::event::{Along, SpanContext};

/// Members of a list, at most.
const MAX_MEMBERS: usize = 32;
/// Characters of a key, and of a value, at most.
const MAX_PART: usize = 256;
/// Characters of a list that are passed on: what everybody has to.
const MAX_PASSED_ON: usize = 512;
/// Members longer than this are the first to go when a list is too long.
const LONG_MEMBER: usize = 128;
/// A list of several headers longer than this is not looked at.
const MAX_READ: usize = 32 * 1024;

/// Honey's own member: `honey=rate:10`.
const OWN_KEY: &str = "honey";
const RATE: &str = "rate:";

/// OpenTelemetry's member: `ot=th:c;rv:…`, <https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/>.
const OTEL_KEY: &str = "ot";
const THRESHOLD: &str = "th:";
/// Hex digits of a threshold; trailing zeros are left out.
const THRESHOLD_DIGITS: usize = 14;
/// What all of them can say.
const THRESHOLDS: u64 = 1 << (4 * THRESHOLD_DIGITS);

/// Takes over the list, unless it is not one: then all of it is left out, as the specification wants it.
pub(super) fn extract_into(context: &mut SpanContext, from: &dyn Getter) {
    let mut list = Some(List::default());
    from.values(TRACESTATE, &mut |value| {
        list = list.take().and_then(|list| list.with(value));
    });
    let Some(list) = list else { return };
    context.sample_rate = list.rate.unwrap_or(1);
    // Of a trace that is not sampled it says nothing.
    if context.is_sampled() {
        context.rate_of_others = list.otel_rate.unwrap_or(1);
    }
    if !list.members.is_empty() {
        let along = context.along.get_or_insert_default();
        Arc::make_mut(along).trace_state = list.passed_on();
    }
}

/// The members of all headers, in order; without honey's own.
#[derive(Default)]
struct List {
    members: Vec<String>,
    rate: Option<u32>,
    otel_rate: Option<u32>,
    count: usize,
    read: usize,
}

impl List {
    /// With those of one more header; `None` when it is no list.
    fn with(mut self, value: &[u8]) -> Option<Self> {
        self.read += value.len();
        if self.read > MAX_READ {
            return None;
        }
        let value = std::str::from_utf8(value).ok()?;
        for member in value.split(',') {
            let member = member.trim_matches([' ', '\t']);
            if !member.is_empty() {
                self.add(member)?;
            }
        }
        Some(self)
    }

    fn add(&mut self, member: &str) -> Option<()> {
        self.count += 1;
        let (key, value) = member.split_once('=')?;
        if self.count > MAX_MEMBERS || !is_key(key) || !is_value(value) {
            return None;
        }
        let is_twice = self
            .members
            .iter()
            .any(|known| known.split('=').next() == Some(key));
        if is_twice || (key == OWN_KEY && self.rate.is_some()) {
            return None;
        }
        if key == OWN_KEY {
            let rate = value
                .strip_prefix(RATE)
                .and_then(|rate| rate.parse::<u32>().ok());
            self.rate = Some(rate.unwrap_or(1).max(1));
        } else {
            if key == OTEL_KEY {
                self.otel_rate = otel_rate(value);
            }
            self.members.push(member.to_owned());
        }
        Some(())
    }

    /// As one header's value, in the length that is passed on.
    fn passed_on(mut self) -> String {
        let is_short = |members: &[String]| {
            members.iter().map(|member| member.len() + 1).sum::<usize>() <= MAX_PASSED_ON + 1
        };
        if !is_short(&self.members) {
            self.members.retain(|member| member.len() <= LONG_MEMBER);
        }
        while !is_short(&self.members) {
            self.members.pop();
        }
        self.members.join(",")
    }
}

/// 1 in how many traces OpenTelemetry kept: those whose random number, of 56 bits, is at least the threshold. To the next whole number.
fn otel_rate(value: &str) -> Option<u32> {
    let digits = value
        .split(';')
        .find_map(|part| part.strip_prefix(THRESHOLD))?;
    let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    if !(1..=THRESHOLD_DIGITS).contains(&digits.len()) || !digits.bytes().all(is_hex) {
        return None;
    }
    let places = u32::try_from(4 * (THRESHOLD_DIGITS - digits.len())).ok()?;
    let threshold = u64::from_str_radix(digits, 16).ok()? << places;
    let kept = THRESHOLDS - threshold;
    let rate = (THRESHOLDS + kept / 2) / kept;
    Some(u32::try_from(rate).unwrap_or(u32::MAX))
}

/// Level 2's, which every key of Level 1 is too.
fn is_key(key: &str) -> bool {
    let first = key.bytes().next();
    let begins = first.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let continues = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'_' | b'-' | b'*' | b'/' | b'@')
    };
    begins && key.len() <= MAX_PART && key.bytes().all(continues)
}

/// Printable ASCII without `,` and `=`; blanks around it are gone.
fn is_value(value: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'=';
    (1..=MAX_PART).contains(&value.len()) && value.bytes().all(fits)
}

/// The list to send along; `None` when there is nothing in it.
pub(super) fn of(context: &SpanContext) -> Option<Cow<'_, str>> {
    let passed_on = context
        .along
        .as_ref()
        .map_or("", |along: &Arc<Along>| along.trace_state.as_str());
    let tells_rate = context.sample_rate > 1 && context.is_sampled();
    if !tells_rate {
        return (!passed_on.is_empty()).then_some(Cow::Borrowed(passed_on));
    }
    let mut own = String::with_capacity(24 + passed_on.len());
    let _ = write!(own, "{OWN_KEY}={RATE}{}", context.sample_rate);
    // Its own stands first; what was last goes when there are too many.
    let most = MAX_MEMBERS - 1;
    for member in passed_on
        .split(',')
        .filter(|member| !member.is_empty())
        .take(most)
    {
        own.push(',');
        own.push_str(member);
    }
    Some(Cow::Owned(own))
}
