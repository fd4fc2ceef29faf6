//! A value that no output shows.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A value that cannot be recorded: it is no [`ToField`](crate::ToField), and its `Debug` and `Display` print `[secret]`, wherever
/// it is nested.
///
/// It can be deserialized, as configurations need it, but not serialized, so that `add_json` cannot show it either.
///
/// ```
/// use honey::Secret;
///
/// #[derive(Debug)]
/// struct Login { user: &'static str, password: Secret<String> }
///
/// let login = Login { user: "ada", password: Secret::new("hunter2".to_owned()) };
/// assert_eq!(format!("{login:?}"), r#"Login { user: "ada", password: [secret] }"#);
/// assert_eq!(login.password.expose().len(), 7);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Search for this word to see where a secret is used.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, no longer hidden.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}
