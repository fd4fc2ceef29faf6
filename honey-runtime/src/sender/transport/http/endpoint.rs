//! A destination as an URL and a key header, made once.

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::record::Destination;

/// Where a destination's batches go.
pub(in crate::sender) struct Endpoint {
    pub(super) url: Url,
    /// Marked as sensitive, so that nothing prints it.
    pub(super) key: HeaderValue,
}

impl Endpoint {
    /// The error is for the operator, and names neither key nor password.
    pub(in crate::sender) fn of(destination: &Destination) -> Result<Self, String> {
        destination.check()?;
        let mut key = HeaderValue::try_from(&destination.api_key)
            .map_err(|_| "the API key has characters that a header cannot carry".to_owned())?;
        key.set_sensitive(true);
        Ok(Self {
            url: url(&destination.api_host, "batch", Some(&destination.dataset))?,
            key,
        })
    }

    /// For messages: never the path, the query or a password.
    pub(in crate::sender) fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or("?");
        self.url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// `{api_host}/1/{endpoint}`, with `/{dataset}` if there is one.
pub(super) fn url(api_host: &str, endpoint: &str, dataset: Option<&str>) -> Result<Url, String> {
    let mut url =
        Url::parse(api_host.trim()).map_err(|error| format!("api_host is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "api_host begins with {}:, not with http: or https:",
            url.scheme()
        ));
    }
    url.set_query(None);
    url.set_fragment(None);
    let mut path = format!("{}/1/{endpoint}", url.path().trim_end_matches('/'));
    if let Some(dataset) = dataset {
        path.push('/');
        path.push_str(&segment(dataset));
    }
    url.set_path(&path);
    Ok(url)
}

/// A dataset as one segment of a path. `.` and `..` would change the path even percent-encoded once (every URL parser resolves
/// `%2e%2e`), so those two names are encoded twice.
fn segment(dataset: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if matches!(dataset, "." | "..") {
        return dataset.replace('.', "%252E");
    }
    let mut segment = String::with_capacity(dataset.len());
    for byte in dataset.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            segment.push(char::from(byte));
        } else {
            segment.push('%');
            segment.push(char::from(DIGITS[usize::from(byte >> 4)]));
            segment.push(char::from(DIGITS[usize::from(byte & 0xf)]));
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dataset_is_one_segment() {
        for (api_host, dataset, expected) in [
            (
                "https://api.honeycomb.io",
                "d",
                "https://api.honeycomb.io/1/batch/d",
            ),
            ("https://h/", "d", "https://h/1/batch/d"),
            (
                "http://h:8080/pre/fix//",
                "d",
                "http://h:8080/pre/fix/1/batch/d",
            ),
            ("http://h?q=1#f", "d", "http://h/1/batch/d"),
            ("https://h", "My Dataset", "https://h/1/batch/My%20Dataset"),
            ("https://h", "foo/bar", "https://h/1/batch/foo%2Fbar"),
            ("https://h", "foo(bar)", "https://h/1/batch/foo%28bar%29"),
            ("https://h", "foo%20bar", "https://h/1/batch/foo%2520bar"),
            ("https://h", "foo.bar", "https://h/1/batch/foo.bar"),
            ("https://h", "..", "https://h/1/batch/%252E%252E"),
            ("https://h", ".", "https://h/1/batch/%252E"),
            ("https://h", "a?b#c", "https://h/1/batch/a%3Fb%23c"),
            ("https://h", "é\n", "https://h/1/batch/%C3%A9%0A"),
        ] {
            let url = url(api_host, "batch", Some(dataset)).map(String::from);
            assert_eq!(url.as_deref(), Ok(expected), "{api_host} {dataset:?}");
        }
    }

    #[test]
    fn what_is_no_endpoint_is_said_without_the_key() {
        for (api_host, api_key) in [
            ("nowhere", "k"),
            ("ftp://h", "k"),
            ("https://h", "secret\n"),
        ] {
            let destination = Destination {
                api_host: api_host.into(),
                api_key: api_key.into(),
                dataset: "d".into(),
            };
            let error = Endpoint::of(&destination).err().unwrap_or_default();
            assert!(!error.is_empty() && !error.contains("secret"), "{error}");
        }
    }
}
