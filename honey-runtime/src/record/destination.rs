//! Where an event goes: the tuple that batches are formed by.

use std::fmt;

/// An endpoint, a key and a dataset; compared as a tuple, so that two destinations never share a batch.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Destination {
    /// Base URL, e.g. `https://api.honeycomb.io`; may carry a path prefix. Empty: discard.
    pub(crate) api_host: String,
    pub(crate) api_key: String,
    pub(crate) dataset: String,
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination")
            .field("api_host", &without_credentials(&self.api_host))
            .field("api_key", &"[key]")
            .field("dataset", &self.dataset)
            .finish()
    }
}

/// A URL for messages: a user name and password in it are masked.
pub(crate) fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..authority_end].rfind('@') {
        Some(at) => format!("{scheme}://[credentials]{}", &rest[at..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_masked_and_nothing_else() {
        assert_eq!(
            without_credentials("https://u:p@ss@host/a@b"),
            "https://[credentials]@host/a@b"
        );
        assert_eq!(
            without_credentials("http://host:80/a@b"),
            "http://host:80/a@b"
        );
        assert_eq!(without_credentials("nonsense"), "nonsense");
    }
}
