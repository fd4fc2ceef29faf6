//! What an event should be at the server, and whether it is.

use honey_local::Event;
use serde_json::{Map, Number, Value as Json, json};

use crate::given::{Batch, Given, GivenEvent, ID, NAME};

/// The server's limits, and what honey keeps free below them.
const MAX_EVENT_BYTES: usize = 100_000;
const MAX_STRING_BYTES: usize = 65_535;
const MAX_FIELDS: usize = 2_000;
/// More than the automatic fields, the time and the rate take.
const ROOM_BYTES: usize = 800;
const ROOM_FIELDS: usize = 12;

const MARKER: &str = "meta.truncated";
const RESERVED: [&str; 11] = [
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
    MARKER,
];

/// Compares with the model; gives the fields that the other reader is to find too.
pub(crate) fn check(
    batch: &Batch,
    given: &GivenEvent,
    event: &Event,
) -> Result<Map<String, Json>, String> {
    let mut found = (*event.data).clone();
    let mut expected = fields(batch, given, &found);
    if given.is_timed {
        automatic(event)?;
        for name in RESERVED {
            if let Some(value) = found.get(name).filter(|_| name != MARKER) {
                expected.insert(name.to_owned(), value.clone());
            }
        }
    }
    expected.insert(ID.to_owned(), found.get(ID).cloned().unwrap_or(Json::Null));
    if event.size_bytes > MAX_EVENT_BYTES {
        return Err(format!("{} bytes", event.size_bytes));
    }
    if !given.is_timed && (event.sample_rate != u64::from(given.rate)) {
        return Err(format!("rate {}", event.sample_rate));
    }
    let size = Size::of(&expected);
    if found.contains_key(MARKER) {
        if size == Size::Fits {
            return Err(format!("cut without need: {:?}", found[MARKER]));
        }
        cut(&expected, &found)?;
        return Ok(found);
    }
    if size == Size::TooLarge {
        return Err(format!(
            "over a limit, and not marked: {} fields, {} bytes",
            found.len(),
            event.size_bytes
        ));
    }
    for (key, value) in &expected {
        match found.remove(key) {
            Some(there) if is_same(value, &there) => {}
            there => return Err(format!("{key:?} is {there:?}, not {value:?}")),
        }
    }
    if let Some(key) = found.keys().next() {
        return Err(format!("{key:?} was never given"));
    }
    Ok(expected)
}

/// Scope, then the event's own: the last value of a key wins, and what is no number was never there.
fn fields(batch: &Batch, given: &GivenEvent, found: &Map<String, Json>) -> Map<String, Json> {
    let mut fields = Map::new();
    for (key, value) in batch.scope.iter().chain(&given.fields) {
        let is_taken = given.is_timed && RESERVED.contains(&key.as_str());
        let key = if is_taken {
            format!("app.{key}")
        } else {
            key.clone()
        };
        if let Some(value) = meant(value, found.get(&key)) {
            fields.insert(key, value);
        }
    }
    fields.extend((0..given.filler).map(|n| (format!("f{n}"), json!(true))));
    fields
}

fn meant(value: &Given, found: Option<&Json>) -> Option<Json> {
    Some(match value {
        Given::Bool(value) => json!(value),
        Given::I64(value) => json!(value),
        Given::U64(value) => json!(value),
        Given::I128(value) => {
            i64::try_from(*value).map_or_else(|_| json!(value.to_string()), |value| json!(value))
        }
        Given::U128(value) => {
            u64::try_from(*value).map_or_else(|_| json!(value.to_string()), |value| json!(value))
        }
        Given::F32(value) => Json::Number(Number::from_f64(shortest(*value, found)?)?),
        Given::F64(value) => Json::Number(Number::from_f64(*value)?),
        Given::Text(text) => json!(text),
        Given::Long(character, times) => json!(Given::long(*character, *times)),
        Given::Json(value) => value.clone(),
    })
}

/// The double that the shortest digits of an `f32` say. Of two equally short and equally near ones, either: −133120.125 is
/// −133120.12 or −133120.13.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is to give the `f32` back"
)]
fn shortest(value: f32, found: Option<&Json>) -> Option<f64> {
    let digits = format!("{value:e}");
    let found = found.and_then(Json::as_f64).filter(|found| {
        (*found as f32).to_bits() == value.to_bits() && format!("{found:e}").len() == digits.len()
    });
    found.or_else(|| digits.parse().ok())
}

/// The fields that a timed event sets itself.
fn automatic(event: &Event) -> Result<(), String> {
    let is_hex = |id: Option<&str>, digits| {
        id.is_some_and(|id| id.len() == digits && id.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let is_right = event.name() == Some(NAME)
        && event.str("outcome") == Some("ok")
        && event
            .duration_ms()
            .is_some_and(|ms| (0.0..60_000.0).contains(&ms))
        && is_hex(event.trace_id(), 32)
        && is_hex(event.span_id(), 16)
        && event.parent_id().is_none()
        && event.get("error").is_none()
        && event.str("meta.signal_type") == Some("trace");
    is_right
        .then_some(())
        .ok_or_else(|| format!("automatic fields: {:?}", event.data))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Fits,
    /// Close to a limit: it may be cut or not.
    Near,
    TooLarge,
}

impl Size {
    fn of(fields: &Map<String, Json>) -> Self {
        let json_bytes = serde_json::to_vec(fields).map_or(0, |json| json.len());
        let is_long = |key: &String, value: &Json| {
            let bytes = match value {
                Json::String(text) => text.len(),
                nested => nested.to_string().len(),
            };
            bytes.max(key.len()) > MAX_STRING_BYTES
        };
        if json_bytes > MAX_EVENT_BYTES
            || fields.len() > MAX_FIELDS
            || fields.iter().any(|(key, value)| is_long(key, value))
        {
            Self::TooLarge
        } else if json_bytes > MAX_EVENT_BYTES - ROOM_BYTES
            || fields.len() > MAX_FIELDS - ROOM_FIELDS
        {
            Self::Near
        } else {
            Self::Fits
        }
    }
}

/// What is there of a cut event was given: whole, or the beginning of a string that the marker names or counts.
fn cut(expected: &Map<String, Json>, found: &Map<String, Json>) -> Result<(), String> {
    let mut changed = expected.len() + 1 - found.len();
    for (key, value) in found.iter().filter(|(key, _)| *key != MARKER) {
        match (expected.get(key), value) {
            (Some(given), value) if is_same(given, value) => {}
            (Some(Json::String(given)), Json::String(part)) if given.starts_with(part) => {
                changed += 1;
            }
            (given, _) => return Err(format!("{key:?} is {value:?}, not {given:?}")),
        }
    }
    let marker = found[MARKER].as_str().unwrap_or_default();
    if changed == 0 || marker.is_empty() {
        return Err(format!(
            "{changed} fields changed, and the marker says {marker:?}"
        ));
    }
    if found.len() > MAX_FIELDS {
        return Err(format!("{} fields", found.len()));
    }
    Ok(())
}

/// Equal, and floats to the bit.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            one == other && one.as_f64().map(f64::to_bits) == other.as_f64().map(f64::to_bits)
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.keys().eq(other.keys())
                && one
                    .values()
                    .zip(other.values())
                    .all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}
