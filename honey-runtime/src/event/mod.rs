//! Events: beginning, reaching, changing and ending them, on the application's threads.

mod annotation;
mod callsite;
#[cfg(feature = "catalog")]
mod catalog;
mod cell;
mod context;
mod count_polls;
mod dynamic;
mod edit;
mod finish;
mod future;
mod handle;
mod in_event;
#[cfg(any(feature = "tracing", feature = "log"))]
mod line;
mod local;
mod manual;
mod open;
mod outside;
mod panics;
mod put;
mod random;
mod rare;
mod rollup;
mod scoped;
#[cfg(feature = "tracing")]
mod shared;
mod stack;
mod start;
mod timed;
mod timer;

pub use callsite::Callsite;
#[cfg(feature = "catalog")]
pub use catalog::{Catalog, CatalogEntry, catalog};
pub(crate) use cell::OpenCell;
pub use count_polls::{CountPolls, count_polls};
pub use future::{FutureExt, InClient, WithEvent};
pub use handle::{EventHandle, current, root};
#[cfg(feature = "tower")]
pub(crate) use in_event::{Between, between, drop_inside};
pub use in_event::{Carried, InChildEvent, InEvent, in_event, in_rollup};
#[cfg(any(feature = "tracing", feature = "log"))]
pub use line::Lines;
#[cfg(feature = "log")]
pub(crate) use line::MESSAGE;
#[cfg(feature = "tracing")]
pub(crate) use line::put_location;
#[cfg(any(feature = "tracing", feature = "log"))]
pub(crate) use line::{EXCEPTION, LineOrigin, LineSettings, line_settings};
pub(crate) use local::Local;
pub use manual::{Event, Timer};
pub(crate) use outside::Along;
pub use outside::{EventRef, SpanContext};
pub(crate) use panics::capture_panics;
pub use rollup::{Rollup, RollupEntered, RollupNames, RollupSite, RollupStarted, rollup};
pub use scoped::{EventScope, in_child_event, scope, start_child, start_child_of, with_client};
#[cfg(feature = "tracing")]
pub(crate) use shared::SharedEvent;
#[cfg(feature = "reqwest")]
pub(crate) use start::start_named;
pub use start::{StartOptions, is_enabled, start, start_with};
pub use timed::{Entered, Started};
pub use timer::EventTimer;
