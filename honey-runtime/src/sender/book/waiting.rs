//! What waits, and for what: for [`Stats::waiting`](crate::Stats::waiting).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Book;
use crate::sender::directory::QueueId;
use crate::stats::Waiting;

/// Destinations that are told of: as many as anybody reads.
const MAX_WAITING: usize = 16;

impl Book {
    /// The destinations that something waits for, those with the most events first.
    pub(in crate::sender) fn waiting(&self) -> Vec<Waiting> {
        let mut flying: BTreeMap<QueueId, usize> = BTreeMap::new();
        for flight in self.flights.values() {
            *flying.entry(flight.queue).or_default() += flight.batch.events.len();
        }
        let counted = self.queues.entries().map(|(id, queue)| {
            let events = queue.len() + flying.get(&id).copied().unwrap_or(0);
            (events, queue)
        });
        let mut counted: Vec<_> = counted.filter(|(events, _)| *events > 0).collect();
        counted.sort_by_key(|(events, _)| Reverse(*events));
        counted.truncate(MAX_WAITING);
        let waiting = counted.into_iter();
        waiting
            .map(|(events, queue)| {
                let trouble = queue.gate.trouble();
                Waiting {
                    host: queue.route.host(),
                    dataset: queue.destination.dataset.clone(),
                    events: events as u64,
                    requests: queue.in_flight as u64,
                    trouble: trouble.map(Into::into),
                    why: trouble.map(|_| queue.why.clone()).unwrap_or_default(),
                    next_try: queue.gate.next_look(),
                }
            })
            .collect()
    }
}
