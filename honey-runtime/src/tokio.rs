//! Spawning on tokio without losing the event: the feature `tokio`.
//!
//! A plain `tokio::spawn` begins with no event and no client: what the task does is no part of the trace. These take along what
//! is current where they are called. The event does not wait for the task: what the task adds after the event's end is lost, and
//! counted (`Stats::late_fields`).

use std::future::Future;

use ::tokio::task::{self, JoinHandle};

use crate::event::{FutureExt, WithEvent, current, scope};

/// `tokio::spawn` of the future [`in_current_event`](crate::FutureExt::in_current_event).
///
/// ```
/// #[honey::event]
/// async fn checkout() {
///     honey::tokio::spawn(async { honey::current().add_field("receipt.sent", true) });
/// }
/// ```
///
/// # Panics
/// As `tokio::spawn` does, outside a runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let future: WithEvent<F> = future.in_current_event();
    task::spawn(future)
}

/// `tokio::task::spawn_blocking` of `work`, in the current event.
///
/// ```
/// #[honey::event]
/// async fn render() {
///     let page = honey::tokio::spawn_blocking(|| honey::in_child_event("template", || "<html>"));
///     # drop(page);
/// }
/// ```
///
/// # Panics
/// As `tokio::task::spawn_blocking` does, outside a runtime.
#[track_caller]
pub fn spawn_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let event = current();
    task::spawn_blocking(move || scope(event, work))
}
