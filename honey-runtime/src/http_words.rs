//! What servers' and clients' events say of HTTP, in the words of OpenTelemetry's semantic conventions.
//!
//! <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>

use ::http::{Method, StatusCode, Version};

/// What a method that nobody knows is called: names that anybody may send would make columns worthless.
const OTHER: &str = "_OTHER";
/// The same, in the name of an event.
#[cfg(feature = "tower")]
const OTHER_IN_NAME: &str = "HTTP";

/// A method by its name, which is kept only for those that are known.
pub(crate) fn method(method: &Method) -> Option<&'static str> {
    const KNOWN: [&str; 10] = [
        "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY",
    ];
    KNOWN.into_iter().find(|known| *known == method.as_str())
}

/// For `http.request.method`.
pub(crate) fn method_field(known: Option<&'static str>) -> &'static str {
    known.unwrap_or(OTHER)
}

/// For the name of an event.
#[cfg(feature = "tower")]
pub(crate) fn method_in_name(known: Option<&'static str>) -> &'static str {
    known.unwrap_or(OTHER_IN_NAME)
}

/// For `network.protocol.version`.
pub(crate) fn version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_09 => Some("0.9"),
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        Version::HTTP_3 => Some("3"),
        _ => None,
    }
}

/// A status as the text that `error.type` is: "503".
pub(crate) fn status_text(status: StatusCode) -> &'static str {
    const DIGITS: usize = 3;
    const FIRST: u16 = 100;
    const STATUSES: usize = 900;
    static TEXT: [u8; STATUSES * DIGITS] = {
        let mut text = [0; STATUSES * DIGITS];
        let mut place = 0;
        let mut digits = [b'1', b'0', b'0'];
        while place < text.len() {
            text[place] = digits[0];
            text[place + 1] = digits[1];
            text[place + 2] = digits[2];
            place += DIGITS;
            digits[2] += 1;
            let mut digit = 2;
            while digit > 0 && digits[digit] > b'9' {
                digits[digit] = b'0';
                digits[digit - 1] += 1;
                digit -= 1;
            }
        }
        text
    };
    let start = usize::from(status.as_u16().saturating_sub(FIRST)) * DIGITS;
    TEXT.get(start..start + DIGITS)
        .and_then(|text| std::str::from_utf8(text).ok())
        .unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_its_own_text() {
        for code in 100..=999 {
            let status = StatusCode::from_u16(code).unwrap_or_default();
            assert_eq!(status_text(status), code.to_string());
        }
    }

    #[test]
    fn a_method_that_nobody_knows_is_another() {
        let made_up = Method::from_bytes(b"BREW").unwrap_or_default();
        assert_eq!(method_field(method(&made_up)), "_OTHER");
        assert_eq!(method_field(method(&Method::PATCH)), "PATCH");
    }
}
