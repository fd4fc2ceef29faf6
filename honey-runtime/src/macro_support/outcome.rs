//! Looking at what a function returned.

use std::any::type_name;
use std::fmt::Display;
use std::ops::Deref;

use super::Entered;
use crate::value::Value;

/// A returned value, to ask for its outcome. On a `Result` the method below is found first; on anything else, and on a type
/// parameter, the search goes on through `Deref` to `AlwaysOk`. No trait has to be in scope for it.
pub struct Outcome<'a, R>(pub &'a R);

impl<T, E> Outcome<'_, Result<T, E>> {
    /// An `Err` makes the outcome `error`, with the type of the error but not its text.
    #[inline]
    pub fn report(&self, event: &mut Entered) {
        if self.0.is_err() {
            event.set_error(type_name::<E>());
        }
    }

    /// The type of the error, after an `Err`.
    #[inline]
    #[must_use]
    pub fn failed(&self) -> Option<&'static str> {
        self.0.is_err().then(type_name::<E>)
    }
}

/// What is no `Result` cannot fail.
pub struct AlwaysOk;

impl AlwaysOk {
    /// Nothing to report.
    #[inline]
    #[expect(clippy::unused_self, reason = "found by the search for a method")]
    pub fn report(&self, _event: &mut Entered) {}

    /// Never.
    #[inline]
    #[must_use]
    #[expect(clippy::unused_self, reason = "found by the search for a method")]
    pub fn failed(&self) -> Option<&'static str> {
        None
    }
}

impl<R> Deref for Outcome<'_, R> {
    type Target = AlwaysOk;

    #[inline]
    fn deref(&self) -> &AlwaysOk {
        &AlwaysOk
    }
}

/// A `Result`, for `err`.
#[diagnostic::on_unimplemented(
    message = "`err` needs a `Result` return type, but this function returns `{Self}`",
    label = "not a `Result`"
)]
pub trait IsResult {
    /// What is inside an `Ok`.
    type Ok;
    /// What is inside an `Err`.
    type Err;

    /// The value itself, with its type known.
    fn as_result(&self) -> Result<&Self::Ok, &Self::Err>;
}

#[diagnostic::do_not_recommend]
impl<T, E> IsResult for Result<T, E> {
    type Ok = T;
    type Err = E;

    #[inline]
    fn as_result(&self) -> Result<&T, &E> {
        self.as_ref()
    }
}

/// A `Result`, for `ok`: the same as [`IsResult`], with its own text.
#[diagnostic::on_unimplemented(
    message = "`ok` needs a `Result` return type, but this function returns `{Self}`",
    label = "not a `Result`"
)]
pub trait IsResultForOk {
    /// What is inside an `Ok`.
    type Ok;
    /// What is inside an `Err`.
    type Err;

    /// The value itself, with its type known.
    fn as_result(&self) -> Result<&Self::Ok, &Self::Err>;
}

#[diagnostic::do_not_recommend]
impl<T, E> IsResultForOk for Result<T, E> {
    type Ok = T;
    type Err = E;

    #[inline]
    fn as_result(&self) -> Result<&T, &E> {
        self.as_ref()
    }
}

/// An error with a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Display`; use `err(debug)` or `err(with = path)`",
    label = "an error without a text"
)]
pub trait ErrorText {
    /// The text, not yet made.
    fn error_text(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<E: Display> ErrorText for E {
    #[inline]
    fn error_text(&self) -> Value<'_> {
        Value::Display(self)
    }
}
