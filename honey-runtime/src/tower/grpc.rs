//! gRPC's part: a call's name and its status, which comes in trailers.
//!
//! Names of <https://opentelemetry.io/docs/specs/semconv/rpc/grpc/>, a release candidate.

use ::http::{HeaderValue, Uri};

/// `package.Service/Method`.
pub(super) fn method(uri: &Uri) -> &str {
    uri.path().trim_start_matches('/')
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) name: &'static str,
    /// Something is wrong with the server, and not with what it was asked.
    pub(super) is_error: bool,
}

/// The status that stands in a response's headers or trailers, if it is text.
pub(super) fn status(value: &HeaderValue) -> Option<Status> {
    // In the order of their numbers, <https://grpc.io/docs/guides/status-codes/>.
    const STATUSES: [(&str, bool); 17] = [
        ("OK", false),
        ("CANCELLED", false),
        ("UNKNOWN", true),
        ("INVALID_ARGUMENT", false),
        ("DEADLINE_EXCEEDED", true),
        ("NOT_FOUND", false),
        ("ALREADY_EXISTS", false),
        ("PERMISSION_DENIED", false),
        ("RESOURCE_EXHAUSTED", false),
        ("FAILED_PRECONDITION", false),
        ("ABORTED", false),
        ("OUT_OF_RANGE", false),
        ("UNIMPLEMENTED", true),
        ("INTERNAL", true),
        ("UNAVAILABLE", true),
        ("DATA_LOSS", true),
        ("UNAUTHENTICATED", false),
    ];
    let code = value.to_str().ok()?;
    let known = code
        .parse()
        .ok()
        .and_then(|code: usize| STATUSES.get(code).copied());
    // A number that is none is UNKNOWN, as the protocol says.
    let (name, is_error) = known.unwrap_or(("UNKNOWN", true));
    Some(Status { name, is_error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_by_number() {
        for (code, name, is_error) in [
            ("0", "OK", false),
            ("5", "NOT_FOUND", false),
            ("14", "UNAVAILABLE", true),
            ("17", "UNKNOWN", true),
            ("-1", "UNKNOWN", true),
            ("", "UNKNOWN", true),
        ] {
            let value = HeaderValue::from_static(code);
            assert_eq!(status(&value), Some(Status { name, is_error }), "{code}");
        }
    }
}
