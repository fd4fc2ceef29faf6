//! Where an event goes: the tuple that batches are formed by.

use std::fmt;

/// An endpoint, a key and a dataset; compared as a tuple, so that two destinations never share a batch.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Destination {
    /// Base URL, e.g. `https://api.honeycomb.io`; may carry a path prefix. Empty: discard.
    pub(crate) api_host: String,
    pub(crate) api_key: String,
    pub(crate) dataset: String,
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination")
            .field("api_host", &self.api_host)
            .field("api_key", &"[key]")
            .field("dataset", &self.dataset)
            .finish()
    }
}
