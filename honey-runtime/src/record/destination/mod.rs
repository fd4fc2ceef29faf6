//! Where an event goes: the tuple that batches are formed by, and what is wrong with one that leads nowhere.

mod api_host;
mod api_key;

use std::fmt;

pub(crate) use api_host::Way;
pub(crate) use api_key::is_classic;

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

/// The errors say what to write instead, and never repeat a key, nor a URL, which may hold a password.
impl Destination {
    /// What a base URL leads to; the error says what is wrong with it.
    pub(crate) fn way_to(api_host: &str) -> Result<Way, &'static str> {
        api_host::read(api_host.trim())
    }

    /// Whether events can be sent there over HTTP, and by which way.
    pub(crate) fn check(&self) -> Result<Way, String> {
        let way = Self::way_to(&self.api_host).map_err(|problem| {
            format!(
                "`api_host` cannot be used: {problem}. Write, for example, `https://api.honeycomb.io`, in the code or in \
                 HONEYCOMB_API_ENDPOINT, or an empty string to discard events"
            )
        })?;
        if self.api_key.is_empty() && !way.is_loopback {
            return Err(
                "no API key: set HONEYCOMB_API_KEY and use `Config::from_env()?`, or give it to `Config::new`. To run without \
                 sending, set OTEL_SDK_DISABLED=true or call `.disabled(true)`; a local server on loopback needs no key"
                    .to_owned(),
            );
        }
        self.check_texts()?;
        Ok(way)
    }

    /// Whether key and dataset hold only what belongs there, wherever events go.
    pub(crate) fn check_texts(&self) -> Result<(), String> {
        if !api_key::is_sendable(&self.api_key) {
            return Err(
                "the API key contains blanks, control characters or characters outside ASCII: copy it again from Honeycomb, \
                 without line ends or quotes"
                    .to_owned(),
            );
        }
        if self.dataset.chars().any(char::is_control) {
            return Err(format!(
                "the dataset {:?} contains control characters, such as a line end: write its name as Honeycomb shows it",
                self.dataset
            ));
        }
        Ok(())
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

    fn destination(api_host: &str, api_key: &str, dataset: &str) -> Destination {
        Destination {
            api_host: api_host.to_owned(),
            api_key: api_key.to_owned(),
            dataset: dataset.to_owned(),
        }
    }

    #[test]
    fn each_part_is_checked_and_no_secret_repeated() {
        for (wrong, advice) in [
            (destination("host", "k", "d"), "https://api.honeycomb.io"),
            (
                destination("https://u:hunter2@host", "k", "d"),
                "user name or password",
            ),
            (destination("https://host", "", "d"), "HONEYCOMB_API_KEY"),
            (
                destination("https://host", "hunter2\r\nX-Evil: 1", "d"),
                "copy it again",
            ),
            (
                destination("https://host", "k", "d\n"),
                "control characters",
            ),
        ] {
            let said = wrong.check().err().unwrap_or_default();
            assert!(said.contains(advice), "{said:?} should name {advice:?}");
            assert!(!said.contains("hunter2"), "{said}");
        }
        for right in [
            destination(" https://host/prefix ", "k", "my set"),
            destination("http://[::1]:80", "", ""),
        ] {
            assert!(right.check().is_ok(), "{right:?}");
        }
    }

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
