//! What this process uses.

use std::fs;
use std::time::{Duration, Instant};

use honey::Client;

/// One look at a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) at: Duration,
    pub(crate) resident_bytes: u64,
    pub(crate) threads: u64,
    pub(crate) pending: u64,
}

pub(crate) fn sample(started: Instant, client: &Client) -> Sample {
    let stats = client.stats();
    assert!(stats.is_balanced(), "{stats}");
    Sample {
        at: started.elapsed(),
        resident_bytes: status("VmRSS:") * 1_024,
        threads: status("Threads:"),
        pending: stats.pending,
    }
}

/// The most that was ever resident.
pub(crate) fn peak_bytes() -> u64 {
    status("VmHWM:") * 1_024
}

/// A line of /proc/self/status; sizes are in KiB.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

pub(crate) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
