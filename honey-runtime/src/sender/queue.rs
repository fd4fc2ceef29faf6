//! What waits for one destination.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::batch::Batch;
use super::batching::{self, Gathered, Limits};
use super::events::{Events, Run};
use super::retry::Gate;
use super::transport::Route;
use crate::record::{Chunk, Destination};
use crate::sync::Arc;

/// A batch that waits to be sent again, or a part of one.
pub(super) struct Parcel {
    pub(super) batch: Batch,
    pub(super) due: Instant,
}

/// The queue of one destination.
pub(super) struct Queue {
    pub(super) destination: Arc<Destination>,
    pub(super) route: Route,
    pub(super) gate: Gate,
    /// The failure that closed the gate, in words.
    pub(super) why: String,
    pub(super) parcels: VecDeque<Parcel>,
    /// Events that were never tried, in the order they came.
    pub(super) fresh: VecDeque<Run>,
    /// Requests under way.
    pub(super) in_flight: usize,
    pub(super) is_hurried: bool,
    /// This many of the first fresh events are sent one by one: the worker panicked with them in hand.
    pub(super) suspects: usize,
    waiting_since: Option<Instant>,
    pub(super) used_at: Instant,
    /// Its share of the budget, as far as somebody has just counted it.
    pub(super) held_bytes: usize,
}

impl Queue {
    pub(super) fn new(destination: Arc<Destination>, route: Route, now: Instant) -> Self {
        Self {
            destination,
            route,
            gate: Gate::default(),
            why: String::new(),
            parcels: VecDeque::new(),
            fresh: VecDeque::new(),
            in_flight: 0,
            is_hurried: false,
            suspects: 0,
            waiting_since: None,
            used_at: now,
            held_bytes: 0,
        }
    }

    /// Counted, every time.
    pub(super) fn len(&self) -> usize {
        self.fresh_len()
            + self
                .parcels
                .iter()
                .map(|parcel| parcel.batch.events.len())
                .sum::<usize>()
    }

    pub(super) fn fresh_len(&self) -> usize {
        self.fresh.iter().map(Run::len).sum()
    }

    /// About what its waiting events hold.
    pub(super) fn approximate_bytes(&self) -> usize {
        let parcels = self
            .parcels
            .iter()
            .flat_map(|parcel| &parcel.batch.events.runs);
        self.fresh
            .iter()
            .chain(parcels)
            .map(Run::approximate_bytes)
            .sum()
    }

    pub(super) fn oldest_epoch(&self) -> Option<u64> {
        let waiting = self
            .parcels
            .iter()
            .filter_map(|parcel| parcel.batch.events.oldest_epoch());
        self.fresh.iter().map(|run| run.epoch).chain(waiting).min()
    }

    pub(super) fn push(&mut self, run: Run, now: Instant) {
        self.waiting_since.get_or_insert(now);
        self.used_at = now;
        self.fresh.push_back(run);
    }

    /// Copies an event of another chunk to the end.
    pub(super) fn push_copy(&mut self, from: &mut Chunk, index: usize, epoch: u64, now: Instant) {
        let last = self.fresh.back_mut();
        if last.is_some_and(|run| run.append(from, index, epoch)) {
            return;
        }
        // One that was filled says how much the next one takes.
        let mut chunk = match self.fresh.back() {
            Some(last) if last.is_full() => Chunk::with_room_of(&last.chunk),
            _ => Chunk::default(),
        };
        chunk.take_over(from, index);
        self.push(Run::whole(chunk, epoch), now);
    }

    /// Puts events back that a batch had no room for.
    pub(super) fn put_back(&mut self, events: Events, now: Instant) {
        if events.runs.is_empty() {
            return;
        }
        self.waiting_since.get_or_insert(now);
        for run in events.runs.into_iter().rev() {
            self.fresh.push_front(run);
        }
    }

    /// The next batch to try, if one may begin now.
    pub(super) fn take_up(&mut self, now: Instant, limits: Limits) -> Option<TakenUp> {
        let is_probe = self.gate.may_send(now)?;
        if self.in_flight >= self.gate.most_in_flight(limits.in_flight) {
            return None;
        }
        let batch = match self.due_parcel(now) {
            Some(batch) => batch,
            None if batching::is_due(self.gathered(now, limits), limits) => {
                self.take_fresh(limits.events)
            }
            None => return None,
        };
        if is_probe {
            self.gate.begin_probe();
        }
        self.in_flight += 1;
        self.used_at = now;
        Some(TakenUp { batch, is_probe })
    }

    /// When to look again, if nothing happens meanwhile.
    pub(super) fn next_look(&self, now: Instant, limits: Limits) -> Option<Instant> {
        if self.fresh.is_empty() && self.parcels.is_empty() {
            return None;
        }
        if self.gate.may_send(now).is_none() {
            return self.gate.next_look();
        }
        if self.in_flight >= self.gate.most_in_flight(limits.in_flight) {
            return None;
        }
        let parcel = self.parcels.iter().map(|parcel| parcel.due).min();
        let fresh = self.waiting_since.map(|since| since + limits.longest_wait);
        [parcel, fresh].into_iter().flatten().min()
    }

