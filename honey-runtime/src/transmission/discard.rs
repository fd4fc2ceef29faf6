//! Nowhere.

use std::time::Duration;

use super::{Batch, Transmission};

/// Throws events away, each with the outcome `Discarded(NoDestination)`; needs no key. They are encoded first, as for any
/// transmission; an empty [`api_host`](crate::Config::api_host) throws them away sooner.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = honey::Config::from_env()?.transmission(honey::transmission::Discard);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Discard;

impl Transmission for Discard {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        for event in batch.events() {
            event.discard();
        }
    }

    fn flush(&mut self, _timeout: Duration) {}
}
