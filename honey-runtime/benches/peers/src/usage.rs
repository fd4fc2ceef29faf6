//! What the process and the thread have used so far, as the kernel counts it.

use std::time::Duration;

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};

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
    read(UsageWho::RUSAGE_SELF, ClockId::CLOCK_PROCESS_CPUTIME_ID)
}

/// By the calling thread.
pub(crate) fn of_thread() -> Used {
    read(UsageWho::RUSAGE_THREAD, ClockId::CLOCK_THREAD_CPUTIME_ID)
}

fn read(who: UsageWho, clock: ClockId) -> Used {
    // Its own CPU times are as coarse as the scheduler's tick.
    let cpu = clock_gettime(clock).map_or(Duration::ZERO, Duration::from);
    getrusage(who).map_or_else(|_| Used::default(), |usage| Used::of(&usage, cpu))
}

impl Used {
    fn of(usage: &Usage, cpu: Duration) -> Self {
        Self {
            cpu,
            peak_kib: u64::try_from(usage.max_rss()).unwrap_or(0),
            waits: u64::try_from(usage.voluntary_context_switches()).unwrap_or(0),
            preemptions: u64::try_from(usage.involuntary_context_switches()).unwrap_or(0),
            page_faults: u64::try_from(usage.minor_page_faults() + usage.major_page_faults())
                .unwrap_or(0),
        }
    }
}
