//! Seeing in a test what code emits: no globals, no network, no waiting, in parallel with other tests.
//!
//! [`capture`] runs a closure, [`capture_async`] a future; [`Events`] finds what they emitted, [`assert_event!`] compares it, and
//! [`Events::tree`] draws it for a snapshot. Events go through the real encoder, so what a test sees is what would be sent; the
//! [default fields](crate::Config::default_fields) of a program are not among it.
//!
//! ```
//! #[honey::event(fields(items), err)]
//! fn checkout(items: u64) -> Result<f64, String> {
//!     honey::in_child_event("charge", || honey::current().add_field("attempt", 1));
//!     (items > 0).then_some(9.5).ok_or_else(|| "the cart is empty".to_owned())
//! }
//!
//! let captured = honey::testing::capture(|| checkout(0));
//! assert!(captured.returned().is_err());
//!
//! let event = captured.events().named("checkout").with("error", true).one();
//! assert_eq!(event.str("error.message"), Some("the cart is empty"));
//! captured.events().child_of(event).named("charge").exactly(1);
//! honey::assert_event!(captured, "charge", { "attempt": 1, "outcome": "ok", "duration_ms": _ });
//! ```
//!
//! Nothing here is shared between tests: hundreds may capture at once, on threads or in tasks, and none sees another's events.
//! What code emits on a thread or in a task that it starts is seen where it carries the event or client along:
//! [`scope`](crate::scope()), [`in_current_event`](crate::FutureExt::in_current_event), `honey::tokio::spawn`. For a whole program,
//! with an `init`, threads and batches of its own, there is [`Capture`].
//!
//! [`assert_event!`]: crate::assert_event!

mod assert;
mod captured;
mod condition;
mod event;
mod events;
mod failure;
mod nearness;
mod transmission;
mod tree;

use std::future::Future;

pub use assert::Expected;
pub use captured::Captured;
pub use event::CapturedEvent;
pub use events::Events;
pub use transmission::Capture;
pub use tree::CapturedTree;

use crate::event::{FutureExt, with_client};
use crate::init::{DynamicFields, capture_client};

/// What `work` emits: on this thread, and in futures and threads that carry the event or client along
/// ([`in_current_event`](crate::FutureExt::in_current_event), [`scope`](crate::scope())). A task given to another thread by a
/// plain `spawn` is not seen, nor is what ends after `work` has.
///
/// ```
/// #[honey::event(fields(items))]
/// fn checkout(items: u64) {
///     honey::current().add_field("cart.total_usd", 9.5);
/// }
///
/// let captured = honey::testing::capture(|| checkout(3));
/// let event = captured.event("checkout");
/// assert_eq!(event.u64("items"), Some(3));
/// assert_eq!(event.str("outcome"), Some("ok"));
/// ```
pub fn capture<T>(work: impl FnOnce() -> T) -> Captured<T> {
    let (client, ship) = capture_client(DynamicFields::Evaluate);
    let returned = with_client(&client, work);
    Captured::of(&client, &ship, returned)
}

/// What `future` emits, on whatever threads it is polled, and in what it spawns with the event or client carried along.
///
/// ```
/// # async fn test() {
/// #[honey::event]
/// async fn job() -> u64 {
///     honey::tokio::spawn(async { honey::current().add_field("in.task", true) }).await.ok();
///     7
/// }
///
/// let captured = honey::testing::capture_async(job()).await;
/// assert_eq!(captured.returned(), &7);
/// assert_eq!(captured.event("job").bool("in.task"), Some(true));
/// # }
/// ```
pub async fn capture_async<T>(future: impl Future<Output = T>) -> Captured<T> {
    let (client, ship) = capture_client(DynamicFields::Evaluate);
    let returned = future.with_client(&client).await;
    Captured::of(&client, &ship, returned)
}
