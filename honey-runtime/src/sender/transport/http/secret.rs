//! Keeps the key out of what servers say: Refinery, for one, quotes the key it does not know.

/// What is shorter is no secret, and stands in every other answer by chance.
const LEAST_BYTES: usize = 8;

/// Overwrites each occurrence of `secret`.
pub(super) fn hide(secret: &[u8], text: &mut [u8]) {
    let Some(first) = secret.first().filter(|_| secret.len() >= LEAST_BYTES) else {
        return;
    };
    let mut rest = text;
    // Most answers have no such byte, and `contains` is many times faster than `position`.
    if !rest.contains(first) {
        return;
    }
    while let Some(place) = rest.iter().position(|byte| byte == first) {
        let here = &mut rest[place..];
        let passed = if here.starts_with(secret) {
            here[..secret.len()].fill(b'*');
            secret.len()
        } else {
            1
        };
        rest = &mut here[passed..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_and_nothing_else() {
        for (secret, text, hidden) in [
            (
                "sssecret",
                r#"{"error":"key "sssecret" no"}"#,
                r#"{"error":"key "********" no"}"#,
            ),
            ("sssecret", "sssssecretsssecret", "ss****************"),
            ("sssecret", "sssecre", "sssecre"),
            ("sssecret", "", ""),
            ("status", r#"{"status":202}"#, r#"{"status":202}"#),
            ("", "anything", "anything"),
        ] {
            let mut bytes = text.as_bytes().to_vec();
            hide(secret.as_bytes(), &mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), hidden);
        }
    }
}
