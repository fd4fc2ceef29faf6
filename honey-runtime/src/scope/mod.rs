//! Scopes: what every event takes along. Global, then Builder, then the event itself; the later value wins.

mod builder;
mod cell;
mod dynamic;
mod global;
mod kept;

pub use builder::Builder;
pub(crate) use cell::ScopeCell;
pub(crate) use dynamic::registered;
pub use dynamic::{DynamicField, dynamic_fields};
pub(crate) use global::take_early;
pub use global::{Global, global};
