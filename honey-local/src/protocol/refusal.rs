//! A request refused as a whole.

use std::borrow::Cow;

/// The status and text a request is refused with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) error: Cow<'static, str>,
    /// The method to use instead, for the `Allow` header.
    pub(crate) allow: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(status: u16, error: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            error: error.into(),
            allow: None,
        }
    }

    pub(crate) fn malformed() -> Self {
        Self::new(400, "request body is malformed and cannot be read as JSON")
    }

    pub(crate) fn empty_body() -> Self {
        Self::new(400, "Request body should not be empty.")
    }

    pub(crate) fn wrong_method(allow: &'static str) -> Self {
        Self {
            allow: Some(allow),
            ..Self::new(405, format!("method not allowed: use {allow}"))
        }
    }
}
