//! The rules of a tail, as a user writes them.

use std::time::Duration;

use super::rate::Kind;
use super::{Rate, When};

/// How long a trace is held, unless set otherwise.
const HOLD_FOR: Duration = Duration::from_secs(30);
/// Events of one trace that are held, unless set otherwise.
const MAX_TRACE_EVENTS: usize = 10_000;

/// Decides over traces once their outermost event in this process has ended; given to [`Config::tail`](crate::Config::tail).
///
/// The first rule whose condition holds gives the rate; what no rule is about has the rate of [`otherwise`](TailRules::otherwise).
/// All timed events of a trace, its span events and links are kept together or dropped together (`Stats::sampled_out`). An event by
/// hand that is in no trace is none of this: it goes out as ever.
///
/// A kept event's rate is the head's times the rule's.
///
/// # What is held, and for how long
/// Events are held in this process until their local root has ended, and all threads were collected once more. They are `pending`
/// meanwhile ([`Stats::held`](crate::Stats::held) of those), `flush` does not wait for them, and `close` decides them. A trace is
/// decided *early*, by the same rules on what is there, when
/// - it was held for [`hold_for`](TailRules::hold_for);
/// - it has more events than [`max_trace_events`](TailRules::max_trace_events);
/// - more is held than [`max_held_events`](TailRules::max_held_events) or [`max_held_bytes`](TailRules::max_held_bytes): then the
///   oldest traces go first.
///
/// [`Stats::decided_early`](crate::Stats::decided_early) counts those traces. What ends after its trace was decided follows that
/// decision, whatever it is; the last 20,000 decisions are remembered. A local root that is itself discarded, or not recorded, never
/// ends here: what was recorded below it waits for `hold_for`, and for a rule about slow traces its root is still open then. To leave
/// out a whole trace, write a rule with [`Rate::none`] rather than discard its root. For events that were held,
/// [`max_age`](crate::Config::max_age) counts from the decision.
///
/// # Cost
/// None for the program's threads. On honey's own, each event is copied to its trace and looked at by the rules; what is dropped is
/// never encoded nor sent. Memory as said above, within `max_pending_bytes`.
///
/// Span events and links follow their trace while [`trace_fields`](crate::Config::trace_fields) is on: without, nothing ties them to it.
///
/// ```
/// use std::time::Duration;
/// use honey::sampling::{TailRules, When};
///
/// let rules = TailRules::new()
///     .keep_errors()
///     .keep_slower_than(Duration::from_millis(500))
///     .rule(When::field("http.route").is("/healthz"), 1_000)
///     .otherwise(20);
/// ```
#[derive(Debug, Clone)]
#[must_use = "rules do nothing until they are given to `Config::tail`"]
pub struct TailRules {
    pub(super) rules: Vec<(When, Rate)>,
    pub(super) otherwise: Rate,
    hold_for: Duration,
    max_held_events: Option<usize>,
    max_held_bytes: Option<usize>,
    max_trace_events: usize,
}

/// How much may be held, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HoldLimits {
    pub(crate) age: Duration,
    pub(crate) events: usize,
    pub(crate) bytes: usize,
    pub(crate) trace_events: usize,
}

impl TailRules {
    /// No rule: everything is held until its trace has ended, and kept.
    pub fn new() -> Self {
        Self {
            rules: Vec::new(),
            otherwise: Rate::all(),
            hold_for: HOLD_FOR,
            max_held_events: None,
            max_held_bytes: None,
            max_trace_events: MAX_TRACE_EVENTS,
        }
    }

    /// Keeps every trace with an error or a panic: `rule(When::error(), 1)`.
    pub fn keep_errors(self) -> Self {
        self.rule(When::error(), Rate::all())
    }

    /// Keeps every trace whose local root took longer: `rule(When::slower_than(duration), 1)`.
    pub fn keep_slower_than(self, duration: Duration) -> Self {
        self.rule(When::slower_than(duration), Rate::all())
    }

    /// Adds a rule, to be asked after those before it: where `when` holds, `rate` decides. A number is 1 in that many.
    pub fn rule(mut self, when: When, rate: impl Into<Rate>) -> Self {
        self.rules.push((when, rate.into()));
        self
    }

    /// The rate of traces that no rule is about; by default all are kept.
    pub fn otherwise(mut self, rate: impl Into<Rate>) -> Self {
        self.otherwise = rate.into();
        self
    }

    /// How long a trace's events wait for its local root, at most, from the first one's arrival; by default 30 s. Looked at when
    /// threads are collected: every `send_frequency`, once a second when nothing happens.
    pub fn hold_for(mut self, longest: Duration) -> Self {
        self.hold_for = longest;
        self
    }

    /// Events that are held, at most; by default half of `max_pending_events`.
    pub fn max_held_events(mut self, events: usize) -> Self {
        self.max_held_events = Some(events);
        self
    }

    /// Bytes that are held, at most, with half a KiB for each trace itself; by default half of `max_pending_bytes`.
    pub fn max_held_bytes(mut self, bytes: usize) -> Self {
        self.max_held_bytes = Some(bytes);
        self
    }

    /// Events of one trace that are held, at most; by default 10,000.
    pub fn max_trace_events(mut self, events: usize) -> Self {
        self.max_trace_events = events;
        self
    }

    /// What cannot work, and what to write instead.
    pub(crate) fn check(&self, max_pending: (usize, usize)) -> Result<(), String> {
        let (events, bytes) = max_pending;
        for (setting, held, pending, most) in [
            (
                "max_held_events",
                self.max_held_events,
                "max_pending_events",
                events,
            ),
            (
                "max_held_bytes",
                self.max_held_bytes,
                "max_pending_bytes",
                bytes,
            ),
        ] {
            if held.is_some_and(|held| held == 0 || held >= most) {
                return Err(format!(
                    "`{setting}` of the tail rules is above 0 and below `{pending}`, {most}: what is held is pending too, and what \
                     is decided needs room to be sent; leave it out to have half"
                ));
            }
        }
        if self.hold_for.is_zero() || self.max_trace_events == 0 {
            return Err(
                "`hold_for` and `max_trace_events` of the tail rules are above 0; 30 s and 10,000 are usual".to_owned(),
            );
        }
        let rates = self.rules.iter().map(|(_, rate)| rate);
        for rate in rates.chain([&self.otherwise]) {
            match &rate.0 {
                Kind::Dynamic(_, fields) if fields.is_empty() => {
                    return Err(
                        "a dynamic rate needs fields to make its key of: `.by([\"http.route\"])`; one rate for all is a number"
                            .to_owned(),
                    );
                }
                Kind::Dynamic(settings, _) => settings.check()?,
                Kind::OneIn(_) | Kind::None | Kind::By(_) => {}
            }
        }
        Ok(())
    }

    pub(crate) fn limits(&self, max_pending_events: usize, max_pending_bytes: usize) -> HoldLimits {
        HoldLimits {
            age: self.hold_for,
            events: self.max_held_events.unwrap_or(max_pending_events / 2),
            bytes: self.max_held_bytes.unwrap_or(max_pending_bytes / 2),
            trace_events: self.max_trace_events,
        }
    }
}

impl Default for TailRules {
    fn default() -> Self {
        Self::new()
    }
}
