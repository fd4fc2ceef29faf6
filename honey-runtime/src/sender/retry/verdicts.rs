//! The answer to a batch: one element for each event, as far as it goes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The most of a server's text that is kept.
const MAX_TEXT_BYTES: usize = 1_024;

/// What the server says about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sender) enum Verdict {
    Accepted(u16),
    Rejected(u16, String),
    /// 429 or 5xx: this event alone may go again.
    Again(u16, String),
    /// Nothing that can be read.
    Unconfirmed,
}

/// The status of all of `events`, from an answer that accepts each in the same few bytes, as nearly all do: a comparison instead of
/// a parse. `None` for any other answer.
pub(super) fn all_accepted(body: &[u8], events: usize) -> Option<u16> {
    let rest = body.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
    let first = rest.get(..ACCEPTED.len())?;
    let digits = first.strip_prefix(b"{\"status\":2")?.strip_suffix(b"}")?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // With a comma behind each but the last.
    let is_whole = rest.len() + 1 == events * (ACCEPTED.len() + 1);
    let are_alike = || {
        let mut elements = rest.chunks(ACCEPTED.len() + 1);
        elements.all(|element| matches!(element.strip_prefix(first), Some(b"" | b",")))
    };
    let status = digits
        .iter()
        .fold(2, |status, digit| status * 10 + u16::from(digit - b'0'));
    (is_whole && are_alike()).then_some(status)
}

/// How long an element of such an answer is.
const ACCEPTED: &[u8] = br#"{"status":202}"#;

/// Reads as many elements as there are, at most `most`. Cut short or malformed, the part before counts: the server did say it.
pub(super) fn parse(body: &[u8], most: usize) -> Vec<Verdict> {
    let mut verdicts = Vec::with_capacity(most.min(body.len() / 2));
    let mut parser = serde_json::Deserializer::from_slice(body);
    // The error says where it stopped being an answer; what matters is how far it was one.
    let _ = Elements {
        into: &mut verdicts,
        most,
    }
    .deserialize(&mut parser);
    verdicts
}

/// Cuts a server's text between characters.
pub(super) fn cut(mut text: String) -> String {
    let mut end = text.len().min(MAX_TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

struct Elements<'a> {
    into: &'a mut Vec<Verdict>,
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array with one element for each event")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while self.into.len() < self.most {
            let Some(verdict) = elements.next_element_seed(Element)? else {
                return Ok(());
            };
            self.into.push(verdict);
        }
        Ok(())
    }
}

struct Element;

impl<'de> DeserializeSeed<'de> for Element {
    type Value = Verdict;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Verdict, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// An element that is no object ends the reading: the rest is not an answer of the kind we know.
impl<'de> Visitor<'de> for Element {
    type Value = Verdict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a status")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Verdict, A::Error> {
        let (mut status, mut error) = (None, String::new());
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            match key {
                // A number as `Value` costs no allocation, and takes whatever else stands there.
                Key::Status => status = entries.next_value::<Value>()?.as_u64(),
                Key::Error => error = text_of(entries.next_value()?),
                Key::Other => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(verdict(
            status.and_then(|status| u16::try_from(status).ok()),
            error,
        ))
    }
}

enum Key {
    Status,
    Error,
    Other,
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match key {
            "status" => Key::Status,
            "error" => Key::Error,
            _ => Key::Other,
        })
    }
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn verdict(status: Option<u16>, error: String) -> Verdict {
    match status {
        Some(status @ 200..=299) => Verdict::Accepted(status),
        Some(status @ (429 | 500..=599)) => Verdict::Again(status, cut(error)),
        Some(status @ 300..=499) => Verdict::Rejected(status, cut(error)),
        _ => Verdict::Unconfirmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_far_as_it_is_an_answer() {
        let yes = Verdict::Accepted(202);
        let no = Verdict::Rejected(400, "bad".into());
        let later = Verdict::Again(429, String::new());
        for (body, expected) in [
            (
                r#"[{"status":202},{"error":"bad","status":400}]"#,
                vec![yes.clone(), no.clone()],
            ),
            (r#" [ {"status":202,"x":[{}]} ] "#, vec![yes.clone()]),
            (
                r#"[{"status":429},{"status":202},{"status":202},{"status":202},{"status":202}]"#,
                vec![later.clone(), yes.clone(), yes.clone(), yes.clone()],
            ),
            (
                r#"[{"status":503},{"status":"202"},{"status":9999999},{}]"#,
                vec![
                    Verdict::Again(503, String::new()),
                    Verdict::Unconfirmed,
                    Verdict::Unconfirmed,
                    Verdict::Unconfirmed,
                ],
            ),
            (r#"[{"status":202},{"stat"#, vec![yes.clone()]),
            (r#"[{"status":202},7,{"status":202}]"#, vec![yes.clone()]),
            // 202 more than fits.
            (r#"[{"status":65738}]"#, vec![Verdict::Unconfirmed]),
            (r#"{"status":202}"#, vec![]),
            ("not json", vec![]),
            ("", vec![]),
            ("[]", vec![]),
        ] {
            assert_eq!(parse(body.as_bytes(), 4), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_that_accepts_all_is_told_by_its_bytes() {
        for (body, events, expected) in [
            (r#"[{"status":202}]"#, 1, Some(202)),
            ("[{\"status\":200},{\"status\":200}]\n", 2, Some(200)),
            (r#"[{"status":202},{"status":202}]"#, 1, None),
            (r#"[{"status":202},{"status":202}]"#, 3, None),
            (r#"[{"status":202},{"status":201}]"#, 2, None),
            (r#"[{"status":202},{"status":429}]"#, 2, None),
            (r#"[{"status":202};{"status":202}]"#, 2, None),
            (r#"[{"status":202},{"status":202,"#, 2, None),
            (r#"[{"status":302}]"#, 1, None),
            (r#"[{"status":2.2}]"#, 1, None),
            ("[]", 0, None),
            ("", 0, None),
            ("[", 1, None),
        ] {
            assert_eq!(all_accepted(body.as_bytes(), events), expected, "{body}");
        }
    }

    #[test]
    fn deeply_nested_answers_are_no_stack_overflow() {
        assert_eq!(parse("[".repeat(1_000_000).as_bytes(), 4), vec![]);
    }

    #[test]
    fn a_servers_text_is_cut_between_characters() {
        assert_eq!(cut("é".repeat(1_000)).len(), 1_024);
        assert_eq!(cut("€".repeat(1_000)).len(), 1_023);
    }
}
