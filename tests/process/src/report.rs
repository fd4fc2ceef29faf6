//! What a process says of its balance, in one line that a test can read.

use std::io::Write as _;

use honey::{Report, Stats};

/// `report WHO created=1 … balanced=true in_time=true elapsed_ms=5`
pub(crate) fn report(who: &str, report: &Report) {
    let end = format!(
        "in_time={} elapsed_ms={}",
        report.in_time,
        report.elapsed.as_millis()
    );
    line(who, &report.stats, &end);
}

/// The same of a client that goes on.
pub(crate) fn stats(who: &str, stats: &Stats) {
    line(who, stats, "in_time=true elapsed_ms=0");
}

fn line(who: &str, stats: &Stats, end: &str) {
    let text = format!(
        "report {who} created={} delivered={} sampled_out={} discarded={} rejected={} dropped={} pending={} open={} balanced={} {end}\n",
        stats.created,
        stats.delivered(),
        stats.sampled_out,
        stats.discarded.total(),
        stats.rejected,
        stats.dropped.total(),
        stats.pending,
        stats.open,
        stats.is_balanced(),
    );
    // One write: several processes share the pipe.
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
