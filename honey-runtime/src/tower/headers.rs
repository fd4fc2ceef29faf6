//! The headers that an event is made of.

use ::http::{HeaderMap, HeaderValue};

use crate::propagation;

/// What a request's headers say, found in one pass: to look each of them up takes longer than most requests have headers.
///
/// Of a header that is there more than once the first counts.
#[derive(Default)]
pub(super) struct RequestHeaders<'a> {
    pub(super) host: Option<&'a HeaderValue>,
    pub(super) user_agent: Option<&'a HeaderValue>,
    pub(super) forwarded_proto: Option<&'a HeaderValue>,
    pub(super) content_type: Option<&'a HeaderValue>,
    pub(super) content_length: Option<&'a HeaderValue>,
    /// They may name the caller's event.
    pub(super) has_caller: bool,
}

impl<'a> RequestHeaders<'a> {
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let mut known = Self::default();
        for (name, value) in headers {
            let place = match name.as_str() {
                "host" => &mut known.host,
                "user-agent" => &mut known.user_agent,
                "content-type" => &mut known.content_type,
                "content-length" => &mut known.content_length,
                "x-forwarded-proto" => &mut known.forwarded_proto,
                other => {
                    known.has_caller |= propagation::is_context(other);
                    continue;
                }
            };
            place.get_or_insert(value);
        }
        known
    }

    /// `application/grpc`, `application/grpc+proto`, `application/grpc-web` …
    pub(super) fn is_grpc(&self) -> bool {
        self.content_type
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
    }
}

/// The same of a response's.
#[derive(Default)]
pub(super) struct ResponseHeaders<'a> {
    pub(super) content_length: Option<&'a HeaderValue>,
    pub(super) grpc_status: Option<&'a HeaderValue>,
}

impl<'a> ResponseHeaders<'a> {
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let mut known = Self::default();
        for (name, value) in headers {
            let place = match name.as_str() {
                "content-length" => &mut known.content_length,
                "grpc-status" => &mut known.grpc_status,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        known
    }
}

/// A header's value that is text.
pub(super) fn text(value: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(value.as_bytes()).ok()
}

/// One that is a number, in digits alone.
pub(super) fn number(value: &HeaderValue) -> Option<u64> {
    let digits = value.as_bytes();
    let parsed = digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    });
    parsed.filter(|_| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::http::HeaderName;

    fn of(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        map
    }

    #[test]
    fn of_two_values_the_first_counts() {
        let headers = of(&[
            ("x-other", "1"),
            ("host", "first"),
            ("user-agent", "agent"),
            ("host", "second"),
        ]);
        let known = RequestHeaders::of(&headers);
        assert_eq!(known.host.and_then(text), Some("first"));
        assert_eq!(known.user_agent.and_then(text), Some("agent"));
        assert!(!known.has_caller && !known.is_grpc());
    }

    #[test]
    fn a_caller_is_named_by_either_format() {
        for name in ["traceparent", "x-honeycomb-trace"] {
            assert!(RequestHeaders::of(&of(&[(name, "")])).has_caller, "{name}");
        }
        let rest = of(&[("tracestate", "honey=rate:10"), ("baggage", "")]);
        assert!(!RequestHeaders::of(&rest).has_caller);
    }

    #[test]
    fn sizes_are_digits() {
        for (told, size) in [
            ("0", Some(0)),
            ("1024", Some(1_024)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("+5", None),
            ("5 ", None),
            ("", None),
        ] {
            let headers = of(&[("content-length", told)]);
            let of_request = RequestHeaders::of(&headers).content_length;
            let of_response = ResponseHeaders::of(&headers).content_length;
            assert_eq!(of_request.and_then(number), size, "{told}");
            assert_eq!(of_response.and_then(number), size, "{told}");
        }
    }
}
