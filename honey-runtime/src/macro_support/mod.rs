//! What generated code calls. Everything here is hidden from the documentation and may change in any version: `honey-macros`
//! is pinned to exactly this version of the runtime.
//!
//! Generated code is a thin call into these functions. What does not depend on the user's types is not generic, so that it
//! is compiled once, here.

mod asks;
mod call;
mod derive;
mod dynamic;
mod one_field;
mod outcome;
mod probe;
mod units;

pub use std::boxed::Box;

pub use inventory;
pub use serde::Serialize;

pub use self::asks::{HasDebug, HasDisplay, HasSerialize, IsDerivedField, IsField, IsFields};
pub use self::call::{call_once, no_value, project, with_handle};
pub use self::derive::{IsOption, put_hashed, redacted};
pub use self::dynamic::DynamicValue;
pub use self::one_field::OneField;
pub use self::outcome::{ErrorText, IsResult, IsResultForOk, Outcome};
pub use self::probe::FutureProbe;
pub use self::units::{Time, in_ms, in_ns, in_s, in_us};
pub use crate::config::service_of;
#[cfg(feature = "catalog")]
pub use crate::event::CatalogEntry;
pub use crate::event::{
    Callsite, Carried, CountPolls, Entered, EventHandle, InEvent, Rollup, RollupEntered,
    RollupNames, RollupSite, RollupStarted, StartOptions, Started, count_polls, in_event,
    in_rollup, is_enabled, rollup, start, start_with,
};
pub use crate::fields::{FieldSink, HoneyFields};
pub use crate::init::init_as;
pub use crate::scope::DynamicField;
pub use crate::value::{ToField, Value};
