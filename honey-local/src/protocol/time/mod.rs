//! An event's time: RFC 3339, or Unix time in seconds, milliseconds, microseconds or nanoseconds.

mod rfc3339;
mod unix;

pub(crate) use rfc3339::write as rfc3339;

/// As much of a time as an error quotes.
const QUOTED_CHARS: usize = 60;

/// A time as a client gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// Nanoseconds since the epoch; wide, since a readable time can lie far outside the years we keep.
    nanoseconds: i128,
    /// As written.
    pub(crate) text: String,
}

impl Given {
    /// The event's time: what was given, or `now_ns` when that is more than `ahead_ns` in the future.
    pub(crate) fn at(&self, now_ns: i64, ahead_ns: i64) -> Result<i64, String> {
        if self.nanoseconds > i128::from(now_ns) + i128::from(ahead_ns) {
            return Ok(now_ns);
        }
        i64::try_from(self.nanoseconds).map_err(|_| unreadable(&self.text))
    }
}

/// Reads the `time` of a batch's element, as written in JSON: a string or a number, `null` for none.
pub(crate) fn of_json(text: &str) -> Result<Option<Given>, String> {
    match serde_json::from_str(text) {
        Ok(serde_json::Value::Null) => Ok(None),
        Ok(serde_json::Value::String(time)) => of_header(&time).map(Some),
        // The text, not the number read from it: a float would lose the nanoseconds.
        Ok(serde_json::Value::Number(_)) => match unix::read(text) {
            Some(nanoseconds) => Ok(Some(Given {
                nanoseconds,
                text: text.to_owned(),
            })),
            None => Err(unreadable(text)),
        },
        _ => Err(unreadable(text)),
    }
}

/// Reads the header `X-Honeycomb-Event-Time`, or a time that is a string.
pub(crate) fn of_header(text: &str) -> Result<Given, String> {
    let nanoseconds = rfc3339::read(text).or_else(|| unix::read(text));
    nanoseconds
        .map(|nanoseconds| Given {
            nanoseconds,
            text: text.to_owned(),
        })
        .ok_or_else(|| unreadable(text))
}

fn unreadable(text: &str) -> String {
    let shown: String = text.chars().take(QUOTED_CHARS).collect();
    format!(
        "time cannot be read: {shown:?} is neither RFC 3339 nor Unix seconds (10 digits), ms (13), µs (16) or ns (19)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000_000_000;
    const HOUR: i64 = 3_600_000_000_000;

    fn at(text: &str) -> Result<i64, String> {
        of_header(text).and_then(|given| given.at(NOW, HOUR))
    }

    #[test]
    fn more_than_an_hour_ahead_is_now() {
        assert_eq!(at("1700003600"), Ok(NOW + HOUR));
        assert_eq!(at("1700003600.000000001"), Ok(NOW));
        assert_eq!(at("9999-12-31T23:59:59Z"), Ok(NOW));
    }

    #[test]
    fn long_ago_is_kept_as_far_as_64_bits_reach() {
        assert_eq!(at("1969-12-31T23:59:59Z"), Ok(-1_000_000_000));
        assert!(at("0001-01-01T00:00:00Z").is_err());
    }

    #[test]
    fn json_forms() {
        let read = |text| of_json(text).map(|given| given.map(|given| given.nanoseconds));
        assert_eq!(read("1452759330927"), Ok(Some(1_452_759_330_927_000_000)));
        assert_eq!(
            read("\"1452759330927\""),
            Ok(Some(1_452_759_330_927_000_000))
        );
        assert_eq!(
            read("1452759330.123456789"),
            Ok(Some(1_452_759_330_123_456_789))
        );
        assert_eq!(
            read("\"2006-01-02T15:04:05Z\""),
            Ok(Some(1_136_214_245_000_000_000))
        );
        assert_eq!(read("null"), Ok(None));
        for text in ["true", "{}", "[]", "-1", "1e9", "\"\"", "\"yesterday\""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
