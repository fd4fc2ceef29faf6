//! Unix time, its unit told by the number of digits.

use super::rfc3339::nanoseconds_of_fraction;

/// Nanoseconds since the epoch: up to 10 digits are seconds (and may have a fraction), 13 milliseconds,
/// 16 microseconds, 19 nanoseconds. Other counts could be read two ways, so they are refused.
pub(crate) fn read(text: &str) -> Option<i128> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let unit_ns = match whole.len() {
        1..=10 => 1_000_000_000,
        13 => 1_000_000,
        16 => 1_000,
        19 => 1,
        _ => return None,
    };
    let whole_ns = whole.parse::<i128>().ok()? * unit_ns;
    match fraction {
        None => Some(whole_ns),
        Some(fraction) if whole.len() <= 10 => {
            Some(whole_ns + i128::from(nanoseconds_of_fraction(fraction)?))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn units_by_digit_count() {
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("1452759330"), Some(1_452_759_330_000_000_000));
        assert_eq!(read("1452759330.927"), Some(1_452_759_330_927_000_000));
        assert_eq!(read("1452759330927"), Some(1_452_759_330_927_000_000));
        assert_eq!(read("1452759330927123"), Some(1_452_759_330_927_123_000));
        assert_eq!(read("1452759330927123456"), Some(1_452_759_330_927_123_456));
    }

    #[test]
    fn anything_else_is_unreadable() {
        for text in [
            "",
            ".",
            ".5",
            "1.",
            "-1",
            "+1",
            "1e9",
            "0x10",
            "14527593309",
            "145275933092",
            "14527593309271234",
            "12345678901234567890",
            "1452759330927.5",
            "1.2.3",
            " 1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
