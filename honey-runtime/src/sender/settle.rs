//! The one place where an event gets its outcome.

use std::time::Duration;

use super::events::{EventRef, Events, Run};
use crate::dispatch::Grant;
use crate::record::monotonic_ns;
use crate::response::{Outcome, Response};
use crate::stats::Stats;

/// An outcome, and what a response says about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fate<'a> {
    pub(super) outcome: Outcome,
    pub(super) status: Option<u16>,
    /// The server's text.
    pub(super) body: &'a str,
    /// What went wrong, in words.
    pub(super) error: &'a str,
}

impl<'a> Fate<'a> {
    pub(super) fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            status: None,
            body: "",
            error: "",
        }
    }

    pub(super) fn because(outcome: Outcome, error: &'a str) -> Self {
        Self {
            error,
            ..Self::new(outcome)
        }
    }
}

/// What is left to do, outside the lock, once events have their outcomes.
#[must_use]
#[derive(Default)]
pub(super) struct Done {
    pub(super) grant: Grant,
    pub(super) responses: Vec<Response>,
    /// To be let go of where user code may run: the last reference drops metadata and scopes.
    pub(super) runs: Vec<Run>,
}

impl Done {
    pub(super) fn is_empty(&self) -> bool {
        self.grant.events == 0 && self.runs.is_empty()
    }
}

/// Gives events their outcomes: counts them, and notes what they give back.
pub(super) struct Settling<'a> {
    pub(super) counts: &'a mut Stats,
    pub(super) done: &'a mut Done,
    pub(super) responses_wanted: bool,
}

impl Settling<'_> {
    /// Settles all of `events` alike.
    pub(super) fn all(&mut self, events: Events, fate: Fate<'_>) {
        let count = events.len() as u64;
        count_outcome(self.counts, fate.outcome, count);
        self.done.grant.events += count;
        self.done.grant.bytes += events.runs.iter().map(Run::cost_bytes).sum::<u64>();
        if self.responses_wanted {
            self.done
                .responses
                .extend(events.iter().map(|event| response(event, fate)));
        }
        self.done.runs.extend(events.runs);
    }

    /// Settles one event of a list that the caller lets go of.
    pub(super) fn one(&mut self, event: EventRef<'_>, fate: Fate<'_>) {
        let Some(record) = event.chunk.records().get(event.index) else {
            return;
        };
        count_outcome(self.counts, fate.outcome, 1);
        self.done.grant.events += 1;
        self.done.grant.bytes += u64::from(record.cost_bytes);
        if self.responses_wanted {
            self.done.responses.push(response(event, fate));
        }
    }
}

fn count_outcome(counts: &mut Stats, outcome: Outcome, events: u64) {
    match outcome {
        Outcome::Accepted => counts.accepted += events,
        Outcome::Unconfirmed => counts.unconfirmed += events,
        Outcome::Rejected => counts.rejected += events,
        Outcome::SampledOut => counts.sampled_out += events,
        Outcome::Discarded(reason) => counts.discarded.add(reason, events),
        Outcome::Dropped(reason) => counts.dropped.add(reason, events),
    }
}

fn response(event: EventRef<'_>, fate: Fate<'_>) -> Response {
    let ended_ns = event
        .chunk
        .records()
        .get(event.index)
        .map_or(0, |record| record.ended_ns);
    let duration = Duration::from_nanos(monotonic_ns().saturating_sub(ended_ns));
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut response = Response::new(
        fate.outcome,
        duration,
        event.chunk.take_metadata(event.index),
    );
    response.status = fate.status;
    response.body = text(fate.body);
    response.error = text(fate.error);
    response
}
