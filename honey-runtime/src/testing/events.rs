//! Finding captured events.

use std::fmt;
use std::ops::Index;

use super::condition::{Condition, as_sent};
use super::failure::Failure;
use super::{CapturedEvent, CapturedTree};
use crate::value::ToField;

/// Captured events, narrowed down by what is asked of them: [`Captured::events`](super::Captured::events).
///
/// Each question leaves the events that answer it, in their order. What ends the chain and finds another number of events than it
/// says panics, with a message for whoever reads the failed test: what was asked, how far the nearest event is from it, and what
/// was captured, the nearest first.
///
/// ```
/// let captured = honey::testing::capture(|| {
///     honey::in_child_event("checkout", || {
///         for attempt in 1..=3 {
///             honey::in_child_event("charge", || honey::current().add_field("attempt", attempt));
///         }
///     });
/// });
/// let checkout = captured.events().roots().one();
/// let charges = captured.events().child_of(checkout).named("charge");
/// assert_eq!(charges.len(), 3);
/// assert_eq!(charges.clone().with("attempt", 2).one().str("outcome"), Some("ok"));
/// charges.with("error", true).none();
/// ```
#[derive(Clone)]
#[must_use = "ask for `one()`, `first()`, `exactly(n)` or `none()`, or look at `len()`"]
pub struct Events<'a> {
    all: &'a [CapturedEvent],
    left: Vec<&'a CapturedEvent>,
    asked: Vec<Condition<'a>>,
}

impl<'a> Events<'a> {
    /// All of `events`: for those that [`Capture::take`](super::Capture::take) gives.
    pub fn of(events: &'a [CapturedEvent]) -> Self {
        Self {
            all: events,
            left: events.iter().collect(),
            asked: Vec::new(),
        }
    }

    /// Those of this name.
    pub fn named(self, name: &str) -> Self {
        self.ask(Condition::named(name))
    }

    /// Those with a field of this value, given as to `add_field`. A `None` leaves those that have no such field.
    pub fn with(self, key: &str, value: impl ToField) -> Self {
        self.ask(Condition::with(key, as_sent(value)))
    }

    /// Those with this field, whatever its value.
    pub fn with_field(self, key: &str) -> Self {
        self.ask(Condition::has(key))
    }

    /// Those without this field.
    pub fn without_field(self, key: &str) -> Self {
        self.ask(Condition::with(key, None))
    }

    /// Those for which `holds` is true; `what` is how a failure calls it.
    ///
    /// ```
    /// # let captured = honey::testing::capture(|| honey::in_child_event("checkout", || ()));
    /// let fast = |event: &honey::testing::CapturedEvent| event.f64("duration_ms") < Some(60_000.0);
    /// captured.events().that("is fast", fast).one();
    /// ```
    pub fn that(self, what: &str, holds: impl Fn(&CapturedEvent) -> bool + 'a) -> Self {
        self.ask(Condition::that(what, holds))
    }

    /// Those directly below `parent`, its span events and links included.
    pub fn child_of(self, parent: &CapturedEvent) -> Self {
        self.ask(Condition::child_of(parent))
    }

    /// Those that are below no other event: the roots of their traces, and events made by hand.
    pub fn roots(self) -> Self {
        self.ask(Condition::root())
    }

    /// The only one left.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "that it is there may be all that is asked"
    )]
    pub fn one(self) -> &'a CapturedEvent {
        self.exactly(1)[0]
    }

    /// All that are left, of which there are so many.
    ///
    /// # Panics
    /// When there are more or less.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "the number may be all that is asked"
    )]
    pub fn exactly(self, events: usize) -> Vec<&'a CapturedEvent> {
        if self.left.len() != events {
            self.fail(&match events {
                0 => "no event".to_owned(),
                1 => "1 event".to_owned(),
                n => format!("{n} events"),
            });
        }
        self.left
    }

    /// The first one left, of those that ended on one thread the one that ended first.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "that it is there may be all that is asked"
    )]
    pub fn first(self) -> &'a CapturedEvent {
        match self.left.first() {
            Some(first) => first,
            None => self.fail("an event"),
        }
    }

    /// Nothing: none is left.
    ///
    /// # Panics
    /// When there is one.
    #[track_caller]
    pub fn none(self) {
        let _ = self.exactly(0);
    }

    /// How many are left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Whether none is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Those that are left, one after the other.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &'a CapturedEvent> + use<'a> {
        self.left.clone().into_iter()
    }

    /// Copies of those that are left.
    #[must_use]
    pub fn to_vec(&self) -> Vec<CapturedEvent> {
        self.iter().cloned().collect()
    }

    /// Those that are left as trees, one for each trace, without what differs from run to run: see [`CapturedTree`].
    pub fn tree(&self) -> CapturedTree<'a> {
        CapturedTree::of(self.left.clone())
    }

    /// So that `assert_event!` takes these as well as a [`Captured`](super::Captured).
    #[doc(hidden)]
    pub fn events(&self) -> Self {
        self.clone()
    }

    pub(super) fn ask(mut self, condition: Condition<'a>) -> Self {
        self.left.retain(|event| condition.holds(event));
        self.asked.push(condition);
        self
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion for tests")]
    pub(super) fn fail(&self, expected: &str) -> ! {
        let failure = Failure {
            expected,
            all: self.all,
            left: &self.left,
            asked: &self.asked,
        };
        panic!("{failure}")
    }
}

impl Index<usize> for Events<'_> {
    type Output = CapturedEvent;

    fn index(&self, place: usize) -> &CapturedEvent {
        self.left[place]
    }
}

impl<'a> IntoIterator for Events<'a> {
    type Item = &'a CapturedEvent;
    type IntoIter = std::vec::IntoIter<&'a CapturedEvent>;

    fn into_iter(self) -> Self::IntoIter {
        self.left.into_iter()
    }
}

impl fmt::Debug for Events<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.left).finish()
    }
}
