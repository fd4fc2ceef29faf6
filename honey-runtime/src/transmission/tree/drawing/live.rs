//! Traces in the making: held back until they look complete.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Drawable;

/// With its root here, a trace is complete after this much quiet: a few of the senders' intervals.
const QUIET: Duration = Duration::from_millis(300);
/// Without its root, after this much.
const ROOTLESS_QUIET: Duration = Duration::from_secs(5);
/// A trace that never falls quiet is shown in parts.
const MAX_AGE: Duration = Duration::from_secs(30);
/// Events held back at most, and their bytes; then all are shown as they are.
const MAX_HELD: usize = 20_000;
const MAX_HELD_BYTES: usize = 64 << 20;

/// The events held back.
#[derive(Debug)]
pub struct Live<E> {
    /// By trace id; `None` for the events without a trace, which wait for nothing but each other.
    traces: HashMap<Option<String>, HeldBack<E>>,
    /// Events that came, ever.
    count: u64,
}

impl<E> Default for Live<E> {
    fn default() -> Self {
        Self {
            traces: HashMap::new(),
            count: 0,
        }
    }
}

#[derive(Debug)]
struct HeldBack<E> {
    /// Each with its number.
    events: Vec<(u64, E)>,
    bytes: usize,
    first: Instant,
    last: Instant,
    has_root: bool,
}

impl<E> HeldBack<E> {
    fn due(&self) -> Instant {
        let quiet = if self.has_root { QUIET } else { ROOTLESS_QUIET };
        (self.last + quiet).min(self.first + MAX_AGE)
    }
}

impl<E: Drawable> Live<E> {
    /// Holds events back.
    pub fn add(&mut self, events: impl IntoIterator<Item = E>, now: Instant) {
        for event in events {
            let shown = &event as &dyn Drawable;
            let id = shown.trace_id().map(str::to_owned);
            let is_root = shown.parent_id().is_none();
            let alone = id.is_none();
            let new = || HeldBack {
                events: Vec::new(),
                bytes: 0,
                first: now,
                last: now,
                has_root: false,
            };
            let held = self.traces.entry(id).or_insert_with(new);
            held.has_root |= is_root || alone;
            held.last = if alone { held.first } else { now };
            held.bytes += event.held_bytes();
            self.count += 1;
            held.events.push((self.count, event));
        }
    }

    /// How long until something is to be shown.
    #[must_use]
    pub fn next_due(&self, now: Instant) -> Option<Duration> {
        self.traces
            .values()
            .map(|held| held.due().saturating_duration_since(now))
            .min()
    }

    /// The events of the traces to be shown now, in the order they came.
    pub fn take_due(&mut self, now: Instant) -> Vec<E> {
        let held: usize = self.traces.values().map(|held| held.events.len()).sum();
        let bytes: usize = self.traces.values().map(|held| held.bytes).sum();
        let is_full = held > MAX_HELD || bytes > MAX_HELD_BYTES;
        self.take(|held| is_full || held.due() <= now)
    }

    /// All events, in the order they came.
    pub fn take_all(&mut self) -> Vec<E> {
        self.take(|_| true)
    }

    fn take(&mut self, is_due: impl Fn(&HeldBack<E>) -> bool) -> Vec<E> {
        let all = std::mem::take(&mut self.traces).into_iter();
        let (due, rest): (Vec<_>, Vec<_>) = all.partition(|(_, held)| is_due(held));
        self.traces.extend(rest);
        let mut events: Vec<_> = due.into_iter().flat_map(|(_, held)| held.events).collect();
        events.sort_by_key(|(number, _)| *number);
        events.into_iter().map(|(_, event)| event).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::transmission::tree::Shown;

    /// Numbered by its time.
    fn event(number: i64, trace: &str, parent: &str) -> Shown {
        let fields = serde_json::json!({ "trace.trace_id": trace, "trace.parent_id": parent });
        Shown {
            time_ns: number,
            ..Shown::new("shop", fields.as_object().cloned().unwrap_or_default())
        }
    }

    fn numbers(events: &[Shown]) -> Vec<i64> {
        events.iter().map(|event| event.time_ns).collect()
    }

    #[test]
    fn a_trace_waits_for_quiet_after_its_root() {
        let (mut live, start) = (Live::<Shown>::default(), Instant::now());
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
        let (mut live, start) = (Live::<Shown>::default(), Instant::now());
        live.add(vec![event(1, "rootless", "p")], start);
        assert!(live.take_due(start + ROOTLESS_QUIET / 2).is_empty());
        assert_eq!(numbers(&live.take_due(start + ROOTLESS_QUIET)), [1]);
        for second in 0..=30 {
            live.add(
                vec![event(second, "restless", "p")],
                start + Duration::from_secs(second.unsigned_abs()),
            );
        }
        assert_eq!(live.take_due(start + MAX_AGE).len(), 31);
    }

    #[test]
    fn events_without_a_trace_wait_a_moment() {
        let (mut live, start) = (Live::<Shown>::default(), Instant::now());
        live.add(vec![event(1, "", "p")], start);
        live.add(vec![event(2, "", "")], start + QUIET / 2);
        assert_eq!(numbers(&live.take_due(start + QUIET)), [1, 2]);
    }

    #[test]
    fn what_is_held_is_bounded() {
        let (mut live, start) = (Live::<Shown>::default(), Instant::now());
        live.add((0..=20_000).map(|number| event(number, "t", "p")), start);
        assert_eq!(live.take_due(start).len(), 20_001);
        let large = |number| Shown {
            bytes: MAX_HELD_BYTES / 2 + 1,
            ..event(number, "t", "p")
        };
        live.add([large(1)], start);
        assert!(live.take_due(start).is_empty());
        live.add([large(2)], start);
        assert_eq!(live.take_due(start).len(), 2);
        live.add([event(1, "t", "p")], start);
        assert_eq!(live.take_all().len(), 1);
    }
}
