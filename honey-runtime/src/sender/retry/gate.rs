//! Whether a destination may be sent to: after a failure it is closed for a while, then one probe decides.

use std::time::{Duration, Instant};

use super::backoff::Backoff;

/// What is wrong with a destination; it also decides how an event that gets too old meanwhile is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sender) enum Trouble {
    /// Refused, reset, timed out.
    Transport,
    /// The name has no address.
    UnknownHost,
    /// The proxy wants a password, or another one.
    Proxy,
    Tls,
    Unauthorized,
    Throttled,
    Unavailable,
    /// A transmission asked for another try.
    Transmission,
}

/// The state of one destination.
#[derive(Debug, Default)]
pub(in crate::sender) struct Gate {
    closed: Option<Closed>,
    /// In a row.
    failures: u32,
    /// It has answered since it was last out of reach.
    has_answered: bool,
}

#[derive(Debug)]
struct Closed {
    until: Instant,
    trouble: Trouble,
    probing: bool,
}

impl Gate {
    /// Whether a request may begin now; `Some(true)`: as a probe, alone.
    pub(in crate::sender) fn may_send(&self, now: Instant) -> Option<bool> {
        match &self.closed {
            None => Some(false),
            Some(closed) => (!closed.probing && closed.until <= now).then_some(true),
        }
    }

    /// How many requests may be under way, of at most `most`: one until the first answer. A name that is not resolved, or a server
    /// that accepts and is silent, keeps one look-up and one connection busy then, and not those of all destinations.
    pub(in crate::sender) fn most_in_flight(&self, most: usize) -> usize {
        if self.has_answered { most.max(1) } else { 1 }
    }

    /// When to look again, if time alone will open the gate for a probe.
    pub(in crate::sender) fn next_look(&self) -> Option<Instant> {
        let closed = self.closed.as_ref()?;
        (!closed.probing).then_some(closed.until)
    }

    /// Why it is closed.
    pub(in crate::sender) fn trouble(&self) -> Option<Trouble> {
        self.closed.as_ref().map(|closed| closed.trouble)
    }

    /// A request marked as a probe has begun.
    pub(in crate::sender) fn begin_probe(&mut self) {
        if let Some(closed) = &mut self.closed {
            closed.probing = true;
        }
    }

    /// A probe ended without an answer of any kind: the next may begin.
    pub(in crate::sender) fn abandon_probe(&mut self) {
        if let Some(closed) = &mut self.closed {
            closed.probing = false;
        }
    }

    /// The server took a request. One that began before the trouble proves nothing.
    pub(in crate::sender) fn succeeded(&mut self, was_probe: bool) {
        self.has_answered = true;
        if was_probe {
            self.closed = None;
            self.failures = 0;
        }
    }

