//! What the process and the thread have used so far, as the kernel counts it.

use std::time::Duration;

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// CPU time, peak memory and context switches.
#[derive(Clone, Copy, Default)]
pub(crate) struct Used {
    pub(crate) cpu: Duration,
    pub(crate) peak_kib: u64,
    /// The thread gave up its CPU: it waited for something.
    pub(crate) waits: u64,
    /// Its CPU was taken away.
    pub(crate) preemptions: u64,
    pub(crate) page_faults: u64,
}

/// By all threads of this process.
pub(crate) fn of_process() -> Used {
    read(UsageWho::RUSAGE_SELF)
}

/// By the calling thread.
pub(crate) fn of_thread() -> Used {
    read(UsageWho::RUSAGE_THREAD)
}

fn read(who: UsageWho) -> Used {
    getrusage(who).map_or_else(|_| Used::default(), |usage| Used::of(&usage))
}

impl Used {
    fn of(usage: &Usage) -> Self {
        let microseconds =
            usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        Self {
            cpu: Duration::from_micros(u64::try_from(microseconds).unwrap_or(0)),
            peak_kib: u64::try_from(usage.max_rss()).unwrap_or(0),
            waits: u64::try_from(usage.voluntary_context_switches()).unwrap_or(0),
            preemptions: u64::try_from(usage.involuntary_context_switches()).unwrap_or(0),
            page_faults: u64::try_from(usage.minor_page_faults() + usage.major_page_faults())
                .unwrap_or(0),
        }
    }
}
