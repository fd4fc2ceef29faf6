//! Random events, and how they are sent.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use honey::{BodyEncoding, Client, ToField, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

/// The field by which an event is known again.
pub(crate) const ID: &str = "test.id";
/// What timed events are called.
pub(crate) const NAME: &str = "a \"timed\" event";

/// Events of one client.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) is_compressed: bool,
    pub(crate) encoding: BodyEncoding,
    pub(crate) scope: Vec<(String, Given)>,
    pub(crate) events: Vec<GivenEvent>,
}

#[derive(Clone, Debug)]
pub(crate) struct GivenEvent {
    pub(crate) fields: Vec<(String, Given)>,
    /// `f0`, `f1`, … after these: to come near the number of fields that a server takes.
    pub(crate) filler: u16,
    pub(crate) is_timed: bool,
    pub(crate) rate: u32,
    pub(crate) time_ns: i64,
}

/// A value as it is given.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Bool(bool),
    I64(i64),
    U64(u64),
    I128(i128),
    U128(u128),
    F32(f32),
    F64(f64),
    Text(String),
    /// A text of so many times the same character.
    Long(char, u32),
    Json(Json),
}

impl Given {
    pub(crate) fn long(character: char, times: u32) -> String {
        std::iter::repeat_n(character, times as usize).collect()
    }
}

impl ToField for Given {
    fn to_field(&self) -> Value<'_> {
        match self {
            Given::Bool(value) => Value::Bool(*value),
            Given::I64(value) => Value::I64(*value),
            Given::U64(value) => Value::U64(*value),
            Given::I128(value) => Value::I128(*value),
            Given::U128(value) => Value::U128(*value),
            Given::F32(value) => Value::F32(*value),
            Given::F64(value) => Value::F64(*value),
            Given::Text(text) => Value::Str(text),
            Given::Long(..) => Value::Display(self),
            Given::Json(value) => Value::Json(value),
        }
    }
}

/// Of a long text, so that formatted ones are among the events.
impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Given::Long(character, times) => f.write_str(&Given::long(*character, *times)),
            other => write!(f, "{other:?}"),
        }
    }
}

impl GivenEvent {
    pub(crate) fn send(&self, id: usize, client: &Client) {
        let id = id as u64;
        let filler = (0..self.filler).map(|n| format!("f{n}"));
        if self.is_timed {
            honey::with_client(client, || {
                let scope = honey::start_child(NAME);
                let event = scope.handle();
                event.add_field(ID, id);
                for (key, value) in &self.fields {
                    event.add_field(key.clone(), value);
                }
                filler.for_each(|key| event.add_field(key, true));
            });
        } else {
            let mut event = client.builder().new_event();
            event.set_sample_rate(self.rate);
            event.set_timestamp(time(self.time_ns));
            event.add_field(ID, id);
            for (key, value) in &self.fields {
                event.add_field(key.clone(), value);
            }
            filler.for_each(|key| event.add_field(key, true));
            event.send_presampled();
        }
    }
}

fn time(unix_ns: i64) -> SystemTime {
    let distance = Duration::from_nanos(unix_ns.unsigned_abs());
    if unix_ns < 0 {
        UNIX_EPOCH - distance
    } else {
        UNIX_EPOCH + distance
    }
}

pub(crate) fn batch(events: usize) -> impl Strategy<Value = Batch> {
    (
        any::<bool>(),
        prop_oneof![2 => Just(BodyEncoding::Json), 1 => Just(BodyEncoding::MessagePack)],
        vec((key(), value()), 0..6),
        vec(event(), 1..=events).prop_map(move |mut given| {
            // As many as were asked for, whatever their number was to shrink to.
            let short = given.len();
            if short > events / 2 {
                for n in 0..events - short {
                    given.push(given[n].clone());
                }
            }
            given
        }),
    )
        .prop_map(|(is_compressed, encoding, scope, events)| Batch {
            is_compressed,
            encoding,
            scope,
            events,
        })
}

