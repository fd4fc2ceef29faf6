//! A dataset's name: shown as first written, compared without regard to case.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A dataset's name, decoded from the request's path.
///
/// "Dataset names are case insensitive … All subsequent variations in casing will use the originally specified
/// case" (Events API): two names that differ in case only are equal, and the server shows the first casing.
///
/// ```
/// use honey_local::Dataset;
///
/// let dataset = Dataset::new("Shop");
/// assert!(dataset == "shop");
/// assert_eq!(dataset.to_string(), "Shop");
/// ```
#[derive(Clone)]
pub struct Dataset(Arc<str>);

impl Dataset {
    /// A dataset of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as first written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that names are compared in.
    pub(crate) fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        *self == *other.as_str()
    }
}

impl Eq for Dataset {}

impl PartialEq<str> for Dataset {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other || self.folded() == other.to_lowercase()
    }
}

impl PartialEq<&str> for Dataset {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl Hash for Dataset {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().hash(state);
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