    /// A request failed. Requests that were under way together fail together, and count as one failure.
    pub(in crate::sender) fn failed(&mut self, failure: Failure, now: Instant, policy: Policy) {
        let Failure {
            trouble,
            was_probe,
            asked,
        } = failure;
        if !was_probe && heard_when_closed(self.closed.as_mut(), asked, now) {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        self.has_answered &= !matches!(
            trouble,
            Trouble::Transport | Trouble::UnknownHost | Trouble::Tls
        );
        let wait = match trouble {
            Trouble::Tls | Trouble::Unauthorized | Trouble::Proxy => policy.probe_interval,
            Trouble::Transport
            | Trouble::UnknownHost
            | Trouble::Throttled
            | Trouble::Unavailable
            | Trouble::Transmission => policy.backoff.wait(self.failures, asked, policy.dice),
        };
        self.closed = Some(Closed {
            until: now + wait,
            trouble,
            probing: false,
        });
    }
}

/// One failure, as the gate sees it.
#[derive(Debug, Clone, Copy)]
pub(in crate::sender) struct Failure {
    pub(in crate::sender) trouble: Trouble,
    pub(in crate::sender) was_probe: bool,
    /// `Retry-After`.
    pub(in crate::sender) asked: Option<Duration>,
}

/// How long to close for.
#[derive(Debug, Clone, Copy)]
pub(in crate::sender) struct Policy {
    pub(in crate::sender) backoff: Backoff,
    pub(in crate::sender) probe_interval: Duration,
    /// In 0..1.
    pub(in crate::sender) dice: f64,
}

/// True when the gate was closed already; what a second server asked for is heard even so.
fn heard_when_closed(closed: Option<&mut Closed>, asked: Option<Duration>, now: Instant) -> bool {
    let Some(closed) = closed else {
        return false;
    };
    if let Some(asked) = asked {
        closed.until = closed.until.max(now + asked.min(Duration::from_secs(60)));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy {
        backoff: Backoff {
            first: Duration::from_millis(200),
            most: Duration::from_secs(30),
        },
        probe_interval: Duration::from_secs(60),
        dice: 1.0,
    };

    fn failure(trouble: Trouble, was_probe: bool, asked_s: Option<u64>) -> Failure {
        Failure {
            trouble,
            was_probe,
            asked: asked_s.map(Duration::from_secs),
        }
    }

    #[test]
    fn one_probe_after_the_wait_and_then_on() {
        let start = Instant::now();
        let mut gate = Gate::default();
        assert_eq!(gate.may_send(start), Some(false));
        gate.failed(failure(Trouble::Throttled, false, Some(2)), start, POLICY);
        assert_eq!(gate.may_send(start + Duration::from_millis(1_999)), None);
        let due = start + Duration::from_secs(2);
        assert_eq!(gate.next_look(), Some(due));
        assert_eq!(gate.may_send(due), Some(true));
        gate.begin_probe();
        assert_eq!(gate.may_send(due), None, "one probe at a time");
        assert_eq!(gate.next_look(), None);
        gate.succeeded(true);
        assert_eq!(gate.may_send(due), Some(false));
        assert_eq!(gate.trouble(), None);
    }

    #[test]
    fn one_request_at_a_time_until_the_first_answer() {
        let start = Instant::now();
        let mut gate = Gate::default();
        assert_eq!(gate.most_in_flight(8), 1);
        gate.succeeded(false);
        assert_eq!((gate.most_in_flight(8), gate.most_in_flight(0)), (8, 1));
        gate.failed(failure(Trouble::Throttled, false, None), start, POLICY);
        assert_eq!(gate.most_in_flight(8), 8, "it answers");
        gate.failed(failure(Trouble::Transport, true, None), start, POLICY);
        assert_eq!(gate.most_in_flight(8), 1);
    }

    #[test]
    fn requests_that_fail_together_count_once() {
        let start = Instant::now();
        let mut gate = Gate::default();
        for _ in 0..8 {
            gate.failed(failure(Trouble::Unavailable, false, None), start, POLICY);
        }
        let due = start + Duration::from_millis(200);
        assert_eq!(gate.next_look(), Some(due));
        gate.begin_probe();
        gate.failed(failure(Trouble::Unavailable, true, None), due, POLICY);
        assert_eq!(gate.next_look(), Some(due + Duration::from_millis(400)));
        gate.failed(failure(Trouble::Throttled, false, Some(10)), due, POLICY);
        assert_eq!(gate.next_look(), Some(due + Duration::from_secs(10)));
        gate.failed(failure(Trouble::Throttled, false, Some(1)), due, POLICY);
        assert_eq!(
            gate.next_look(),
            Some(due + Duration::from_secs(10)),
            "the longest pause that was asked for"
        );
        gate.succeeded(false);
        assert_eq!(
            gate.trouble(),
            Some(Trouble::Unavailable),
            "an older request proves nothing"
        );
    }

    #[test]
    fn a_wrong_key_and_a_bad_certificate_are_probed_once_a_minute() {
        for trouble in [Trouble::Unauthorized, Trouble::Tls, Trouble::Proxy] {
            let start = Instant::now();
            let mut gate = Gate::default();
            gate.failed(failure(trouble, false, None), start, POLICY);
            assert_eq!(gate.next_look(), Some(start + Duration::from_secs(60)));
            assert_eq!(gate.trouble(), Some(trouble));
        }
    }
}
