//! When to send what has gathered: at once when nothing is under way, in full batches when something is.

use std::time::Duration;

/// What has gathered for one destination.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gathered {
    pub(super) events: usize,
    /// About what they will be as JSON.
    pub(super) bytes: usize,
    /// Since the first of them came.
    pub(super) waited: Duration,
    /// Requests under way to this destination.
    pub(super) in_flight: usize,
    /// Somebody waits in a flush.
    pub(super) is_hurried: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) events: usize,
    pub(super) bytes: usize,
    pub(super) longest_wait: Duration,
    pub(super) in_flight: usize,
}

/// A small request at once costs nobody anything while the connection is idle; while it is busy, large ones cost half as much.
pub(super) fn is_due(gathered: Gathered, limits: Limits) -> bool {
    if gathered.events == 0 || gathered.in_flight >= limits.in_flight.max(1) {
        return false;
    }
    gathered.in_flight == 0
        || gathered.is_hurried
        || gathered.events >= limits.events
        || gathered.bytes >= limits.bytes
        || gathered.waited >= limits.longest_wait
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_once_when_idle_and_full_when_busy() {
        let limits = Limits {
            events: 10,
            bytes: 1_000,
            longest_wait: Duration::from_millis(100),
            in_flight: 2,
        };
        let one = Gathered {
            events: 1,
            bytes: 1,
            waited: Duration::ZERO,
            in_flight: 0,
            is_hurried: false,
        };
        for (gathered, expected) in [
            (Gathered { events: 0, ..one }, false),
            (one, true),
            (
                Gathered {
                    in_flight: 1,
                    ..one
                },
                false,
            ),
            (
                Gathered {
                    in_flight: 1,
                    events: 10,
                    ..one
                },
                true,
            ),
            (
                Gathered {
                    in_flight: 1,
                    bytes: 1_000,
                    ..one
                },
                true,
            ),
            (
                Gathered {
                    in_flight: 1,
                    waited: Duration::from_millis(100),
                    ..one
                },
                true,
            ),
            (
                Gathered {
                    in_flight: 1,
                    is_hurried: true,
                    ..one
                },
                true,
            ),
            (
                Gathered {
                    in_flight: 2,
                    is_hurried: true,
                    events: 99,
                    ..one
                },
                false,
            ),
        ] {
            assert_eq!(is_due(gathered, limits), expected, "{gathered:?}");
        }
    }
}
