//! What to make of an answer, and when to try again: pure functions of values, the clock and the dice.

mod answer;
mod backoff;
mod bisect;
mod gate;
#[cfg(feature = "http")]
mod retry_after;
mod verdicts;

pub(super) use answer::{Reading, read};
pub(crate) use backoff::Backoff;
pub(super) use backoff::MAX_PARTIAL_TRIES;
pub(super) use bisect::Allowance;
pub(super) use gate::{Failure, Gate, Policy, Trouble};
#[cfg(feature = "http")]
pub(super) use retry_after::retry_after;
pub(super) use verdicts::Verdict;
