//! What lies between the inbox and the queues: held, in hand, or cleared to be sent. Part of the book, under its lock.

use std::time::Instant;

use super::held::{HeldTraces, trace_of};
use crate::record::{Chunk, TraceId, monotonic_ns};
use crate::sampling::{HoldLimits, Verdict};
use crate::sender::events::Run;

/// See the module.
pub(in crate::sender) struct Desk {
    /// `None`: there are no rules, nothing is held.
    limits: Option<HoldLimits>,
    held: HeldTraces,
    /// What the ship thread looks at.
    in_hand: Vec<Lot>,
    /// What is to be sent.
    cleared: Vec<Run>,
    is_ending: bool,
}

/// Events that are looked at together.
#[derive(Clone)]
pub(in crate::sender) struct Lot {
    pub(super) run: Run,
    pub(super) plan: Plan,
}

/// What is to be done with events in hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// They are of no trace that rules are about.
    Pass,
    /// They came after their trace was decided.
    Follow(Verdict),
    Decide(Subject),
}

/// A trace that is to be decided: all of its run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) id: TraceId,
    pub(super) root: Option<usize>,
    pub(super) age_ns: u64,
}

/// How much of what was recorded lies at the desk, with what comes to it now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::sender) enum Reach {
    /// A part of what came in; the next follows at once.
    Part,
    /// All that came in.
    Inbox,
    /// All that ended before the latest of it.
    Complete,
}

impl Desk {
    pub(super) fn new(limits: Option<HoldLimits>) -> Self {
        Self {
            limits,
            held: HeldTraces::default(),
            in_hand: Vec::new(),
            cleared: Vec::new(),
            is_ending: false,
        }
    }

    /// Takes in what came; gives what is to be looked at now. What was copied goes to `emptied`.
    pub(in crate::sender) fn lay_out(
        &mut self,
        arrived: Vec<Run>,
        now: Instant,
        reach: Reach,
        emptied: &mut Vec<Run>,
    ) -> Vec<Lot> {
        let Some(limits) = self.limits else {
            let plan = Plan::Pass;
            self.in_hand
                .extend(arrived.into_iter().map(|run| Lot { run, plan }));
            return self.in_hand.clone();
        };
        for run in arrived {
            self.sort_out(&run, limits, now);
            emptied.push(run);
        }
        self.take_due(limits, now, reach);
        self.in_hand.clone()
    }

    /// Holds the run's events, or takes them in hand, cut where the plan changes.
    fn sort_out(&mut self, run: &Run, limits: HoldLimits, now: Instant) {
        let mut open: Option<Lot> = None;
        for index in run.start..run.end {
            let plan = self.plan(run, index, limits, now);
            match (&mut open, plan) {
                (Some(lot), Some(plan)) if lot.plan == plan => lot.run.end = index + 1,
                (_, plan) => {
                    self.in_hand.extend(open.take());
                    open = plan.map(|plan| Lot {
                        run: Run {
                            start: index,
                            end: index + 1,
                            ..run.clone()
                        },
                        plan,
                    });
                }
            }
        }
        self.in_hand.extend(open);
    }

    /// `None`: it is held.
    fn plan(&mut self, run: &Run, index: usize, limits: HoldLimits, now: Instant) -> Option<Plan> {
        let Some(id) = run.chunk.get(index).as_ref().and_then(trace_of) else {
            return Some(Plan::Pass);
        };
        if let Some(verdict) = self.held.verdict(id) {
            return Some(Plan::Follow(verdict));
        }
        self.held.hold(id, run, index, limits, now);
        None
    }

    fn take_due(&mut self, limits: HoldLimits, now: Instant, reach: Reach) {
        let due = if self.is_ending && reach != Reach::Part {
            self.held.take_all()
        } else {
            self.held.due(limits, now, reach == Reach::Complete)
        };
        let now_ns = monotonic_ns();
        self.in_hand.extend(due.into_iter().map(|trace| {
            let epoch = trace.root.as_ref().map_or(trace.epoch, |root| root.epoch);
            let subject = Subject {
                id: trace.id,
                root: trace.root.map(|root| root.place),
                age_ns: now_ns.saturating_sub(trace.began_ns),
            };
            Lot {
                run: Run::whole(trace.events, epoch),
                plan: Plan::Decide(subject),
            }
        }));
    }

    /// What was in hand has been looked at.
    pub(in crate::sender) fn put_down(
        &mut self,
        verdicts: &[(TraceId, Verdict)],
        cleared: Vec<Run>,
    ) -> impl Iterator<Item = Run> {
        for (id, verdict) in verdicts {
            self.held.remember(*id, *verdict);
        }
        self.cleared.extend(cleared);
        self.take_in_hand()
    }

    pub(in crate::sender) fn take_in_hand(&mut self) -> impl Iterator<Item = Run> + use<> {
        std::mem::take(&mut self.in_hand)
            .into_iter()
            .map(|lot| lot.run)
    }

    pub(in crate::sender) fn take_cleared(&mut self) -> Vec<Run> {
        std::mem::take(&mut self.cleared)
    }

    /// From now on nothing is held.
    pub(in crate::sender) fn end_holding(&mut self) {
        self.is_ending = true;
    }

    /// Everything, when the client closes.
    pub(in crate::sender) fn take_all(&mut self) -> Vec<Run> {
        let held = self.held.take_all().into_iter();
        let mut all: Vec<Run> = held
            .map(|trace| Run::whole(trace.events, trace.epoch))
            .collect();
        all.extend(self.take_in_hand());
        all.append(&mut self.cleared);
        all
    }

    /// Counted where they are.
    pub(in crate::sender) fn len(&self) -> usize {
        let in_hand: usize = self.in_hand.iter().map(|lot| lot.run.len()).sum();
        let cleared: usize = self.cleared.iter().map(Run::len).sum();
        self.held.len() + in_hand + cleared
    }

    pub(in crate::sender) fn held(&self) -> usize {
        self.held.len()
    }

    /// What is held back does not count, before the end.
    pub(in crate::sender) fn oldest_epoch(&self) -> Option<u64> {
        let in_hand = self.in_hand.iter().map(|lot| lot.run.epoch);
        let cleared = self.cleared.iter().map(|run| run.epoch);
        let held = if self.is_ending && !self.held.is_empty() {
            Some(0)
        } else {
            self.held.oldest_whole_epoch()
        };
        in_hand.chain(cleared).chain(held).min()
    }
}

impl Lot {
    /// A trace that must be decided although its local root has not ended.
    pub(super) fn is_early(&self) -> bool {
        matches!(&self.plan, Plan::Decide(subject) if subject.root.is_none())
    }

    /// The events, and others of the chunk they came in.
    pub(super) fn chunk(&self) -> &Chunk {
        &self.run.chunk
    }
}
