//! What the fuzz targets in `fuzz/` reach: parsers of what comes from outside. Only with `--cfg honey_fuzz`, and for nobody else.

use std::time::SystemTime;

use crate::{config, filter, propagation, sender};

/// A server's answer to a batch of `events`; returns how many verdicts were read.
#[must_use]
pub fn answer(status: u16, body: &[u8], events: usize) -> usize {
    sender::fuzzing::verdicts(status, body, events)
}

/// `Retry-After`, in seconds.
#[must_use]
pub fn retry_after(value: &str, now: SystemTime) -> Option<f64> {
    sender::fuzzing::retry_after(value, now).map(|wait| wait.as_secs_f64())
}

/// `OTEL_RESOURCE_ATTRIBUTES`, decoded.
#[must_use]
pub fn attributes(list: &str) -> Option<Vec<(String, String)>> {
    config::read_attributes(list).ok()
}

/// `HONEY_FILTER`; whether it can be read. Some names are judged by it.
#[must_use]
pub fn filter(list: &str) -> bool {
    let Ok(filter) = filter::Filter::parse([list]) else {
        return false;
    };
    for name in ["", "db", "db::query", "a::b::c", "*", list] {
        let _ = filter.judge_name(name);
    }
    true
}

/// Headers that name an event of another process, written again in each format.
#[must_use]
pub fn headers(headers: &[(&str, &[u8])]) -> Option<[Vec<(String, String)>; 2]> {
    propagation::fuzzing::written_again(headers)
}
