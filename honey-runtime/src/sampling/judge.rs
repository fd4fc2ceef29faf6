//! The rules at work: one verdict for each trace.

use std::fmt::Write as _;
use std::time::Instant;

use super::dynamic::Averages;
use super::rate::{Kind, RateFunction};
use super::{Rate, TailRules, Trace, When};
use crate::isolate;
use crate::record::is_drawn;

/// What becomes of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Kept; it stands for this many times as many as it did.
    Keep(u32),
    Drop,
}

/// A verdict, and what happened on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    /// Of the user's functions.
    pub(crate) panics: u64,
}

/// The rules with what they learn from the traffic.
pub(crate) struct Judge {
    rules: Vec<(When, Live)>,
    otherwise: Live,
    key: String,
}

/// A rate with its state.
enum Live {
    OneIn(u32),
    None,
    Dynamic(Box<Averages>, Vec<String>),
    By(RateFunction),
}

impl Judge {
    pub(crate) fn new(rules: TailRules) -> Self {
        Self {
            rules: rules
                .rules
                .into_iter()
                .map(|(when, rate)| (when, Live::of(rate)))
                .collect(),
            otherwise: Live::of(rules.otherwise),
            key: String::new(),
        }
    }

    /// Decides over a trace that has drawn `lot`.
    pub(crate) fn judge(
        &mut self,
        trace: &Trace<'_>,
        lot: impl FnOnce() -> u32,
        now: Instant,
    ) -> Judgement {
        let mut panics = 0;
        let found = self
            .rules
            .iter_mut()
            .find(|(when, _)| when.holds(trace, &mut panics));
        let live = found.map_or(&mut self.otherwise, |(_, live)| live);
        let rate = match live {
            Live::OneIn(rate) => Some(*rate),
            Live::None => None,
            Live::Dynamic(averages, fields) => {
                write_key(&mut self.key, fields, trace);
                let events = u32::try_from(trace.len()).unwrap_or(u32::MAX);
                Some(averages.rate(&self.key, events, now))
            }
            Live::By(function) => isolate::run(|| function(trace)).unwrap_or_else(|| {
                panics += 1;
                Some(1)
            }),
        };
        let verdict = match rate {
            Some(rate @ (0 | 1)) => Verdict::Keep(rate.max(1)),
            Some(rate) if is_drawn(lot(), rate) => Verdict::Keep(rate),
            Some(_) | None => Verdict::Drop,
        };
        Judgement { verdict, panics }
    }
}

impl Live {
    fn of(rate: Rate) -> Self {
        match rate.0 {
            Kind::OneIn(rate) => Self::OneIn(rate),
            Kind::None => Self::None,
            Kind::Dynamic(settings, fields) => {
                Self::Dynamic(Box::new(Averages::new(settings)), fields)
            }
            Kind::By(function) => Self::By(function),
        }
    }
}

/// The values, with a character between them that none of them has.
fn write_key(key: &mut String, fields: &[String], trace: &Trace<'_>) {
    key.clear();
    for field in fields {
        if let Some(value) = trace.get(field) {
            let _ = write!(key, "{value}");
        }
        key.push('\u{1f}');
    }
}
