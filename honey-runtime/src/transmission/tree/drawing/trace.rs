//! Events brought together by their trace.

use std::collections::HashMap;

use super::Drawable;

/// The events of one trace, in the order they were received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Trace<E> {
    /// The trace's id; `None` for the events that belong to no trace.
    pub id: Option<String>,
    /// Its events.
    pub events: Vec<E>,
}

impl<E: Drawable> Trace<E> {
    /// The first event that has no parent.
    #[must_use]
    pub fn root(&self) -> Option<&E> {
        self.id.as_ref()?;
        let is_root = |event: &&E| (*event as &dyn Drawable).parent_id().is_none();
        self.events.iter().find(is_root)
    }

    /// When its first event started, in nanoseconds since the Unix epoch; 0 without events.
    #[must_use]
    pub fn start_ns(&self) -> i64 {
        self.events.iter().map(Drawable::time_ns).min().unwrap_or(0)
    }
}

/// Groups events by trace, in the order the traces first appear.
#[must_use]
pub fn traces<E: Drawable + Clone>(events: &[E]) -> Vec<Trace<E>> {
    let mut traces: Vec<Trace<E>> = Vec::new();
    let mut places = HashMap::new();
    for event in events {
        let id = (event as &dyn Drawable).trace_id();
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
