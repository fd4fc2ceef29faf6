//! Bodies in MessagePack, as libhoney-go sends them when told to: read by a crate of its own, and judged as the JSON they mean.

use std::io::Cursor;

use rmpv::Value;
use rmpv::decode::read_value_with_max_depth;

use super::refusal::Refusal;
use super::rfc3339;

/// The extension type of timestamps.
const TIMESTAMP: i8 = -1;
/// A little more than the 127 levels that the reader of JSON takes, which then judges: `rmpv` counts two a level, and up to three for
/// what is innermost.
const MAX_DEPTH: usize = 2 * 128 + 3;
const NS_PER_SECOND: i64 = 1_000_000_000;

/// The same body as JSON. An object may name a key twice in it, for the reader of JSON to find.
pub(crate) fn to_json(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let malformed = || {
        Refusal::new(
            400,
            "request body is malformed and cannot be read as MessagePack",
        )
    };
    let mut reader = Cursor::new(body);
    let value = read_value_with_max_depth(&mut reader, MAX_DEPTH).map_err(|_| malformed())?;
    let mut json = String::new();
    write(&mut json, &value).ok_or_else(malformed)?;
    if usize::try_from(reader.position()) == Ok(body.len()) {
        Ok(json.into_bytes())
    } else {
        Err(malformed())
    }
}

/// `None` for what JSON has no word for: NaN and the infinities, bytes that are no text, extensions that are no time, keys that are
/// no strings. The depth is bounded by the reader.
fn write(json: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::Nil => json.push_str("null"),
        Value::Boolean(value) => json.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => json.push_str(&value.to_string()),
        Value::F32(value) => json.push_str(&float((*value).into())?),
        Value::F64(value) => json.push_str(&float(*value)?),
        Value::String(text) => json.push_str(&quoted(text.as_str()?)),
        Value::Array(elements) => {
            json.push('[');
            for (place, element) in elements.iter().enumerate() {
                json.push_str(if place > 0 { "," } else { "" });
                write(json, element)?;
            }
            json.push(']');
        }
        Value::Map(members) => {
            json.push('{');
            for (place, (key, value)) in members.iter().enumerate() {
                json.push_str(if place > 0 { "," } else { "" });
                json.push_str(&quoted(key.as_str()?));
                json.push(':');
                write(json, value)?;
            }
            json.push('}');
        }
        Value::Ext(TIMESTAMP, bytes) => json.push_str(&quoted(&rfc3339(unix_ns(bytes)?))),
        Value::Binary(_) | Value::Ext(..) => return None,
    }
    Some(())
}

fn float(value: f64) -> Option<String> {
    serde_json::Number::from_f64(value).map(|number| number.to_string())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A timestamp of 32, 64 or 96 bits.
fn unix_ns(bytes: &[u8]) -> Option<i64> {
    let (seconds, ns) = match bytes.len() {
        4 => (u32::from_be_bytes(bytes.try_into().ok()?).into(), 0),
        8 => {
            let both = u64::from_be_bytes(bytes.try_into().ok()?);
            let seconds = both & 0x3_ffff_ffff;
            (
                i64::try_from(seconds).ok()?,
                i64::try_from(both >> 34).ok()?,
            )
        }
        12 => {
            let (ns, seconds) = bytes.split_at(4);
            let ns = u32::from_be_bytes(ns.try_into().ok()?);
            (i64::from_be_bytes(seconds.try_into().ok()?), ns.into())
        }
        _ => return None,
    };
    seconds.checked_mul(NS_PER_SECOND)?.checked_add(ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Option<String> {
        let json = to_json(body).ok()?;
        String::from_utf8(json).ok()
    }

    #[test]
    fn what_libhoney_go_writes_is_read() {
        let mut body = b"\x91\x83\xa4time\xc7\x0c\xff".to_vec();
        body.extend_from_slice(&999_999_999_u32.to_be_bytes());
        body.extend_from_slice(&1_136_214_245_i64.to_be_bytes());
        body.extend_from_slice(
            b"\xaasamplerate\x0a\xa4data\x82\xa1n\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xa1n\xc0",
        );
        assert_eq!(
            read(&body).as_deref(),
            Some(
                r#"[{"time":"2006-01-02T15:04:05.999999999Z","samplerate":10,"data":{"n":18446744073709551615,"n":null}}]"#
            )
        );
    }

    #[test]
    fn it_reads_as_deep_as_the_reader_of_json() {
        let nested = |levels: usize| [vec![0x91; levels], b"\xa1x".to_vec()].concat();
        let depth = |levels: usize| {
            let json = read(&nested(levels))?;
            serde_json::from_str::<serde_json::Value>(&json).ok()
        };
        assert!(depth(127).is_some() && depth(128).is_none());
    }

    #[test]
    fn what_json_cannot_say_is_malformed() {
        let nan = [&[0xcb][..], &f64::NAN.to_be_bytes()].concat();
        for body in [
            &b""[..],
            b"\x91",
            b"\x01\x01",
            &nan,
            b"\xc4\x01a",
            b"\x81\x01\x01",
            b"\xa1\xff",
            b"\xd4\x05a",
            &[0x91; 5_000],
        ] {
            assert_eq!(read(body), None, "{body:?}");
        }
    }
}
