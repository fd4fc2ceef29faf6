//! When the threads' chunks are collected: often while there are events, rarely when there are none.

use std::time::{Duration, Instant};

/// After this long without events the sweep slows down.
const IDLE_AFTER: Duration = Duration::from_secs(10);
const IDLE_INTERVAL: Duration = Duration::from_secs(1);

/// The times of the sweeps.
pub(super) struct Pace {
    frequency: Duration,
    next: Instant,
    last_busy: Instant,
    is_idle: bool,
}

impl Pace {
    pub(super) fn new(frequency: Duration, now: Instant) -> Self {
        Self {
            frequency,
            next: now,
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

    /// There were events.
    pub(super) fn busy(&mut self, now: Instant) {
        self.last_busy = now;
    }

    /// A sweep was made.
    pub(super) fn swept(&mut self, now: Instant) {
        self.is_idle = now.saturating_duration_since(self.last_busy) >= IDLE_AFTER;
        self.next = now + self.interval();
    }

    /// Until the next sweep.
    pub(super) fn interval(&self) -> Duration {
        if self.is_idle {
            self.frequency.max(IDLE_INTERVAL)
        } else {
            self.frequency
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slows_down_when_idle_and_speeds_up_with_the_first_event() {
        let start = Instant::now();
        let often = Duration::from_millis(100);
        let mut pace = Pace::new(often, start);
        assert!(pace.is_due(start));
        pace.swept(start);
        assert_eq!(pace.next(), start + often);
        let later = start + IDLE_AFTER;
        pace.swept(later);
        assert_eq!(pace.next(), later + IDLE_INTERVAL);
        pace.busy(later);
        pace.swept(later);
        assert_eq!(pace.next(), later + often);
    }
}
