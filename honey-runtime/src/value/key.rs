//! A field's name.

use std::borrow::Cow;

/// The name of a field: `&'static str` costs nothing, a `String` or `Cow` is copied.
///
/// Any text is a key; it is escaped when it is sent. Servers take keys of any characters.
///
/// ```
/// let shard = 7;
/// honey::current().add_field("db.response.returned_rows", 3);
/// honey::current().add_field(format!("db.shard_{shard}.rows"), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(pub(crate) Cow<'static, str>);

impl From<&'static str> for Key {
    #[inline]
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl From<String> for Key {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl From<Cow<'static, str>> for Key {
    fn from(name: Cow<'static, str>) -> Self {
        Self(name)
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
