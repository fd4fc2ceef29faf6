//! Free functions on the current client: the innermost `with_client`, else init's.

use std::time::Duration;

use crate::client::{FlushFuture, Inner, flush_async as flush_client_async, live};
use crate::event::Local;
use crate::fields::HoneyFields;
use crate::response::Responses;
use crate::scope::Builder;
use crate::stats::Stats;
use crate::sync::Arc;

fn current_client() -> Option<Arc<Inner>> {
    Local::with(Local::current_client).flatten()
}

/// Sends what is there, and waits at most `timeout` until each event that has ended has its outcome. False: some have none yet.
/// True at once without a client.
///
/// ```
/// use std::time::Duration;
/// assert!(honey::flush(Duration::from_secs(1)));
/// ```
#[must_use = "false means that events are still on their way"]
pub fn flush(timeout: Duration) -> bool {
    current_client().is_none_or(|client| client.flush(timeout))
}

/// The same for asynchronous code, in any runtime or none. Up to 32 may wait at the same time; further ones are false at once.
///
/// ```
/// # async fn shut_down() {
/// use std::time::Duration;
/// let settled = honey::flush_async(Duration::from_secs(1)).await;
/// # }
/// ```
pub fn flush_async(timeout: Duration) -> FlushFuture {
    match current_client() {
        Some(client) => flush_client_async(client, timeout),
        None => FlushFuture::ready(true),
    }
}

/// The balance of the current client; after `close`, the last global one's.
///
/// ```
/// let stats = honey::stats();
/// assert!(stats.is_balanced());
/// println!("{stats}"); // created 10 = delivered 8 + dropped 2 (queue full 2)
/// ```
#[must_use]
pub fn stats() -> Stats {
    match current_client() {
        Some(client) => client.stats(),
        None => live::global_stats(),
    }
}

/// What became of the current client's events: one response per event that ends from now on. Bounded: what nobody reads is
/// dropped, and nothing is built before this was called.
///
/// ```
/// for response in honey::responses() {
///     println!("{:?}", response.outcome);
/// }
/// ```
#[must_use]
pub fn responses() -> Responses {
    current_client().map_or_else(Responses::none, |client| client.subscribe())
}

/// One event with these fields, sent at once: libhoney's `send_now`.
///
/// ```
/// use std::collections::BTreeMap;
/// honey::send_now(&BTreeMap::from([("duration_ms", 153.12)]));
/// ```
pub fn send_now(fields: &impl HoneyFields) {
    Builder::new().send_now(fields);
}
