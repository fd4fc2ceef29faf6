//! `unit = ms` and its kin in `#[derive(HoneyFields)]`.

use std::time::Duration;

use crate::value::in_units_of;

/// A length of time, or perhaps none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no length of time; `unit` needs a `Duration` or an `Option<Duration>`",
    label = "not a `Duration`"
)]
pub trait Time {
    /// The length; `None` leaves the field out.
    fn duration(&self) -> Option<Duration>;
}

#[diagnostic::do_not_recommend]
impl Time for Duration {
    fn duration(&self) -> Option<Duration> {
        Some(*self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Time> Time for Option<T> {
    fn duration(&self) -> Option<Duration> {
        self.as_ref().and_then(Time::duration)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Time + ?Sized> Time for &T {
    fn duration(&self) -> Option<Duration> {
        (**self).duration()
    }
}

/// In nanoseconds.
#[must_use]
pub fn in_ns(duration: Option<Duration>) -> Option<f64> {
    scaled(duration, 1.0)
}

/// In microseconds.
#[must_use]
pub fn in_us(duration: Option<Duration>) -> Option<f64> {
    scaled(duration, 1e3)
}

/// In milliseconds.
#[must_use]
pub fn in_ms(duration: Option<Duration>) -> Option<f64> {
    scaled(duration, 1e6)
}

/// In seconds.
#[must_use]
pub fn in_s(duration: Option<Duration>) -> Option<f64> {
    scaled(duration, 1e9)
}

fn scaled(duration: Option<Duration>, ns_per_unit: f64) -> Option<f64> {
    duration.map(|duration| in_units_of(ns_per_unit, duration))
}
