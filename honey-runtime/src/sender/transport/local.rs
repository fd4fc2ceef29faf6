//! Delivery by a [`Transmission`]: honey's own or the user's, called on the ship thread.

use std::time::Duration;

use super::Reply;
use crate::isolate;
use crate::sender::directory::Address;
use crate::sender::encode::Body;
use crate::sender::events::Events;
use crate::transmission::{Batch, Item, Transmission};

/// A transmission, with its panics kept in.
pub(in crate::sender) struct Local {
    /// `Some` until it is dropped.
    transmission: Option<Box<dyn Transmission>>,
    /// What a batch may take, if the transmission cares.
    timeout: Duration,
}

impl Local {
    pub(super) fn new(transmission: Box<dyn Transmission>, timeout: Duration) -> Self {
        Self {
            transmission: Some(transmission),
            timeout,
        }
    }

    /// Hands the events over, each with its piece of the body.
    pub(super) fn send(&mut self, events: &Events, body: &Body) -> Reply {
        let items = events.iter().enumerate().filter_map(|(place, event)| {
            let view = event.view()?;
            let address = Address::of(&view);
            Some(Item {
                json: body.piece(place),
                api_host: &address.base.api_host,
                api_key: &address.base.api_key,
                dataset: address.dataset,
                unix_ns: view.record.unix_ns,
                sample_rate: view.record.sample_rate,
            })
        });
        let mut batch = Batch::new(items.collect());
        let timeout = self.timeout;
        let has_panicked = self
            .run(|transmission| transmission.send(&mut batch, timeout))
            .is_none();
        Reply::Settled {
            settlements: batch.into_settlements(),
            has_panicked,
        }
    }

    /// False when it panicked.
    pub(in crate::sender) fn flush(&mut self, timeout: Duration) -> bool {
        self.run(|transmission| transmission.flush(timeout))
            .is_some()
    }

    /// False when it panicked.
    pub(in crate::sender) fn tick(&mut self) -> bool {
        self.run(|transmission| transmission.tick()).is_some()
    }

    fn run(&mut self, code: impl FnOnce(&mut dyn Transmission)) -> Option<()> {
        let transmission = self.transmission.as_mut()?;
        isolate::run(|| code(&mut **transmission))
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        isolate::discard(self.transmission.take());
    }
}
