//! What a process says of its balance, in one line that a test can read.

use std::fs;
use std::io::Write as _;
use std::thread;
use std::time::Instant;

use honey::{Report, Stats};

use crate::LONG;

/// `report WHO created=1 … balanced=true in_time=true threads=0`: honey's threads that are left, when they have had the time to end.
pub(crate) fn report(who: &str, report: &Report) {
    line(who, &report.stats, report.in_time, threads_left(|_| true));
}

/// The same when one of the threads hangs in what is not honey's, a name look-up inside the operating system for one: those of this
/// name are not counted.
pub(crate) fn report_but(hanging: &str, who: &str, report: &Report) {
    let left = threads_left(|name| name != hanging);
    line(who, &report.stats, report.in_time, left);
}

/// Waits for the end of those of honey's threads that count, and says how many there are still.
fn threads_left(counts: impl Fn(&str) -> bool) -> usize {
    let started = Instant::now();
    loop {
        let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
        let names = tasks
            .flatten()
            .filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        let left = names
            .filter(|name| name.starts_with("honey-") && counts(name.trim_end()))
            .count();
        if left == 0 || started.elapsed() > LONG / 2 {
            return left;
        }
        thread::yield_now();
    }
}

/// The same of a client that goes on.
pub(crate) fn stats(who: &str, stats: &Stats) {
    line(who, stats, true, 0);
}

fn line(who: &str, stats: &Stats, in_time: bool, threads: usize) {
    let text = format!(
        "report {who} created={} delivered={} sampled_out={} discarded={} rejected={} dropped={} pending={} open={} balanced={} in_time={in_time} threads={threads}\n",
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
