//! Lets one message of a kind through a minute, and counts the others.

use std::time::Duration;

use crate::sync::{AtomicU64, Ordering};

/// The least time between two messages of one kind.
const REPEAT_INTERVAL: Duration = Duration::from_secs(60);

/// The state of one kind. No lock: under overload, threads of the application come by with every event they lose.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Not before this.
    next_ns: AtomicU64,
    times: AtomicU64,
    /// How many of them the last message knew of.
    times_said: AtomicU64,
    last_ns: AtomicU64,
}

impl Gate {
    /// Counts this time. How many messages were kept back since the last one, if it is time for one.
    pub(super) fn pass(&self, now_ns: u64) -> Option<u64> {
        let before = self.times.fetch_add(1, Ordering::Relaxed);
        self.last_ns.store(now_ns, Ordering::Relaxed);
        let next_ns = self.next_ns.load(Ordering::Relaxed);
        let after_ns =
            now_ns.saturating_add(u64::try_from(REPEAT_INTERVAL.as_nanos()).unwrap_or(u64::MAX));
        let is_due = now_ns >= next_ns
            && self
                .next_ns
                .compare_exchange(next_ns, after_ns, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        is_due.then(|| before.saturating_sub(self.times_said.swap(before + 1, Ordering::Relaxed)))
    }

    /// How often it happened.
    pub(super) fn times(&self) -> u64 {
        self.times.load(Ordering::Relaxed)
    }

    /// When it happened last.
    pub(super) fn last_ns(&self) -> u64 {
        self.last_ns.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_minute_and_a_count_of_the_others() {
        let minute = 60_000_000_000;
        let gate = Gate::default();
        assert_eq!(gate.pass(5), Some(0));
        assert_eq!(gate.pass(6), None);
        assert_eq!(gate.pass(4 + minute), None);
        assert_eq!(gate.pass(5 + minute), Some(2));
        assert_eq!(gate.pass(6 + minute), None);
        assert_eq!(gate.pass(5 + 2 * minute), Some(1));
        assert_eq!((gate.times(), gate.last_ns()), (6, 5 + 2 * minute));
    }

    #[test]
    fn threads_that_come_at_once_say_it_once_and_count_the_others() {
        let gate = Gate::default();
        let said = std::thread::scope(|threads| {
            let many: Vec<_> = (0..8)
                .map(|_| {
                    threads.spawn(|| (0..100).filter_map(|_| gate.pass(7)).collect::<Vec<_>>())
                })
                .collect();
            many.into_iter()
                .flat_map(|thread| thread.join().unwrap_or_default())
                .collect::<Vec<_>>()
        });
        let later = gate.pass(7 + 60_000_000_000).unwrap_or(0);
        assert_eq!((said.len(), gate.times()), (1, 801));
        assert_eq!(said[0] + later, 799);
    }
}
