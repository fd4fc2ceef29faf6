//! Which API keys there are, and what each may do.

use crate::received::{ApiKey, Dataset};

/// An API key the server knows, and what belongs to it.
///
/// ```
/// use honey_local::{KnownKey, Server};
///
/// let key = KnownKey::new("a-key").team("Bakery").environment("test").datasets(["shop"]);
/// let server = Server::builder().keys([key]).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KnownKey {
    pub(crate) key: ApiKey,
    pub(crate) team: String,
    pub(crate) environment: String,
    pub(crate) datasets: Option<Vec<Dataset>>,
    pub(crate) send_events: bool,
}

impl KnownKey {
    /// A key of the team and environment "local" that may send events to every dataset.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self {
            key: ApiKey::new(key),
            team: "local".to_owned(),
            environment: "local".to_owned(),
            datasets: None,
            send_events: true,
        }
    }

    /// The team's name.
    #[must_use]
    pub fn team(mut self, name: impl Into<String>) -> Self {
        self.team = name.into();
        self
    }

    /// The environment's name; empty for a classic key.
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = name.into();
        self
    }

    /// The only datasets this key may send to.
    #[must_use]
    pub fn datasets<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.datasets = Some(names.into_iter().map(Dataset::new).collect());
        self
    }

    /// Whether the key has the permission "Send Events"; default true.
    #[must_use]
    pub fn send_events(mut self, may: bool) -> Self {
        self.send_events = may;
        self
    }

    pub(crate) fn may_send_to(&self, dataset: &Dataset) -> bool {
        self.send_events
            && self
                .datasets
                .as_ref()
                .is_none_or(|allowed| allowed.contains(dataset))
    }
}

/// The keys a server accepts.
#[derive(Clone, Debug, Default)]
pub(crate) enum Keys {
    /// Any key that is not empty.
    #[default]
    Any,
    /// These alone.
    Known(Vec<KnownKey>),
}

impl Keys {
    /// What belongs to `key`; `None` when the key is unknown.
    pub(crate) fn find(&self, key: &ApiKey) -> Option<KnownKey> {
        match self {
            Self::Any => Some(KnownKey::new(key.reveal())),
            Self::Known(keys) => keys.iter().find(|known| known.key == *key).cloned(),
        }
    }
}
