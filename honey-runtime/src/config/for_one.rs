//! What only one client can have, in a configuration that can be copied.

use crate::sync::{Arc, Mutex};

/// What only one client can have: copies share it until it is taken.
pub(crate) struct ForOne<T>(Arc<Mutex<Option<T>>>);

impl<T> ForOne<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(Some(value))))
    }

    /// Gives it to the first who asks.
    pub(crate) fn take(&self) -> Option<T> {
        self.0.try_lock()?.take()
    }
}

impl<T> Clone for ForOne<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
