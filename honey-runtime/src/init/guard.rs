//! What keeps the global client alive.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, DROP_TIMEOUT, Report, unbound};

/// A guard that lived no longer than this, and saw no event, was hardly meant to close the client.
const SHORT_LIFE: Duration = Duration::from_secs(1);

/// Keeps the global client alive. Dropped, it closes the client, with five seconds to send what is left.
///
/// Bound to `_` it is dropped at once. When that happens before there was any event, the first event within a second after it says
/// so on stderr, or to `on_diagnostic`.
///
/// ```
/// use std::time::Duration;
///
/// # fn main() -> Result<(), honey::InitError> {
/// let guard = honey::init(honey::Config::new("key").dataset("shop").api_host(""))?;
/// guard.client().flush(Duration::from_secs(1));
/// let report = guard.close(Duration::from_secs(5)); // or let it drop
/// assert!(report.in_time);
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping the guard closes honey at once: bind it, `let _guard = honey::init(…)?;`"]
#[derive(Debug)]
pub struct Guard {
    client: Client,
    made: Instant,
}

impl Guard {
    pub(super) fn of(client: Client) -> Self {
        Self {
            client,
            made: Instant::now(),
        }
    }

    /// Takes no more events, sends what is there for at most `timeout`, and ends the threads. What has no outcome by then is
    /// dropped as `CloseDeadline`, and counted in the report.
    #[expect(
        clippy::must_use_candidate,
        reason = "closing is the point, reading the report is not"
    )]
    pub fn close(self, timeout: Duration) -> Report {
        self.client.close(timeout)
    }

    /// The global client itself.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether it is dropped as if nobody had bound it: open still, soon after it was made, before anything happened.
    fn seems_unbound(&self) -> bool {
        let is_open = self.client.inner().is_some_and(|inner| !inner.is_closed());
        if !is_open || self.made.elapsed() > SHORT_LIFE || thread::panicking() {
            return false;
        }
        let stats = self.client.stats();
        stats.created == 0 && stats.open == 0
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let seems_unbound = self.seems_unbound();
        self.client.close(DROP_TIMEOUT);
        if seems_unbound {
            unbound::watch();
        }
    }
}
