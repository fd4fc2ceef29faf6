//! Time that is added to an open event.

use std::time::Instant;

use super::handle::EventHandle;
use crate::value::{Key, in_units_of};

/// Adds the time since it was made to its event when it drops; see [`EventHandle::time`].
///
/// ```
/// # fn load() {}
/// #[honey::event]
/// fn page() {
///     let timer = honey::current().time("db_ms");
///     load();
///     drop(timer); // `db_ms` of `page`; another one of that name adds to it
/// }
/// # page();
/// ```
#[derive(Debug)]
pub struct EventTimer {
    event: EventHandle,
    name: Key,
    /// `None`: sampling leaves the event out, or there is none, so no clock is read.
    started: Option<Instant>,
}

impl EventTimer {
    pub(super) fn new(event: EventHandle, name: Key) -> Self {
        Self {
            // After the event's end too: what is late is counted.
            started: event.recording().map(|_| Instant::now()),
            event,
            name,
        }
    }
}

impl Drop for EventTimer {
    fn drop(&mut self) {
        if let Some(started) = self.started {
            self.event
                .add_ms(&self.name, in_units_of(1e6, started.elapsed()));
        }
    }
}
