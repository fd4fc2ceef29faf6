//! `assert_event!`.

use super::condition::{Condition, as_sent};
use super::{CapturedEvent, Events};
use crate::value::ToField;

/// What [`assert_event!`](crate::assert_event!) expects of an event.
#[doc(hidden)]
#[must_use]
pub struct Expected {
    conditions: Vec<Condition<'static>>,
}

impl Expected {
    /// An event of this name.
    pub fn new(name: &str) -> Self {
        Self {
            conditions: vec![Condition::named(name)],
        }
    }

    /// With a field of this value; `None`: without the field.
    pub fn with(mut self, key: &str, value: impl ToField) -> Self {
        self.conditions.push(Condition::with(key, as_sent(value)));
        self
    }

    /// With this field.
    pub fn with_field(mut self, key: &str) -> Self {
        self.conditions.push(Condition::has(key));
        self
    }

    /// The first event that is as expected.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn first_of(self, events: Events<'_>) -> &CapturedEvent {
        let left = self.conditions.into_iter().fold(events, Events::ask);
        left.first()
    }
}

/// Asserts that an event of this name with these fields was captured, and gives the first such [`CapturedEvent`]; other fields may
/// be anything.
///
/// What is captured is a [`Captured`] or an [`Events`]. A field's value is written as for `add_field` and compared as it is sent:
/// `3` is not `3.0`, nor `"3"`. `_` stands for any value, and a `None` says that the field is not there.
///
/// A failure shows, field by field, what was expected and what the nearest event has, and then all that was captured:
///
/// ```text
/// expected an event with name "checkout", user_id 7, plan "gold"; there is none
/// the nearest is checkout:
///              expected    captured
///     name     "checkout"  "checkout"
///   ≠ user_id  7           8
///   ≠ plan     "gold"      (missing; there is `customer.plan`)
/// captured, the nearest first:
///   checkout  customer.plan="gold"  outcome="ok"  user_id=8
/// ```
///
/// ```
/// #[honey::event(fields(user_id))]
/// fn checkout(user_id: u64) {}
///
/// let captured = honey::testing::capture(|| checkout(7));
/// let event = honey::assert_event!(captured, "checkout", {
///     "user_id": 7,
///     "outcome": "ok",
///     "duration_ms": _,
///     "error": None::<bool>,
/// });
/// honey::assert_event!(captured, "checkout");
/// assert_eq!(event.sample_rate(), 1);
/// ```
///
/// [`Captured`]: crate::testing::Captured
/// [`CapturedEvent`]: crate::testing::CapturedEvent
/// [`Events`]: crate::testing::Events
///
/// # Panics
/// When there is no such event.
#[macro_export]
macro_rules! assert_event {
    (@ $captured:expr, $name:expr, [$($fields:tt)*]) => {
        $crate::testing::Expected::new($name)$($fields)*.first_of($captured.events())
    };
    (@ $captured:expr, $name:expr, [$($fields:tt)*] $key:tt : _ $(, $($rest:tt)*)?) => {
        $crate::assert_event!(@ $captured, $name, [$($fields)* .with_field($key)] $($($rest)*)?)
    };
    (@ $captured:expr, $name:expr, [$($fields:tt)*] $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $crate::assert_event!(@ $captured, $name, [$($fields)* .with($key, $value)] $($($rest)*)?)
    };
    ($captured:expr, $name:expr $(,)?) => {
        $crate::assert_event!(@ $captured, $name, [])
    };
    ($captured:expr, $name:expr, { $($fields:tt)* } $(,)?) => {
        $crate::assert_event!(@ $captured, $name, [] $($fields)*)
    };
}