    /// Takes out what ended before `oldest_ns`, by the process's monotonic clock.
    pub(super) fn take_expired(&mut self, oldest_ns: u64) -> Events {
        let mut expired = Events::default();
        for run in &mut self.fresh {
            // A thread's events end in order, so the old ones are in front.
            let old = run
                .records()
                .iter()
                .take_while(|event| event.ended_ns < oldest_ns)
                .count();
            if old > 0 {
                expired.push(run.take_front(old));
            }
        }
        self.fresh.retain(|run| run.len() > 0);
        self.suspects = self.suspects.min(self.fresh_len());
        for parcel in &mut self.parcels {
            let too_old: Vec<bool> = parcel
                .batch
                .events
                .records()
                .map(|event| event.ended_ns < oldest_ns)
                .collect();
            if too_old.contains(&true) {
                let old = parcel.batch.events.select(|place| too_old[place]);
                expired.runs.extend(old.runs);
                parcel.batch = parcel.batch.select(|place| !too_old[place]);
            }
        }
        self.parcels
            .retain(|parcel| !parcel.batch.events.is_empty());
        self.settle_down();
        expired
    }

    /// Everything, when the client closes.
    pub(super) fn take_all(&mut self) -> Events {
        let parcels = std::mem::take(&mut self.parcels);
        let fresh = std::mem::take(&mut self.fresh);
        let tried = parcels
            .into_iter()
            .flat_map(|parcel| parcel.batch.events.runs);
        Events {
            runs: tried.chain(fresh).collect(),
        }
    }

    /// Whether nobody misses it, with nothing to do for so long. A closed gate is remembered until it would have opened.
    pub(super) fn is_forgettable(&self, now: Instant, after: Duration) -> bool {
        let is_closed = self.gate.next_look().is_some_and(|until| until > now);
        let is_empty = self.fresh.is_empty() && self.parcels.is_empty() && self.in_flight == 0;
        is_empty && !is_closed && now.saturating_duration_since(self.used_at) >= after
    }

    /// Counted as far as it takes to know that a batch is full.
    fn gathered(&self, now: Instant, limits: Limits) -> Gathered {
        let (mut events, mut bytes) = (0, 0);
        for run in &self.fresh {
            events += run.len();
            bytes += run.approximate_bytes();
            if events >= limits.events || bytes >= limits.bytes {
                break;
            }
        }
        Gathered {
            events,
            bytes,
            waited: self
                .waiting_since
                .map_or(Duration::ZERO, |since| now.saturating_duration_since(since)),
            in_flight: self.in_flight,
            is_hurried: self.is_hurried,
        }
    }

    fn due_parcel(&mut self, now: Instant) -> Option<Batch> {
        let place = self.parcels.iter().position(|parcel| parcel.due <= now)?;
        self.parcels.remove(place).map(|parcel| parcel.batch)
    }

    fn take_fresh(&mut self, most: usize) -> Batch {
        let is_suspect = self.suspects > 0;
        let mut left = if is_suspect { 1 } else { most.max(1) };
        self.suspects = self.suspects.saturating_sub(1);
        let mut events = Events::default();
        while left > 0 {
            let Some(run) = self.fresh.front_mut() else {
                break;
            };
            let front = run.take_front(left);
            left -= front.len();
            events.push(front);
            if run.len() == 0 {
                self.fresh.pop_front();
            }
        }
        self.settle_down();
        Batch {
            is_suspect,
            ..Batch::of(events)
        }
    }

    /// Nobody waits for an empty queue.
    fn settle_down(&mut self) {
        if self.fresh.is_empty() {
            self.waiting_since = None;
            self.is_hurried = false;
        }
    }
}

/// A batch whose request begins now.
pub(super) struct TakenUp {
    pub(super) batch: Batch,
    pub(super) is_probe: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::FieldBuffer;
    use crate::sender::retry::{Backoff, Failure, Policy, Trouble};
    use crate::sender::testing::{destination, numbered, snapshot};

    const LIMITS: Limits = Limits {
        events: 10,
        bytes: usize::MAX,
        longest_wait: Duration::from_millis(100),
        in_flight: 2,
    };

    fn queue(now: Instant) -> Queue {
        Queue::new(destination("", "d"), Route::Nowhere, now)
    }

    fn run(events: usize, epoch: u64) -> Run {
        let scope = snapshot(destination("", "d"), FieldBuffer::new());
        Run::whole(numbered(&scope, events), epoch)
    }

    fn parcel(due: Instant) -> Parcel {
        let events = Events {
            runs: vec![run(1, 1)],
        };
        Parcel {
            batch: Batch::of(events),
            due,
        }
    }

    /// The server asks for a pause.
    fn pause(queue: &mut Queue, now: Instant, seconds: u64) {
        let failure = Failure {
            trouble: Trouble::Throttled,
            was_probe: false,
            asked: Some(Duration::from_secs(seconds)),
        };
        let policy = Policy {
            backoff: Backoff::default(),
            probe_interval: Duration::ZERO,
            dice: 0.0,
        };
        queue.gate.failed(failure, now, policy);
    }

