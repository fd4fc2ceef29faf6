//! The sample rate: "an integer representing the denominator in the fraction 1/n" (Events API).

/// Reads the `samplerate` of a batch's element, as written in JSON.
pub(crate) fn of_json(text: &str) -> Result<Option<u64>, String> {
    if text == "null" {
        Ok(None)
    } else {
        read(text).map(Some)
    }
}

/// Reads the header `X-Honeycomb-Samplerate`.
pub(crate) fn of_header(text: &str) -> Result<u64, String> {
    read(text)
}

fn read(text: &str) -> Result<u64, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let rate = if digits { text.parse().ok() } else { None };
    rate.ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        format!("samplerate must be an integer from 0, not {shown}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        assert_eq!(of_json("10"), Ok(Some(10)));
        assert_eq!(of_json("0"), Ok(Some(0)));
        assert_eq!(of_json("null"), Ok(None));
        for text in [
            "-1",
            "1.0",
            "1e2",
            "\"10\"",
            "true",
            "18446744073709551616",
            "[1]",
        ] {
            assert!(of_json(text).is_err(), "{text}");
        }
        for text in ["", " 1", "+1", "ten"] {
            assert!(of_header(text).is_err(), "{text}");
        }
    }
}
