//! How long to wait after the n-th failure in a row.

use std::time::Duration;

/// Tries of an event that the server keeps turning away by itself (429 or 5xx inside a 200).
pub(in crate::sender) const MAX_PARTIAL_TRIES: u32 = 10;
/// What a server may ask for: it must not be able to stop us for good.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The bounds of the wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) most: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            most: Duration::from_secs(30),
        }
    }
}

impl Backoff {
    /// Exponential with full jitter: clients that failed together do not come back together. `failures` counts from 1,
    /// `dice` is in 0..1. What the server asked for wins; but when it keeps asking for no wait at all, it gets one.
    pub(in crate::sender) fn wait(
        self,
        failures: u32,
        asked: Option<Duration>,
        dice: f64,
    ) -> Duration {
        if let Some(asked) = asked.filter(|asked| failures <= 1 || !asked.is_zero()) {
            return asked.min(MAX_RETRY_AFTER);
        }
        let doublings = failures.saturating_sub(1).min(16);
        let ceiling = self.first.saturating_mul(1 << doublings).min(self.most);
        ceiling.mul_f64(dice.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_the_most_with_full_jitter() {
        let backoff = Backoff::default();
        for (failures, dice, expected_ms) in [
            (1, 1.0, 200),
            (1, 0.0, 0),
            (2, 1.0, 400),
            (3, 0.5, 400),
            (8, 1.0, 25_600),
            (9, 1.0, 30_000),
            (u32::MAX, 1.0, 30_000),
            (0, 1.0, 200),
        ] {
            let wait = backoff.wait(failures, None, dice);
            assert_eq!(
                wait,
                Duration::from_millis(expected_ms),
                "{failures} {dice}"
            );
        }
    }

    #[test]
    fn a_short_first_wait_doubles_as_often_as_it_must() {
        let backoff = Backoff {
            first: Duration::from_millis(1),
            most: Duration::from_secs(3_600),
        };
        for (failures, expected_ms) in [(12, 2_048), (17, 65_536), (18, 65_536)] {
            let wait = backoff.wait(failures, None, 1.0);
            assert_eq!(wait, Duration::from_millis(expected_ms), "{failures}");
        }
    }

    #[test]
    fn the_server_may_ask_for_up_to_a_minute() {
        let backoff = Backoff::default();
        for (asked, failures, expected_ms) in [
            (Duration::from_millis(1_500), 5, 1_500),
            (Duration::from_secs(1_000_000_000), 1, 60_000),
            (Duration::ZERO, 1, 0),
            (Duration::ZERO, 2, 400),
        ] {
            let wait = backoff.wait(failures, Some(asked), 1.0);
            assert_eq!(wait, Duration::from_millis(expected_ms));
        }
    }
}