fn event() -> impl Strategy<Value = GivenEvent> {
    (
        vec((key(), value()), 0..8),
        prop_oneof![1_000 => Just(0_u16), 1 => 50..70_u16, 1 => 1_950..2_050_u16],
        prop_oneof![3 => Just(false), 1 => Just(true)],
        prop_oneof![2 => Just(1), 1 => any::<u32>()],
        any::<i64>(),
    )
        .prop_map(|(fields, filler, is_timed, rate, time_ns)| GivenEvent {
            fields,
            filler,
            is_timed,
            rate: if is_timed { 1 } else { rate.max(1) },
            time_ns,
        })
}

/// From few, so that some come twice; reserved ones among them.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => select(KEYS).prop_map(str::to_owned),
        4 => text(),
        1 => (select(&['k', '€', '"'][..]), 60_000..70_000_u32).prop_map(|(c, n)| Given::long(c, n / 100)),
    ]
}

const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "user.id",
    "http.route",
    "",
    "\"",
    "\\",
    "\n",
    "ü",
    "f1",
    "f60",
    "name",
    "duration_ms",
    "outcome",
    "error",
    "error.type",
    "error.message",
    "trace.trace_id",
    "trace.span_id",
    "trace.parent_id",
    "meta.signal_type",
    "app.name",
    "app.error",
    "time",
    "data",
    "samplerate",
    "__proto__",
    "a\",\"b\":\"",
    "meta.other",
];

fn value() -> impl Strategy<Value = Given> {
    prop_oneof![
        1 => any::<bool>().prop_map(Given::Bool),
        3 => (any::<i64>(), 0..64_u32).prop_map(|(value, shift)| Given::I64(value >> shift)),
        3 => (any::<u64>(), 0..64_u32).prop_map(|(value, shift)| Given::U64(value >> shift)),
        1 => (any::<i128>(), 0..128_u32).prop_map(|(value, shift)| Given::I128(value >> shift)),
        1 => (any::<u128>(), 0..128_u32).prop_map(|(value, shift)| Given::U128(value >> shift)),
        1 => any::<u32>().prop_map(|bits| Given::F32(f32::from_bits(bits))),
        3 => any::<u64>().prop_map(|bits| Given::F64(f64::from_bits(bits))),
        2 => select(FLOATS).prop_map(Given::F64),
        8 => text().prop_map(Given::Text),
        2 => json().prop_map(Given::Json),
        1 => long(),
    ]
}

/// Some hundreds among a hundred thousand events: the limits are met, and most events stay small.
fn long() -> impl Strategy<Value = Given> {
    (
        any::<u16>(),
        select(&['x', 'é', '€', '😀', '"', '\u{1}'][..]),
        20_000..70_000_u32,
    )
        .prop_map(|(dice, character, times)| match dice {
            0..400 => Given::Long(character, times),
            _ => Given::U64(dice.into()),
        })
}

const FLOATS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    1e16,
    1e15,
    123_456_789.0,
    1e21,
    1e-5,
    1e-7,
    5e-324,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    f64::EPSILON,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    9_007_199_254_740_993.0,
    18_446_744_073_709_551_616.0,
];

/// Of pieces that are hard on an encoder, and any characters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(select(PIECES), 0..5).prop_map(|pieces| pieces.concat()),
        1 => vec(any::<char>(), 0..6).prop_map(|characters| characters.into_iter().collect()),
    ]
}

const PIECES: &[&str] = &[
    "",
    "a",
    "some text",
    "\"",
    "\\",
    "\\\"",
    "/",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1}",
    "\u{8}",
    "\u{c}",
    "\u{1f}",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "ü",
    "€",
    "😀",
    "\u{d7ff}",
    "\u{e000}",
    "\u{feff}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{10000}",
    "\u{10ffff}",
    "\\u0000",
    "\\ud800",
    "null",
    "NaN",
    "{}",
    "[1,",
    "\",\"x\":1",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<u64>().prop_map(|bits| json!(f64::from_bits(bits))),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            vec((text(), inner), 0..4)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}
