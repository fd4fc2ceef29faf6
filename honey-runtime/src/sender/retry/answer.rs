//! An HTTP answer, read: what it means for the batch.

use serde_json::Value;

use super::verdicts::{self, Verdict};

/// What to do about a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sender) enum Reading {
    /// The server took the request and each event of it, with this status.
    Accepted(u16),
    /// The server took the request. One verdict for each of the first events; the rest is unconfirmed.
    Taken(Vec<Verdict>),
    /// Refused for good, all of it.
    Reject(String),
    /// One of the events spoils the batch: halves tell which.
    Bisect(String),
    /// Too much at once: halves are sent, however often.
    Split(String),
    /// The key: nothing will get better by itself, so one probe a minute.
    Unauthorized(String),
    /// The proxy's password: likewise.
    Proxy(String),
    /// The destination asks for a pause.
    Throttled(String),
    /// The server has trouble of its own.
    Unavailable(String),
}

/// Reads an answer to a batch of `events`.
pub(in crate::sender) fn read(status: u16, body: &[u8], events: usize) -> Reading {
    match status {
        200..=299 => match verdicts::all_accepted(body, events) {
            Some(status) => Reading::Accepted(status),
            None => Reading::Taken(verdicts::parse(body, events)),
        },
        400 => bad_request(text_of(body)),
        401 => Reading::Unauthorized(text_of(body)),
        407 => Reading::Proxy(text_of(body)),
        408 | 425 | 500..=599 => Reading::Unavailable(text_of(body)),
        413 => Reading::Split(text_of(body)),
        429 => Reading::Throttled(text_of(body)),
        // 3xx is here too: a redirect is never followed, since it would carry the key to another host.
        _ => Reading::Reject(text_of(body)),
    }
}

/// A 400 may mean the key, the size, or one event; only its text tells.
fn bad_request(text: String) -> Reading {
    let lower = text.to_ascii_lowercase();
    if lower.contains("unknown api key") {
        Reading::Unauthorized(text)
    } else if lower.contains("too large") {
        Reading::Split(text)
    } else {
        Reading::Bisect(text)
    }
}

/// The server's words: the `error` of a JSON body, `detail` or `title` of an RFC 7807 one, else the body as it is.
fn text_of(body: &[u8]) -> String {
    let raw = || String::from_utf8_lossy(body).trim().to_owned();
    let words = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(fields)) => ["error", "detail", "title"]
            .iter()
            .find_map(|key| fields.get(*key)?.as_str().map(str::to_owned))
            .unwrap_or_else(raw),
        _ => raw(),
    };
    verdicts::cut(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_the_document() {
        let text = |text: &str| text.to_owned();
        for (status, body, expected) in [
            (200, r#"[{"status":202}]"#, Reading::Accepted(202)),
            (
                200,
                r#"[ {"status":202}]"#,
                Reading::Taken(vec![Verdict::Accepted(202)]),
            ),
            (202, "", Reading::Taken(vec![])),
            (200, "<html>", Reading::Taken(vec![])),
            (
                400,
                r#"{"error":"unknown API key - check your credentials"}"#,
                Reading::Unauthorized(text("unknown API key - check your credentials")),
            ),
            (
                400,
                r#"{"error":"request body is too large"}"#,
                Reading::Split(text("request body is too large")),
            ),
            (
                400,
                r#"{"error":"Too Large"}"#,
                Reading::Split(text("Too Large")),
            ),
            (
                400,
                r#"{"error":"request body is malformed and cannot be read as JSON"}"#,
                Reading::Bisect(text("request body is malformed and cannot be read as JSON")),
            ),
            // JSON that is itself malformed: a key quoted without escapes.
            (
                400,
                r#"{"error":"unknown API key "x""}"#,
                Reading::Unauthorized(text(r#"{"error":"unknown API key "x""}"#)),
            ),
            (400, "", Reading::Bisect(text(""))),
            (
                401,
                r#"{"title":"no","detail":"bad key"}"#,
                Reading::Unauthorized(text("bad key")),
            ),
            (407, "proxy", Reading::Proxy(text("proxy"))),
            (
                403,
                r#"{"error":"event dropped due to administrative throttling"}"#,
                Reading::Reject(text("event dropped due to administrative throttling")),
            ),
            (
                404,
                r#"{"title":"t","detail":"d","error":"e"}"#,
                Reading::Reject(text("e")),
            ),
            (404, r#"{"title":"t"}"#, Reading::Reject(text("t"))),
            (404, "nothing here", Reading::Reject(text("nothing here"))),
            (302, "", Reading::Reject(text(""))),
            (413, "", Reading::Split(text(""))),
            (
                429,
                r#"{"error":"request dropped due to rate limiting"}"#,
                Reading::Throttled(text("request dropped due to rate limiting")),
            ),
            (500, " oops ", Reading::Unavailable(text("oops"))),
            (
                503,
                r#"{"error":7}"#,
                Reading::Unavailable(text(r#"{"error":7}"#)),
            ),
            (418, "tea", Reading::Reject(text("tea"))),
        ] {
            assert_eq!(
                read(status, body.as_bytes(), 1),
                expected,
                "{status} {body}"
            );
        }
    }
}
