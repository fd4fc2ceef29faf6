//! `Retry-After`: seconds, fractions of them, or a date.

use std::time::{Duration, SystemTime};

/// The longest wait anybody can mean; the policies clamp further.
const MOST_SECONDS: f64 = 86_400.0;

/// How long the server asks to wait; `None` for what nobody can read. In the past or negative: not at all.
pub(in crate::sender) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        // `parse` takes "nan" and "inf" too.
        return seconds
            .is_finite()
            .then(|| Duration::from_secs_f64(seconds.clamp(0.0, MOST_SECONDS)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_dates_and_nonsense() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for (value, expected_ms) in [
            ("2", Some(2_000)),
            (" 0.25 ", Some(250)),
            ("-5", Some(0)),
            ("1e9", Some(86_400_000)),
            ("1000000000", Some(86_400_000)),
            ("Sun, 09 Sep 2001 01:46:45 GMT", Some(5_000)),
            ("Sun, 09 Sep 2001 01:46:35 GMT", Some(0)),
            ("soon", None),
            ("", None),
            ("NaN", None),
            ("inf", None),
        ] {
            let expected = expected_ms.map(Duration::from_millis);
            assert_eq!(retry_after(value, now), expected, "{value:?}");
        }
    }
}
