//! An API key that does not show itself.

use std::fmt;
use std::sync::Arc;

/// An API key. `Debug` masks it, and there is no `Display`; [`reveal`](Self::reveal) gives the text.
///
/// ```
/// use honey_local::ApiKey;
///
/// let key = ApiKey::new("any-key");
/// assert_eq!(format!("{key:?}"), "ApiKey(****)");
/// assert_eq!(key.reveal(), "any-key");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ApiKey(Arc<str>);

impl ApiKey {
    /// A key with this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The key itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(****)")
    }
}

impl PartialEq<str> for ApiKey {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for ApiKey {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}
