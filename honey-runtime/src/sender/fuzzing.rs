//! What the fuzz targets reach of the sender.

use std::time::{Duration, SystemTime};

use super::retry::{self, Reading};

/// How many verdicts an answer gives.
pub(crate) fn verdicts(status: u16, body: &[u8], events: usize) -> usize {
    match retry::read(status, body, events) {
        Reading::Accepted(_) => events,
        Reading::Taken(verdicts) => verdicts.len(),
        _ => 0,
    }
}

pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    retry::retry_after(value, now)
}
