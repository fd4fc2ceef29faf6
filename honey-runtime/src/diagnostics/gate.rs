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
    kept_back: AtomicU64,
}

impl Gate {
    /// How many messages were kept back, if it is time for one.
    pub(super) fn pass(&self, now_ns: u64) -> Option<u64> {
        let next_ns = self.next_ns.load(Ordering::Relaxed);
        let after_ns =
            now_ns.saturating_add(u64::try_from(REPEAT_INTERVAL.as_nanos()).unwrap_or(u64::MAX));
        let is_due = now_ns >= next_ns
            && self
                .next_ns
                .compare_exchange(next_ns, after_ns, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if is_due {
            Some(self.kept_back.swap(0, Ordering::Relaxed))
        } else {
            self.kept_back.fetch_add(1, Ordering::Relaxed);
            None
        }
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
    }

    #[test]
    fn threads_that_come_at_once_say_it_once_and_count_the_others() {
        let gate = Gate::default();
        let said = std::thread::scope(|threads| {
            let many: Vec<_> = (0..8)
                .map(|_| threads.spawn(|| (0..100).filter(|_| gate.pass(7).is_some()).count()))
                .collect();
            many.into_iter()
                .map(|thread| thread.join().unwrap_or(0))
                .sum::<usize>()
        });
        assert_eq!((said, gate.kept_back.load(Ordering::Relaxed)), (1, 799));
    }
}
