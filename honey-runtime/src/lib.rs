//! Wide events for Rust.
#![forbid(unsafe_code)]

#[doc(hidden)]
#[path = "macro_support/mod.rs"]
pub mod __private;
mod client;
mod compression;
mod config;
mod diagnostics;
mod dispatch;
mod error;
mod event;
mod fields;
mod free;
mod init;
mod isolate;
mod record;
mod response;
mod scope;
mod sender;
mod stats;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

pub use client::{Client, FlushFuture, Report};
pub use compression::Compression;
pub use config::{Config, DEFAULT_API_HOST, EnvError};
pub use diagnostics::DiagnosticKind;
pub use error::InitError;
pub use event::{
    Event, EventHandle, EventScope, FutureExt, InClient, Timer, WithEvent, current, in_child_event,
    root, scope, start_child, with_client,
};
pub use fields::{FieldSink, HoneyFields};
pub use free::{flush, flush_async, responses, send_now, stats};
/// ```
/// #[derive(honey::HoneyFields)]
/// #[honey(prefix = "order.")]
/// struct Order {
///     id: u64,
///     #[honey(rename = "total_usd")]
///     total: f64,
///     #[honey(skip)]
///     card: String,
///     customer: Option<String>,
/// }
///
/// let order = Order { id: 7, total: 9.5, card: "4111 1111".to_owned(), customer: None };
/// honey::current().add(&order); // order.id, order.total_usd
/// # assert_eq!(order.card.len() + order.customer.map_or(0, |it| it.len()), 9);
/// ```
pub use honey_macros::HoneyFields;
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// static CONNECTIONS: AtomicU64 = AtomicU64::new(0);
///
/// #[honey::dynamic_field(name = "db.connections")]
/// fn connections() -> u64 {
///     CONNECTIONS.load(Ordering::Relaxed)
/// }
/// # assert_eq!(connections(), 0);
/// # assert_eq!(honey::dynamic_fields()[0].name(), "db.connections");
/// ```
pub use honey_macros::dynamic_field;
/// ```
/// #[honey::event(name = "checkout", fields(user_id, cart.items = items.len()), err)]
/// async fn checkout(user_id: u64, items: Vec<String>) -> Result<u64, String> {
///     honey::current().add_field("cart.is_gift", false);
///     if items.is_empty() {
///         return Err("the cart is empty".to_owned());
///     }
///     Ok(user_id)
/// }
///
/// #[honey::event(sample = 100, ret(len = |text| text.len()))]
/// fn render(template: &str) -> String {
///     template.to_uppercase()
/// }
/// # assert_eq!(render("a"), "A");
/// # drop(checkout(1, Vec::new()));
/// ```
pub use honey_macros::event;
pub use init::{Guard, init};
pub use record::{SpanId, TraceId};
pub use response::{DiscardReason, DropReason, Outcome, RecvError, Response, Responses};
pub use scope::{Builder, DynamicField, Global, dynamic_fields, global};
pub use stats::{Discarded, Dropped, Stats};
pub use value::{
    AsDebug, AsDisplay, AsJson, Key, Millis, ToField, ToJson, Value, debug, display, json, ms,
};
