//! The log of what was received: bounded, in order, with a way to wait for more.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Dataset, Event, Request};
use crate::protocol::Marker;

/// Names of datasets whose first casing is remembered; further ones are shown as each event writes them.
const MAX_DATASETS: usize = 10_000;
/// Markers kept; the oldest are forgotten.
const MAX_MARKERS: usize = 10_000;

/// How much the log keeps. Beyond it the oldest is forgotten.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) events: usize,
    pub(crate) event_bytes: usize,
    pub(crate) request_bytes: usize,
}

/// What was received, shared by the server's thread and those who look.
#[derive(Debug)]
pub(crate) struct Log {
    bounds: Bounds,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Event>,
    event_bytes: usize,
    requests: VecDeque<Request>,
    request_bytes: usize,
    markers: VecDeque<Marker>,
    datasets: HashMap<String, Dataset>,
    last_event: u64,
    last_request: u64,
    received: usize,
    forgotten: u64,
}

impl Log {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            state: Mutex::default(),
            arrived: Condvar::new(),
        }
    }

    /// Numbers a request and its events, and keeps them.
    pub(crate) fn add(&self, mut request: Request, marker: Option<Marker>) {
        let mut state = self.lock();
        state.last_request += 1;
        request.number = state.last_request;
        for event in &mut request.events {
            state.last_event += 1;
            event.number = state.last_event;
            event.request = request.number;
            event.dataset = state.first_casing(&event.dataset);
        }
        state.keep(request, marker, self.bounds);
        drop(state);
        self.arrived.notify_all();
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.lock().events.iter().cloned().collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(crate) fn markers(&self) -> Vec<Marker> {
        self.lock().markers.iter().cloned().collect()
    }

    pub(crate) fn forgotten(&self) -> u64 {
        self.lock().forgotten
    }

    /// Forgets everything kept and starts counting from 0 again; numbers and casings go on.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        let kept = std::mem::take(&mut *state);
        *state = State {
            datasets: kept.datasets,
            last_event: kept.last_event,
            last_request: kept.last_request,
            ..State::default()
        };
    }

    /// Waits until `wanted` events came in since the start or the last clear; else says how many did.
    pub(crate) fn wait(&self, wanted: usize, timeout: Duration) -> Result<Vec<Event>, usize> {
        let state = self.wait_while(timeout, |state| state.received < wanted);
        if state.received < wanted {
            return Err(state.received);
        }
        Ok(state.events.iter().cloned().collect())
    }

    /// Waits until there is an event numbered above `number`, and gives all of those kept.
    pub(crate) fn after(&self, number: u64, timeout: Duration) -> Vec<Event> {
        let state = self.wait_while(timeout, |state| state.last_event <= number);
        state.events_after(number)
    }

    /// Waits until there is an event or a request numbered above those given, and gives all of those kept.
    pub(crate) fn news_after(
        &self,
        event: u64,
        request: u64,
        timeout: Duration,
    ) -> (Vec<Event>, Vec<Request>) {
        let state = self.wait_while(timeout, |state| {
            state.last_event <= event && state.last_request <= request
        });
        let older = state
            .requests
            .partition_point(|kept| kept.number <= request);
        (
            state.events_after(event),
            state.requests.range(older..).cloned().collect(),
        )
    }

    fn wait_while(
        &self,
        timeout: Duration,
        mut condition: impl FnMut(&State) -> bool,
    ) -> MutexGuard<'_, State> {
        let waited = self
            .arrived
            .wait_timeout_while(self.lock(), timeout, |state| condition(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn events_after(&self, number: u64) -> Vec<Event> {
        let older = self.events.partition_point(|event| event.number <= number);
        self.events.range(older..).cloned().collect()
    }

    fn first_casing(&mut self, dataset: &Dataset) -> Dataset {
        let name = dataset.folded();
        if let Some(first) = self.datasets.get(&name) {
            return first.clone();
        }
        if self.datasets.len() < MAX_DATASETS {
            self.datasets.insert(name, dataset.clone());
        }
        dataset.clone()
    }

    fn keep(&mut self, request: Request, marker: Option<Marker>, bounds: Bounds) {
        self.received += request.events.len();
        self.event_bytes += request
            .events
            .iter()
            .map(Event::memory_bytes)
            .sum::<usize>();
        self.events.extend(request.events.iter().cloned());
        while self.events.len() > bounds.events || self.event_bytes > bounds.event_bytes {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.event_bytes -= oldest.memory_bytes();
            self.forgotten += 1;
        }
        self.request_bytes += request.memory_bytes();
        self.requests.push_back(request);
        // The last one stays, however large, unless none are wanted: somebody may be waiting to look at it.
        while self.request_bytes > bounds.request_bytes
            && (self.requests.len() > 1 || bounds.request_bytes == 0)
        {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.request_bytes -= oldest.memory_bytes();
        }
        self.markers.extend(marker);
        while self.markers.len() > MAX_MARKERS {
            self.markers.pop_front();
        }
    }
}
