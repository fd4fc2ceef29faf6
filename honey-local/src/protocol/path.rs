//! The path of a request: which endpoint, and which dataset.

use super::refusal::Refusal;
use crate::received::Dataset;

/// The endpoint a request is for. The dataset is still percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    Batch(&'a str),
    Single(&'a str),
    Markers(&'a str),
    Auth,
}

impl<'a> Route<'a> {
    /// Finds the endpoint; the query is ignored.
    pub(crate) fn find(method: &str, path_and_query: &'a str) -> Result<Self, Refusal> {
        let path = path_and_query
            .split_once('?')
            .map_or(path_and_query, |(path, _)| path);
        let route = Self::of_path(path).ok_or_else(|| Refusal::new(404, "not found: this server knows POST /1/batch/{dataset}, POST /1/events/{dataset}, POST /1/markers/{dataset} and GET /1/auth"))?;
        let wanted = if route == Self::Auth { "GET" } else { "POST" };
        if method == wanted {
            Ok(route)
        } else {
            Err(Refusal::wrong_method(wanted))
        }
    }

    /// True for the endpoints that take events.
    pub(crate) fn takes_events(self) -> bool {
        matches!(self, Self::Batch(_) | Self::Single(_))
    }

    fn of_path(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix("/1/")?;
        if rest == "auth" {
            return Some(Self::Auth);
        }
        let (endpoint, segment) = rest.split_once('/')?;
        // A dataset is one segment: a slash in its name has to come as %2F.
        if segment.is_empty() || segment.contains('/') {
            return None;
        }
        match endpoint {
            "batch" => Some(Self::Batch(segment)),
            "events" => Some(Self::Single(segment)),
            "markers" => Some(Self::Markers(segment)),
            _ => None,
        }
    }
}

/// The dataset's name out of its path segment.
pub(crate) fn dataset(segment: &str) -> Result<Dataset, Refusal> {
    let unreadable = || Refusal::new(400, "dataset name in the path is not properly URL encoded");
    let bytes = percent_decoded(segment.as_bytes()).ok_or_else(unreadable)?;
    let name = String::from_utf8(bytes).map_err(|_| unreadable())?;
    if name.trim().is_empty() {
        return Err(Refusal::new(400, "dataset name is empty"));
    }
    Ok(Dataset::new(&name))
}

/// Decodes `%XX` once; `None` when a `%` is not followed by two hexadecimal digits.
fn percent_decoded(mut encoded: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut decoded = Vec::with_capacity(encoded.len());
    loop {
        encoded = match encoded {
            [] => return Some(decoded),
            [b'%', high, low, rest @ ..] => {
                decoded.push(digit(*high)? * 16 + digit(*low)?);
                rest
            }
            [b'%', ..] => return None,
            [plain, rest @ ..] => {
                decoded.push(*plain);
                rest
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let found = |method, path| Route::find(method, path).map_err(|refusal| refusal.status);
        assert_eq!(found("POST", "/1/batch/shop"), Ok(Route::Batch("shop")));
        assert_eq!(
            found("POST", "/1/batch/a%2Fb?x=/1"),
            Ok(Route::Batch("a%2Fb"))
        );
        assert_eq!(found("POST", "/1/events/shop"), Ok(Route::Single("shop")));
        assert_eq!(found("GET", "/1/auth"), Ok(Route::Auth));
        assert_eq!(found("GET", "/1/batch/shop"), Err(405));
        assert_eq!(found("POST", "/1/auth"), Err(405));
        for path in [
            "/",
            "/1/batch",
            "/1/batch/",
            "/1/batch/a/b",
            "/1/batch/a/",
            "//1/batch/a",
            "/2/batch/a",
            "/1/auth/",
            "/1/Batch/a",
        ] {
            assert_eq!(found("POST", path), Err(404), "{path}");
        }
    }

    #[test]
    fn datasets_are_decoded_once() {
        let name = |segment| {
            dataset(segment)
                .map(|dataset| dataset.as_str().to_owned())
                .map_err(|refusal| refusal.status)
        };
        for (segment, expected) in [
            ("My%20Dataset", "My Dataset"),
            ("foo%2Fbar", "foo/bar"),
            ("foo%2520bar", "foo%20bar"),
            ("foo%28bar%29", "foo(bar)"),
            ("a+b", "a+b"),
            ("%2E%2e", ".."),
            ("caf%C3%A9", "café"),
        ] {
            assert_eq!(name(segment), Ok(expected.to_owned()));
        }
        for segment in ["%", "%2", "%zz", "a%", "%ff", "%20", "%+1"] {
            assert_eq!(name(segment), Err(400), "{segment}");
        }
    }
}
