//! The seam: threads leave finished events in slots, one collector at a time moves them to the ship side.

mod budget;
mod collector;
mod counts;
mod ship;
mod slot;

pub(crate) use budget::{Budget, Grant};
pub(crate) use collector::Dispatch;
pub(crate) use counts::Loss;
pub(crate) use ship::{Ship, Source};
pub(crate) use slot::Slot;
