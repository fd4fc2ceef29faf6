//! Traces in the making: held back until they look complete.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::Event;

/// With its root here, a trace is complete after this much quiet: a few of the senders' intervals.
const QUIET: Duration = Duration::from_millis(300);
/// Without its root, after this much.
const ROOTLESS_QUIET: Duration = Duration::from_secs(5);
/// A trace that never falls quiet is shown in parts.
const MAX_AGE: Duration = Duration::from_secs(30);
/// Events held back at most; then all are shown as they are.
const MAX_HELD: usize = 20_000;

/// The events held back.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// By trace id; `None` for the events without a trace, which wait for nothing but each other.
    traces: HashMap<Option<String>, Held>,
}

#[derive(Debug)]
struct Held {
    events: Vec<Event>,
    first: Instant,
    last: Instant,
    has_root: bool,
}

impl Held {
    fn due(&self) -> Instant {
        let quiet = if self.has_root { QUIET } else { ROOTLESS_QUIET };
        (self.last + quiet).min(self.first + MAX_AGE)
    }
}

impl Live {
    pub(super) fn add(&mut self, events: Vec<Event>, now: Instant) {
        for event in events {
            let id = event.trace_id().map(str::to_owned);
            let alone = id.is_none();
            let new = || Held {
                events: Vec::new(),
                first: now,
                last: now,
                has_root: false,
            };
            let held = self.traces.entry(id).or_insert_with(new);
            held.has_root |= event.parent_id().is_none() || alone;
            held.last = if alone { held.first } else { now };
            held.events.push(event);
        }
    }

    /// How long until something is to be shown.
    pub(super) fn next_due(&self, now: Instant) -> Option<Duration> {
        self.traces
            .values()
            .map(|held| held.due().saturating_duration_since(now))
            .min()
    }

    /// The events of the traces to be shown now, in the order they came.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<Event> {
        let held: usize = self.traces.values().map(|held| held.events.len()).sum();
        let is_due = |held_back: &Held| held > MAX_HELD || held_back.due() <= now;
        let all = std::mem::take(&mut self.traces).into_iter();
        let (due, rest): (Vec<_>, Vec<_>) = all.partition(|(_, held)| is_due(held));
        self.traces.extend(rest);
        let mut events: Vec<_> = due.into_iter().flat_map(|(_, held)| held.events).collect();
        events.sort_by_key(|event| event.number);
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u64, trace: &str, parent: &str) -> Event {
        let fields = serde_json::json!({ "trace.trace_id": trace, "trace.parent_id": parent });
        Event {
            number,
            ..Event::new("shop", fields.as_object().cloned().unwrap_or_default())
        }
    }

    fn numbers(events: &[Event]) -> Vec<u64> {
        events.iter().map(|event| event.number).collect()
    }

    #[test]
    fn a_trace_waits_for_quiet_after_its_root() {
        let (mut live, start) = (Live::default(), Instant::now());
        assert_eq!(live.next_due(start), None);
        live.add(vec![event(1, "t", "p")], start);
        assert_eq!(live.next_due(start), Some(ROOTLESS_QUIET));
        live.add(vec![event(2, "t", "")], start + QUIET);
        live.add(vec![event(3, "t", "p")], start + QUIET * 3 / 2);
        assert!(live.take_due(start + QUIET * 2).is_empty());
        assert_eq!(live.next_due(start + QUIET * 2), Some(QUIET / 2));
        assert_eq!(numbers(&live.take_due(start + QUIET * 5 / 2)), [1, 2, 3]);
        assert_eq!(live.next_due(start), None);
    }

    #[test]
    fn the_rootless_and_the_restless_are_shown_too() {
        let (mut live, start) = (Live::default(), Instant::now());
        live.add(vec![event(1, "rootless", "p")], start);
        assert!(live.take_due(start + ROOTLESS_QUIET / 2).is_empty());
        assert_eq!(numbers(&live.take_due(start + ROOTLESS_QUIET)), [1]);
        for second in 0..=30 {
            live.add(
                vec![event(second, "restless", "p")],
                start + Duration::from_secs(second),
            );
        }
        assert_eq!(live.take_due(start + MAX_AGE).len(), 31);
    }

    #[test]
    fn events_without_a_trace_wait_a_moment() {
        let (mut live, start) = (Live::default(), Instant::now());
        live.add(vec![event(1, "", "p")], start);
        live.add(vec![event(2, "", "")], start + QUIET / 2);
        assert_eq!(numbers(&live.take_due(start + QUIET)), [1, 2]);
    }

    #[test]
    fn what_is_held_is_bounded() {
        let (mut live, start) = (Live::default(), Instant::now());
        live.add(
            (0..=20_000).map(|number| event(number, "t", "p")).collect(),
            start,
        );
        assert_eq!(live.take_due(start).len(), 20_001);
    }
}
