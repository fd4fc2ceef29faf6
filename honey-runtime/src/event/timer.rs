//! Time that is added to an open event.

use std::time::Instant;

use super::handle::EventHandle;
use crate::value::{Key, in_units_of};

/// Adds the time since it was made to its event when it drops; see [`EventHandle::time`].
#[derive(Debug)]
pub struct EventTimer {
    event: EventHandle,
    name: Key,
    /// `None`: nothing is recorded, so no clock is read.
    started: Option<Instant>,
}

impl EventTimer {
    pub(super) fn new(event: EventHandle, name: Key) -> Self {
        Self {
            started: event.is_recording().then(Instant::now),
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
