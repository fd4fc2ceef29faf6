//! What can go wrong when a client is made.

use std::error::Error;
use std::fmt;

use crate::config::EnvError;

/// Why a client could not be made. Its text says what to write instead; it never contains the key.
///
/// Its `Debug` is its text too, since that is what `fn main() -> Result<…>` prints.
///
/// ```
/// let config = honey::Config::new("key").dataset("shop").api_host("shop.example");
/// let error = honey::Client::new(config).unwrap_err();
/// assert!(error.is_config() && !error.is_already_initialized());
/// println!("{error}"); // `api_host` cannot be used: it is no URL: it must begin with `https://` or `http://` …
/// ```
pub struct InitError {
    kind: Kind,
}

enum Kind {
    Config(String),
    AlreadyInitialized,
    /// The message, and what the operating system or the TLS stack said.
    Start(&'static str, Box<dyn Error + Send + Sync>),
}

impl InitError {
    pub(crate) fn config(problem: String) -> Self {
        Self {
            kind: Kind::Config(problem),
        }
    }

    pub(crate) fn already_initialized() -> Self {
        Self {
            kind: Kind::AlreadyInitialized,
        }
    }

    pub(crate) fn start(
        what: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            kind: Kind::Start(what, source.into()),
        }
    }

    /// A setting is missing or cannot work.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(self.kind, Kind::Config(_))
    }

    /// There is a global client already.
    #[must_use]
    pub fn is_already_initialized(&self) -> bool {
        matches!(self.kind, Kind::AlreadyInitialized)
    }
}

/// For `honey::init(Config::from_env()?)` in a function that returns `Result<_, InitError>`.
impl From<EnvError> for InitError {
    fn from(error: EnvError) -> Self {
        Self::config(error.to_string())
    }
}

impl fmt::Debug for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Config(problem) => f.write_str(problem),
            Kind::AlreadyInitialized => f.write_str(
                "honey is initialised already: call `honey::init` once, in `main`, and keep its guard; a second, isolated \
                 client is made with `honey::Client::new`",
            ),
            Kind::Start(what, source) => write!(f, "{what}: {source}"),
        }
    }
}

impl Error for InitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Start(_, source) => Some(source.as_ref()),
            Kind::Config(_) | Kind::AlreadyInitialized => None,
        }
    }
}
