//! Events: beginning, reaching, changing and ending them, on the application's threads.

mod callsite;
mod cell;
mod context;
mod edit;
mod finish;
mod future;
mod handle;
mod local;
mod manual;
mod open;
mod panics;
mod random;
mod scoped;
mod start;
mod timed;

pub use callsite::Callsite;
pub(crate) use cell::OpenCell;
pub use future::{FutureExt, InClient, WithEvent};
pub use handle::{EventHandle, current, root};
pub(crate) use local::Local;
pub use manual::{Event, Timer};
pub(crate) use panics::capture_panics;
pub use scoped::{EventScope, in_child_event, scope, start_child, with_client};
pub use start::{StartOptions, is_enabled, start, start_with};
pub use timed::{Entered, Started};
