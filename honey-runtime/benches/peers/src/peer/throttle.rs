//! Keeps a caller from offering more than a peer would take without dropping, where the peer has no such setting.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Longer than any request takes; what has not arrived by then is lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many events have arrived, and who waits for that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals(Arc<(Mutex<u64>, Condvar)>);

impl Arrivals {
    pub(crate) fn add(&self, events: usize) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) += events as u64;
        self.0.1.notify_all();
    }

    pub(crate) fn count(&self) -> u64 {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until at least so many have arrived, or nothing more is to be hoped for. Returns how many have.
    pub(crate) fn wait_for(&self, events: u64) -> u64 {
        let arrived = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (arrived, _) = self
            .0
            .1
            .wait_timeout_while(arrived, PATIENCE, |arrived| *arrived < events)
            .unwrap_or_else(PoisonError::into_inner);
        *arrived
    }
}

/// One caller's count of what it has under way.
#[derive(Clone)]
pub(crate) struct Throttle {
    arrivals: Arrivals,
    most_under_way: u64,
    offered: u64,
    /// As last seen, so that the lock is taken once in a while and not for each event.
    arrived: u64,
}

impl Throttle {
    pub(crate) fn new(arrivals: Arrivals, most_under_way: usize) -> Self {
        Self {
            arrivals,
            most_under_way: most_under_way as u64,
            offered: 0,
            arrived: 0,
        }
    }

    /// Counts one more, once there is room for it.
    pub(crate) fn make_room(&mut self) {
        self.offered += 1;
        if self.offered > self.arrived + self.most_under_way {
            // Half of it at once, so that the two sides do not take turns at every event.
            let enough = self.offered - self.most_under_way / 2;
            self.arrived = self.arrivals.wait_for(enough.min(self.offered));
        }
    }
}