    #[test]
    fn waits_as_long_as_its_first_event_may() {
        let start = Instant::now();
        let ms = |ms| start + Duration::from_millis(ms);
        let mut queue = queue(start);
        queue.gate.succeeded(false);
        assert_eq!(queue.next_look(start, LIMITS), None);
        queue.push(run(1, 1), start);
        queue.push(run(1, 1), ms(50));
        assert_eq!(queue.next_look(ms(50), LIMITS), Some(ms(100)));
        queue.is_hurried = true;
        let taken = queue.take_up(ms(50), LIMITS);
        assert!(taken.is_some_and(|taken| taken.batch.events.len() == 2 && !taken.is_probe));
        assert!(!queue.is_hurried, "nobody waits for an empty queue");
        // The next ones wait for company while that request is under way.
        queue.push(run(1, 1), ms(200));
        assert_eq!(queue.next_look(ms(200), LIMITS), Some(ms(300)));
        assert!(queue.take_up(ms(299), LIMITS).is_none());
        assert!(queue.take_up(ms(300), LIMITS).is_some());
        // Now as many requests are under way as may be.
        queue.push(run(20, 1), ms(400));
        assert!(queue.take_up(ms(900), LIMITS).is_none());
        assert_eq!(queue.next_look(ms(900), LIMITS), None);
    }

    #[test]
    fn a_batch_that_goes_again_waits_until_it_is_due() {
        let start = Instant::now();
        let due = start + Duration::from_secs(1);
        let mut queue = queue(start);
        queue.parcels.push_back(parcel(due));
        assert!(queue.take_up(start, LIMITS).is_none());
        assert_eq!(queue.next_look(start, LIMITS), Some(due));
        assert!(queue.take_up(due, LIMITS).is_some());
    }

    #[test]
    fn a_closed_gate_lets_one_batch_through_as_a_probe() {
        let start = Instant::now();
        let mut queue = queue(start);
        queue.gate.succeeded(false);
        pause(&mut queue, start, 2);
        queue.push(run(30, 1), start);
        let due = start + Duration::from_secs(2);
        assert_eq!(queue.next_look(start, LIMITS), Some(due));
        assert!(queue.take_up(start, LIMITS).is_none());
        let taken = queue.take_up(due, LIMITS);
        assert!(taken.is_some_and(|taken| taken.is_probe));
        assert!(queue.take_up(due, LIMITS).is_none());
    }

    #[test]
    fn is_forgotten_when_nobody_misses_it() {
        let start = Instant::now();
        let seconds = |seconds| start + Duration::from_secs(seconds);
        let after = Duration::from_secs(10);
        let is_forgettable = |queue: &Queue, now| queue.is_forgettable(now, after);
        let mut idle = queue(start);
        assert!(!is_forgettable(&idle, seconds(9)) && is_forgettable(&idle, seconds(10)));
        idle.push(run(1, 1), seconds(5));
        assert!(!is_forgettable(&idle, seconds(100)));
        idle.take_all();
        assert!(!is_forgettable(&idle, seconds(14)) && is_forgettable(&idle, seconds(15)));
        let mut waiting = queue(start);
        waiting.parcels.push_back(parcel(start));
        assert!(!is_forgettable(&waiting, seconds(100)));
        let mut busy = queue(start);
        busy.in_flight = 1;
        assert!(!is_forgettable(&busy, seconds(100)));
        let mut closed = queue(start);
        pause(&mut closed, start, 60);
        assert!(!is_forgettable(&closed, seconds(59)) && is_forgettable(&closed, seconds(60)));
    }

    /// What the worker panicked with goes one by one, at the front.
    #[test]
    fn suspects_go_alone_and_before_the_others() {
        let now = Instant::now();
        let mut queue = queue(now);
        queue.push(run(3, 3), now);
        let back = Events {
            runs: vec![run(1, 1), run(1, 2)],
        };
        queue.put_back(back, now);
        queue.suspects = 2;
        let mut taken = || {
            queue.in_flight = 0;
            let batch = queue.take_up(now, LIMITS).map(|taken| taken.batch);
            batch.map(|batch| {
                let epoch = batch.events.oldest_epoch().unwrap_or(0);
                (batch.events.len(), epoch, batch.is_suspect)
            })
        };
        assert_eq!(taken(), Some((1, 1, true)));
        assert_eq!(taken(), Some((1, 2, true)));
        assert_eq!(taken(), Some((3, 3, false)));
        assert_eq!(taken(), None);
        queue.push(run(2, 1), now);
        queue.suspects = 2;
        assert_eq!(queue.take_expired(u64::MAX).len(), 2);
        assert_eq!(queue.suspects, 0, "they are no more");
    }

    #[test]
    fn a_batch_of_no_events_is_none() {
        let now = Instant::now();
        let mut queue = queue(now);
        queue.push(run(2, 1), now);
        let none = Limits {
            events: 0,
            in_flight: 0,
            ..LIMITS
        };
        let taken = queue.take_up(now, none);
        assert!(taken.is_some_and(|taken| taken.batch.events.len() == 1));
    }
}
