//! Events brought together by their trace.

use std::collections::HashMap;

use crate::Event;

/// The events of one trace, in the order they were received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Trace {
    /// The trace's id; `None` for the events that belong to no trace.
    pub id: Option<String>,
    /// Its events.
    pub events: Vec<Event>,
}

impl Trace {
    /// The first event that has no parent.
    #[must_use]
    pub fn root(&self) -> Option<&Event> {
        self.id.as_ref()?;
        self.events.iter().find(|event| event.parent_id().is_none())
    }

    /// When its first event started, in nanoseconds since the Unix epoch; 0 without events.
    #[must_use]
    pub fn start_ns(&self) -> i64 {
        self.events
            .iter()
            .map(|event| event.time_ns)
            .min()
            .unwrap_or(0)
    }
}

/// Groups events by trace, in the order the traces first appear.
#[must_use]
pub fn traces(events: &[Event]) -> Vec<Trace> {
    let mut traces: Vec<Trace> = Vec::new();
    let mut places = HashMap::new();
    for event in events {
        let id = event.trace_id();
        let place = *places.entry(id).or_insert(traces.len());
        if place == traces.len() {
            traces.push(Trace {
                id: id.map(str::to_owned),
                events: Vec::new(),
            });
        }
        if let Some(trace) = traces.get_mut(place) {
            trace.events.push(event.clone());
        }
    }
    traces
}
