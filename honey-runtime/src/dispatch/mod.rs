//! The seam: threads leave finished events in slots, one collector at a time moves them to the ship side.

mod budget;
#[cfg(feature = "http")]
mod call;
mod collector;
mod counts;
mod promise;
mod ship;
mod slot;
mod spares;
#[cfg(all(test, not(honey_model)))]
mod testing;

pub(crate) use budget::{Budget, Grant};
#[cfg(feature = "http")]
pub(crate) use call::{Answer, Call, CallResult, Cause, Question, Silence};
pub(crate) use collector::Dispatch;
pub(crate) use counts::Loss;
#[cfg(feature = "http")]
pub(crate) use promise::Promise;
pub(crate) use promise::{Promised, promise};
pub(crate) use ship::{Ship, Source};
pub(crate) use slot::{Refused, Slot};
