//! Looking at what is in hand, outside all locks: the rules, then the user's function.

use std::time::{Duration, Instant};

use super::cleared::Cleared;
use super::desk::{Lot, Plan, Subject};
use crate::dispatch::{Budget, Grant};
use crate::isolate;
use crate::outgoing::{BeforeSend, Edited, Outgoing};
use crate::record::{
    Copied, EventView, FieldBuffer, Finished, Snapshot, Times, TraceId, monotonic_ns,
};
use crate::sampling::{Judge, Judgement, Trace, Verdict};
use crate::sender::courtesy::Courtesy;
use crate::sender::events::{EventRef, Events, Run};
use crate::sender::settings::Keeping;
use crate::sync::{Arc, Weak};

/// What became of what was in hand.
#[derive(Default)]
pub(in crate::sender) struct Review {
    /// To be sent.
    pub(in crate::sender) cleared: Vec<Run>,
    pub(in crate::sender) sampled_out: Events,
    pub(in crate::sender) discarded: Events,
    /// The user's function panicked.
    pub(in crate::sender) unsafe_to_send: Events,
    /// The user's function made them larger than there is room for.
    pub(in crate::sender) without_room: Events,
    pub(in crate::sender) verdicts: Vec<(TraceId, Verdict)>,
    /// What was taken from the budget for those that grew.
    pub(in crate::sender) more_bytes: u64,
    pub(in crate::sender) decided_early: u64,
    pub(in crate::sender) rule_panics: u64,
    pub(in crate::sender) hook_panics: u64,
    /// In values that the user's function added.
    pub(in crate::sender) value_panics: u64,
    pub(in crate::sender) bad_values: u64,
    pub(in crate::sender) refused_fields: u64,
}

/// The rules and the function, with what they keep between two looks.
pub(super) struct Reviewer {
    judge: Option<Judge>,
    before_send: Option<BeforeSend>,
    /// The scope of the last event that was changed, and one without its fields: the event carries them itself.
    bare: Option<(Weak<Snapshot>, Arc<Snapshot>)>,
}

/// What the user's function made of an event.
enum Look {
    Unchanged,
    Changed(Edited),
    Discarded,
    Panicked,
}

impl Reviewer {
    pub(super) fn new(keeping: &Keeping) -> Self {
        let rules = keeping.tail.as_ref().map(|(rules, _)| rules.clone());
        Self {
            judge: rules.map(Judge::new),
            before_send: keeping.before_send.clone(),
            bare: None,
        }
    }

    pub(super) fn look_at(
        &mut self,
        in_hand: &[Lot],
        budget: &Budget,
        now: Instant,
        mut courtesy: Courtesy,
    ) -> Review {
        let mut review = Review::default();
        let mut cleared = Cleared::default();
        let mut seen_bytes = 0;
        for lot in in_hand {
            review.decided_early += u64::from(lot.is_early());
            match self.verdict(lot, &mut review, now) {
                Verdict::Drop => review.sampled_out.push(lot.run.clone()),
                Verdict::Keep(times) => {
                    let is_as_it_was = times == 1 && !matches!(lot.plan, Plan::Decide(_));
                    // The queues take whole chunks.
                    let is_whole = lot.run.len() == lot.run.chunk.len();
                    if is_as_it_was && is_whole && self.before_send.is_none() {
                        cleared.pass(lot.run.clone());
                    } else {
                        self.clear(lot, times, budget, &mut cleared, &mut review);
                    }
                }
            }
            seen_bytes += lot.run.approximate_bytes();
            courtesy.at(seen_bytes);
        }
        review.cleared = cleared.into_runs();
        review
    }

    fn verdict(&mut self, lot: &Lot, review: &mut Review, now: Instant) -> Verdict {
        match lot.plan {
            Plan::Pass => Verdict::Keep(1),
            Plan::Follow(verdict) => verdict,
            Plan::Decide(Subject { id, root, age_ns }) => {
                let trace = Trace {
                    events: lot.chunk(),
                    root,
                    age: Duration::from_nanos(age_ns),
                };
                let judgement = self.judge.as_mut().map_or(
                    Judgement {
                        verdict: Verdict::Keep(1),
                        panics: 0,
                    },
                    |judge| judge.judge(&trace, || id.tail_lot(), now),
                );
                review.rule_panics += judgement.panics;
                review.verdicts.push((id, judgement.verdict));
                judgement.verdict
            }
        }
    }

