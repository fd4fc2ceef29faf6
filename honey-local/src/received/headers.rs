//! A request's headers, the key among them masked.

use std::fmt;

use super::ApiKey;

/// The header that carries the API key.
pub(crate) const TEAM: &str = "x-honeycomb-team";

/// A request's headers, in the order they came, with names in lower case.
///
/// `Debug` masks the API key and other credentials; [`get`](Self::get) gives the values as they were sent.
///
/// ```
/// # use std::time::Duration;
/// # let server = honey_local::Server::start()?;
/// # let client = honey::Client::new(honey::Config::new("any-key").dataset("shop").api_host(server.url()))?;
/// # honey::with_client(&client, || honey::in_child_event("checkout", || honey::current().add_field("cart.items", 3)));
/// # server.wait_for_events(1, Duration::from_secs(30))?;
/// let headers = &server.requests()[0].headers; // of a server that one event was sent to
/// assert_eq!(headers.get("Content-Type"), Some("application/json"));
/// assert!(!format!("{headers:?}").contains("any-key"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Keeps `headers`; values that are not UTF-8 are kept with replacement characters.
    pub(crate) fn read(headers: &hyper::HeaderMap) -> Self {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        Self(
            headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
                .collect(),
        )
    }

    /// The first value of the header `name`, whose case does not matter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All headers as (name, value).
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The key the request was sent with; `None` when there is none or it is empty.
    pub(crate) fn api_key(&self) -> Option<ApiKey> {
        self.get(TEAM)
            .filter(|text| !text.is_empty())
            .map(ApiKey::new)
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = |name: &str| {
            matches!(
                name,
                TEAM | "authorization" | "proxy-authorization" | "cookie"
            )
        };
        f.debug_map()
            .entries(
                self.iter()
                    .map(|(name, value)| (name, if secret(name) { "****" } else { value })),
            )
            .finish()
    }
}

#[cfg(test)]
impl<'a> FromIterator<(&'a str, &'a str)> for Headers {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(headers: T) -> Self {
        Self(
            headers
                .into_iter()
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
        )
    }
}
