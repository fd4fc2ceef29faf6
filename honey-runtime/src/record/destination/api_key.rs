//! Telling keys apart by their shape.

/// Whether this is a classic key, which needs a dataset with every request: 32 hexadecimal digits, or an ingest key
/// `hc?ic_` followed by 58 letters and digits. Source: the official clients.
pub(crate) fn is_classic(key: &str) -> bool {
    match key.len() {
        32 => key
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9')),
        64 => is_classic_ingest_key(key.as_bytes()),
        _ => false,
    }
}

fn is_classic_ingest_key(key: &[u8]) -> bool {
    let (prefix, rest) = key.split_at(6);
    let has_prefix =
        prefix.starts_with(b"hc") && prefix[2].is_ascii_lowercase() && prefix.ends_with(b"ic_");
    has_prefix
        && rest
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Whether a key can be a header's value as it is.
pub(super) fn is_sendable(key: &str) -> bool {
    key.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_classic_from_environment_keys() {
        let digits = "0123456789abcdef0123456789abcdef";
        let ingest = format!("hcaic_{}", "a1".repeat(29));
        for (key, expected) in [
            (digits, true),
            (ingest.as_str(), true),
            (&digits.to_uppercase(), false),
            (&digits[1..], false),
            (&ingest.replace("hcaic_", "hcaik_"), false),
            (&ingest.replace("a1a1", "A1a1"), false),
            ("", false),
        ] {
            assert_eq!(is_classic(key), expected, "{key}");
        }
    }

    #[test]
    fn control_characters_and_blanks_cannot_be_sent() {
        assert!(is_sendable("abcDEF123_-"));
        for key in ["a b", "a\r\nX: y", "ключ", "a\u{7f}"] {
            assert!(!is_sendable(key), "{key:?}");
        }
    }
}