    /// Lets the events of a lot go on that the user's function lets go on.
    fn clear(
        &mut self,
        lot: &Lot,
        times: u32,
        budget: &Budget,
        cleared: &mut Cleared,
        review: &mut Review,
    ) {
        // What was held has waited on purpose: its age counts from now on, and later ones follow earlier ones in the queue.
        let decided_ns = matches!(lot.plan, Plan::Decide(_)).then(monotonic_ns);
        for index in lot.run.start..lot.run.end {
            let event = EventRef {
                chunk: &lot.run.chunk,
                index,
            };
            let Some(view) = event.view() else { continue };
            let change = Copied {
                sample_rate: view.record.sample_rate.saturating_mul(times),
                ended_ns: decided_ns.unwrap_or(view.record.ended_ns),
            };
            let alone = || Run {
                start: index,
                end: index + 1,
                ..lot.run.clone()
            };
            match self.show(view, change.sample_rate, review) {
                Look::Unchanged => cleared.copy(event, lot.run.epoch, change),
                Look::Discarded => review.discarded.push(alone()),
                Look::Panicked => review.unsafe_to_send.push(alone()),
                Look::Changed(edited) => {
                    let snapshot = self.bare(view.snapshot);
                    let finished = finished(view, &edited, &snapshot, change);
                    match grow(budget, view, &finished) {
                        Some(more) => {
                            review.more_bytes += u64::from(more);
                            let cost_bytes = view.record.cost_bytes.saturating_add(more);
                            let extra = view.record.extra.clone();
                            cleared.store(&finished, extra, lot.run.epoch, cost_bytes);
                        }
                        None => review.without_room.push(alone()),
                    }
                }
            }
        }
    }

    fn show(&self, view: EventView<'_>, sample_rate: u32, review: &mut Review) -> Look {
        let Some(before_send) = &self.before_send else {
            return Look::Unchanged;
        };
        let mut outgoing = Outgoing::new(view, sample_rate);
        let result = isolate::run(|| before_send(&mut outgoing));
        let seen = outgoing.into_seen();
        review.value_panics += seen.trouble.user_panics;
        review.bad_values += seen.trouble.bad_values;
        review.refused_fields += seen.trouble.refused_fields;
        match (result, seen.edited) {
            (None, _) => {
                review.hook_panics += 1;
                Look::Panicked
            }
            (Some(()), _) if seen.is_discarded => Look::Discarded,
            (Some(()), Some(edited)) => Look::Changed(edited),
            (Some(()), None) => Look::Unchanged,
        }
    }

    /// The same scope without fields.
    fn bare(&mut self, of: &Arc<Snapshot>) -> Arc<Snapshot> {
        if let Some((known, bare)) = &self.bare {
            if std::ptr::eq(known.as_ptr(), Arc::as_ptr(of)) {
                return Arc::clone(bare);
            }
        }
        let bare = Arc::new(Snapshot {
            fields: FieldBuffer::new(),
            destination: Arc::clone(&of.destination),
            sample_rate: of.sample_rate,
            shape: of.shape,
            ..Snapshot::default()
        });
        self.bare = Some((Arc::downgrade(of), Arc::clone(&bare)));
        bare
    }
}

fn finished<'a>(
    view: EventView<'_>,
    edited: &'a Edited,
    snapshot: &'a Arc<Snapshot>,
    change: Copied,
) -> Finished<'a> {
    Finished {
        timed: edited.timed.as_ref(),
        fields: &edited.fields,
        snapshot,
        dataset: edited.dataset,
        sample_rate: change.sample_rate,
        times: Times {
            unix_ns: view.record.unix_ns,
            duration_ns: view.record.timed.map_or(0, |timed| timed.duration_ns),
            ended_ns: change.ended_ns,
        },
    }
}

/// Pays for what an event holds beyond what it had; `None`: there is no room.
fn grow(budget: &Budget, view: EventView<'_>, now: &Finished<'_>) -> Option<u32> {
    let cost = crate::record::Chunk::default().cost_of(now, view.record.extra.as_deref());
    let more = u32::try_from(cost)
        .unwrap_or(u32::MAX)
        .saturating_sub(view.record.cost_bytes);
    let wanted = Grant {
        bytes: more.into(),
        events: 0,
    };
    budget.take(wanted).then_some(more)
}
