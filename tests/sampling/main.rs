//! What is kept and what is not, through the public face: rules over whole traces, dynamic rates, the function before sending. Every
//! test ends with the balance.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::panic, reason = "what users do")]

use honey_test_support as _;

mod before_send;
mod bounds;
mod rules;
mod unbiased;

use std::collections::BTreeMap;
use std::time::Duration;

use honey::sampling::TailRules;
use honey::testing::{Capture, CapturedEvent};
use honey::{Client, Config, EventHandle, Stats};

const KEY: &str = concat!("honeykey", "4test-sampling");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(2);

/// A client that keeps what it sends.
struct Rig {
    client: Client,
    capture: Capture,
}

impl Rig {
    fn new(set: impl FnOnce(Config) -> Config) -> Self {
        let capture = Capture::new();
        let config = Config::new(KEY)
            .dataset("sampling")
            .send_frequency(Duration::from_millis(5))
            .transmission(capture.clone())
            .silent();
        Self {
            client: Client::new(set(config)).unwrap(),
            capture,
        }
    }

    fn with_tail(rules: TailRules) -> Self {
        Self::new(|config| config.tail(rules))
    }

    fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        honey::with_client(&self.client, work)
    }

    /// One trace of a root and a child, with what `root` adds to the root.
    fn trace(&self, root: impl FnOnce(EventHandle)) {
        self.run(|| {
            let scope = honey::start_child("root");
            honey::in_child_event("child", || ());
            root(scope.handle());
        });
    }

    #[track_caller]
    fn balanced(&self) -> Stats {
        let stats = self.client.stats();
        assert!(stats.is_balanced(), "{stats}");
        stats
    }

    #[track_caller]
    fn flushed(&self) -> Vec<CapturedEvent> {
        assert!(self.client.flush(LONG), "{}", self.client.stats());
        self.balanced();
        self.capture.take()
    }

    #[track_caller]
    fn close(self) -> (Vec<CapturedEvent>, Stats) {
        let report = self.client.close(LONG);
        assert!(report.in_time, "{report}");
        let stats = self.balanced();
        assert_eq!((stats.pending, stats.held), (0, 0), "{stats}");
        (self.capture.take(), stats)
    }
}

/// How often each name is among the events.
fn names(events: &[CapturedEvent]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for event in events {
        *counts.entry(event.name().unwrap_or("-")).or_default() += 1;
    }
    counts
}
