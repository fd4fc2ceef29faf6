//! What the server understood of one event, compared; and what is known to differ.

use std::collections::BTreeSet;

use honey_local::Event;
use serde_json::{Map, Value};

use crate::client::Official;
use crate::sent::Sent;

const NS_PER_US: i64 = 1_000;
const NS_PER_MS: i64 = 1_000_000;
/// Integers up to here are exact in a double.
const MAX_SAFE: u64 = 1 << 53;

/// What counts of an event.
#[derive(Clone, Debug)]
pub(crate) struct Understanding {
    dataset: String,
    time_ns: i64,
    rate: u64,
    fields: Map<String, Value>,
}

impl Understanding {
    pub(crate) fn of(event: &Event) -> Self {
        Self {
            dataset: event.dataset.as_str().to_owned(),
            time_ns: event.time_ns,
            rate: event.sample_rate,
            fields: (*event.data).clone(),
        }
    }
}

/// What was understood of ours is what was meant, without exception.
pub(crate) fn with_definition(sent: &Sent, ours: &Understanding) {
    assert_eq!(ours.dataset, sent.dataset);
    assert_eq!(ours.time_ns, sent.time_ns, "{}", sent.id);
    assert_eq!(ours.rate, u64::from(sent.rate));
    assert_eq!(
        ours.fields.keys().collect::<Vec<_>>(),
        sent.fields.keys().collect::<Vec<_>>()
    );
    for (name, value) in &sent.fields {
        let found = differences(value, &ours.fields[name]);
        assert!(found.is_empty(), "{name:?} of {}: {found:?}", sent.id);
    }
}

/// How an official client's event differs from ours.
///
/// Dataset and rate never do. The time is in the unit that the client sends: Python's are microseconds, JavaScript's milliseconds.
pub(crate) fn with_official(
    official: Official,
    ours: &Understanding,
    theirs: &Understanding,
) -> BTreeSet<Difference> {
    let unit = match official {
        Official::Python => NS_PER_US,
        Official::JavaScript => NS_PER_MS,
    };
    assert_eq!(theirs.dataset, ours.dataset);
    assert_eq!(theirs.rate, ours.rate);
    assert_eq!(theirs.time_ns, ours.time_ns.div_euclid(unit) * unit);
    assert_eq!(
        theirs.fields.keys().collect::<Vec<_>>(),
        ours.fields.keys().collect::<Vec<_>>()
    );
    let pairs = ours.fields.iter().zip(theirs.fields.values());
    pairs
        .flat_map(|((_, ours), theirs)| differences(ours, theirs))
        .collect()
}

/// The ways in which a client may say another value than it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// An integer that no double holds became the nearest that one does.
    IntegerRounded,
    /// A whole float was written as an integer: the same number of another type.
    FloatAsInteger,
    /// −0 became 0.
    SignOfZeroLost,
    /// None of those.
    Other,
}

/// All kinds of difference that were seen.
#[derive(Default)]
pub(crate) struct Differences(BTreeSet<Difference>);

impl Differences {
    pub(crate) fn add(&mut self, found: BTreeSet<Difference>) {
        self.0.extend(found);
    }

    /// No other ones than are known; and those that are known do occur, or this list is out of date.
    pub(crate) fn assert_known(&self, official: Official) {
        let known: &[Difference] = match official {
            Official::Python => &[],
            // It has but one type of number, the double.
            Official::JavaScript => &[
                Difference::IntegerRounded,
                Difference::FloatAsInteger,
                Difference::SignOfZeroLost,
            ],
        };
        assert_eq!(
            self.0.iter().copied().collect::<Vec<_>>(),
            known,
            "{official:?}"
        );
    }
}

/// How `other` differs from `one`, at any depth.
fn differences(one: &Value, other: &Value) -> BTreeSet<Difference> {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .flat_map(|(one, other)| differences(one, other))
            .collect(),
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => one
            .values()
            .zip(other.values())
            .flat_map(|(one, other)| differences(one, other))
            .collect(),
        (Value::Number(one), Value::Number(other)) => {
            number_difference(one, other).into_iter().collect()
        }
        _ if one == other => BTreeSet::new(),
        _ => BTreeSet::from([Difference::Other]),
    }
}

fn number_difference(one: &serde_json::Number, other: &serde_json::Number) -> Option<Difference> {
    let (one_f64, other_f64) = (one.as_f64()?, other.as_f64()?);
    if one.is_f64() == other.is_f64() {
        let is_same = one == other && one_f64.to_bits() == other_f64.to_bits();
        if is_same {
            return None;
        }
    }
    let is_equal = one_f64.to_bits() == other_f64.to_bits();
    let magnitude = one.as_u64().or_else(|| one.as_i64().map(i64::unsigned_abs));
    Some(match magnitude {
        Some(magnitude) if magnitude > MAX_SAFE && is_equal => Difference::IntegerRounded,
        None if is_equal && !other.is_f64() => Difference::FloatAsInteger,
        None if one_f64 == 0.0 && other_f64 == 0.0 => Difference::SignOfZeroLost,
        _ => Difference::Other,
    })
}
