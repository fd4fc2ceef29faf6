//! When the threads' chunks are collected: the more events come the sooner, and rarely when there are none.

use std::time::{Duration, Instant};

/// After this long without events the sweep slows down.
const IDLE_AFTER: Duration = Duration::from_secs(10);
const IDLE_INTERVAL: Duration = Duration::from_secs(1);
/// What a sweep is to find: about one request's worth, so that it pays to wake up for it.
const BYTES_A_SWEEP: usize = 1024 * 1024;
/// No sweep sooner than this after the last.
const LEAST_INTERVAL: Duration = Duration::from_millis(2);

/// The times of the sweeps.
pub(super) struct Pace {
    /// The longest that events lie with their threads while there are some.
    frequency: Duration,
    last: Instant,
    /// Between the last sweep and the one before.
    last_interval: Duration,
    next: Instant,
    /// What came since the last sweep but one.
    bytes: usize,
    last_busy: Instant,
    is_idle: bool,
}

impl Pace {
    pub(super) fn new(frequency: Duration, now: Instant) -> Self {
        Self {
            frequency,
            last: now,
            last_interval: frequency,
            next: now + frequency,
            bytes: 0,
            last_busy: now,
            is_idle: false,
        }
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        now >= self.next
    }

    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// A sweep was made. What it found comes after it.
    pub(super) fn swept(&mut self, now: Instant) {
        self.is_idle = now.saturating_duration_since(self.last_busy) >= IDLE_AFTER;
        self.last_interval = now.saturating_duration_since(self.last);
        self.last = now;
        self.bytes = 0;
        self.next = now + self.longest();
    }

    /// So much came in. At this speed the next sweep is due when there will be enough for it.
    pub(super) fn came(&mut self, bytes: usize, now: Instant) {
        if bytes == 0 {
            return;
        }
        self.last_busy = now;
        self.is_idle = false;
        self.bytes += bytes;
        let since = now.saturating_duration_since(self.last);
        let window = if since.is_zero() {
            self.last_interval
        } else {
            since
        };
        let enough_ns = window.as_nanos() * BYTES_A_SWEEP as u128 / self.bytes as u128;
        let enough = Duration::from_nanos(u64::try_from(enough_ns).unwrap_or(u64::MAX));
        let interval = enough.max(LEAST_INTERVAL).min(self.frequency);
        self.next = self.next.min(now + interval);
    }

    /// The longest time until the next sweep.
    pub(super) fn longest(&self) -> Duration {
        if self.is_idle {
            self.frequency.max(IDLE_INTERVAL)
        } else {
            self.frequency
        }
    }

    /// Whether nothing has come for a while.
    pub(super) fn is_idle(&self) -> bool {
        self.is_idle
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever comes, the next sweep is no further away than the frequency, or a second in quiet times; and what comes only
        /// brings it nearer.
        #[test]
        fn the_next_sweep_is_never_far(
            frequency_ms in 0..5_000_u64,
            steps in prop::collection::vec((0..20_000_u64, 0..100_000_000_usize), 0..40),
        ) {
            let frequency = Duration::from_millis(frequency_ms);
            let mut now = Instant::now();
            let mut pace = Pace::new(frequency, now);
            for (waited_ms, bytes) in steps {
                now += Duration::from_millis(waited_ms);
                if pace.is_due(now) {
                    pace.swept(now);
                }
                let before = pace.next();
                prop_assert!(before <= now + frequency.max(IDLE_INTERVAL));
                pace.came(bytes, now);
                prop_assert!(pace.next() <= before);
                prop_assert!(bytes == 0 || pace.next() <= now + frequency.max(LEAST_INTERVAL));
            }
        }
    }

    const OFTEN: Duration = Duration::from_millis(100);

    #[test]
    fn slows_down_when_idle_and_speeds_up_with_the_first_event() {
        let start = Instant::now();
        let mut pace = Pace::new(OFTEN, start);
        assert!(!pace.is_due(start));
        assert_eq!(pace.next(), start + OFTEN);
        let later = start + IDLE_AFTER;
        pace.swept(later);
        assert_eq!(pace.next(), later + IDLE_INTERVAL);
        pace.came(1, later);
        assert_eq!(pace.next(), later + OFTEN);
        assert!(!pace.is_idle());
    }

    #[test]
    fn a_sweep_is_due_when_there_is_enough_for_it() {
        let start = Instant::now();
        for (bytes, expected) in [
            (BYTES_A_SWEEP / 2, OFTEN),
            (BYTES_A_SWEEP, OFTEN),
            (4 * BYTES_A_SWEEP, OFTEN / 4),
            (10_000 * BYTES_A_SWEEP, LEAST_INTERVAL),
        ] {
            let mut pace = Pace::new(OFTEN, start);
            let now = start + OFTEN;
            pace.swept(now);
            pace.came(bytes, now);
            assert_eq!(pace.next(), now + expected, "{bytes}");
        }
    }

    #[test]
    fn what_comes_between_two_sweeps_counts_too() {
        let start = Instant::now();
        let mut pace = Pace::new(OFTEN, start);
        pace.swept(start);
        let now = start + OFTEN / 4;
        pace.came(5 * BYTES_A_SWEEP, now);
        assert_eq!(pace.next(), now + OFTEN / 20);
        // Never later than it was.
        pace.came(1, now + OFTEN / 40);
        assert_eq!(pace.next(), now + OFTEN / 20);
    }
}
