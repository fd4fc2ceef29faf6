//! Honeycomb-style observability: one *wide event* for each unit of work, any field added at any moment from anywhere, nothing
//! lost silently, at a cost one need not think about.
//!
//! [`#[honey::event]`](macro@event) makes each call of a function an event: timed, with the arguments you name, linked into a trace,
//! sent in batches to Honeycomb. [`#[derive(HoneyFields)]`](derive@HoneyFields) turns structs into fields,
//! [`#[honey::dynamic_field]`](macro@dynamic_field) adds what is true of the process at the moment.
//!
//! ```
//! use std::time::Duration;
//!
//! #[honey::event(fields(user_id), err)]
//! fn checkout(user_id: u64) -> Result<f64, String> {
//!     honey::current().add_field("cart.items", 3); // the innermost open event, from anywhere below
//!     honey::root().add_field("customer.tier", "gold"); // the outermost: the request's wide event
//!     Ok(9.5)
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // An empty host discards events; leave it out to send to Honeycomb.
//! let honey = honey::init(honey::Config::from_env()?.service_name("shop").api_host(""))?;
//! honey::global().add_field("build", env!("CARGO_PKG_VERSION"));
//! checkout(7)?;
//! let report = honey.close(Duration::from_secs(5));
//! assert!(report.stats.is_balanced());
//! # Ok(())
//! # }
//! ```
//!
//! # Where to look
//! - Setting up: [`init_from_env`](fn@init_from_env), [`Config`], [`init`] and its [`Guard`]; isolated clients: [`Client`], [`with_client`].
//! - Reaching an event: [`current`], [`root`], [`EventHandle`]; across threads and tasks: [`scope`](scope()), [`FutureExt`];
//!   across processes: [`propagation`].
//! - What every event takes along: [`global`], [`Builder`]; what a field may be: [`ToField`], [`HoneyFields`].
//! - Events by hand, as libhoney has them: [`Event`], [`send_now`], [`responses`].
//! - Paying only for what is worth keeping: [`sampling`]; changing what leaves: [`Config::before_send`].
//! - What became of everything: [`flush`], [`stats`], [`Stats`].
//!
//! # What holds
//! `created == sampled_out + discarded + delivered + rejected + dropped + pending`, exactly and at any moment. Memory and every wait
//! are bounded. Nothing here panics into the program, blocks it (unless `block_on_send` says so) or aborts it; user code that honey
//! runs is isolated, as far as `panic = "abort"` lets it. The key shows in no output. Only arguments that are named are recorded.
//!
//! # Features
//! | feature | default | what for |
//! |---|---|---|
//! | `http` | yes | sending over HTTP(S), with reqwest and rustls |
//! | `header-map` | with `http` | [`propagation`] over `http::HeaderMap` |
//! | `zstd` | yes | zstd for request bodies |
//! | `gzip` | no | gzip for request bodies |
//! | `msgpack` | no | MessagePack for request bodies |
//! | `fast-clock` | no | the processor's counter instead of the system's clock, which is quicker to read. Durations may be off by parts in 10,000, and by more after a suspend or a live migration |
//! | `testing` | no | `honey::testing`: what code emits, in tests |
//! | `tokio` | no | `honey::tokio::spawn`: tasks that belong to the event they are spawned in |
//! | `tracing` | no | `honey::tracing`: what is instrumented with the crate `tracing` takes part |
//! | `log` | no | `honey::log`: records of the crate `log` go onto the event they were written in |
//! | `signal-hook` | no | `honey::exit_on_signal`: SIGTERM and Ctrl-C send what is pending, then exit |
//! | `tower` | no | `honey::tower::EventLayer`: one event for each request of an axum, hyper or tonic server |
//! | `axum` | no | `tower`, and events named by axum's routes |
//! | `reqwest` | no | `honey::reqwest`: a child event for each call of a `reqwest::Client` |
//! | `catalog` | no | `honey::catalog()`: what the program can emit |
//!
//! A library that annotates its functions depends on this crate with `default-features = false`; the program decides.
#![forbid(unsafe_code)]
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
#[path = "macro_support/mod.rs"]
pub mod __private;
#[cfg(feature = "http")]
mod account;
mod body_encoding;
mod client;
mod compression;
mod config;
mod diagnostics;
#[doc(hidden)]
pub mod dictionary;
mod dispatch;
mod error;
mod event;
mod fields;
mod filter;
mod free;
#[cfg(honey_fuzz)]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(any(feature = "tower", feature = "reqwest"))]
mod http_words;
mod init;
mod isolate;
#[cfg(feature = "log")]
pub mod log;
mod outgoing;
mod process;
pub mod propagation;
mod record;
#[cfg(feature = "reqwest")]
pub mod reqwest;
mod response;
pub mod sampling;
mod scope;
mod seen;
mod sender;
#[cfg(all(feature = "signal-hook", unix))]
mod signal;
mod stats;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tokio")]
pub mod tokio;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "tracing")]
pub mod tracing;
pub mod transmission;
mod value;

#[cfg(feature = "http")]
pub use account::{RequestError, Verified, markers, verify, verify_async};
pub use body_encoding::BodyEncoding;
pub use client::{Client, FlushFuture, Report};
pub use compression::Compression;
pub use config::{Config, DEFAULT_API_HOST, EnvError, Service};
pub use diagnostics::{Diagnostic, DiagnosticKind};
pub use error::InitError;
#[cfg(any(feature = "tracing", feature = "log"))]
pub use event::Lines;
#[cfg(feature = "catalog")]
pub use event::{Catalog, CatalogEntry, catalog};
pub use event::{
    Event, EventHandle, EventRef, EventScope, EventTimer, FutureExt, InChildEvent, InClient, Timer,
    WithEvent, current, in_child_event, root, scope, start_child, start_child_of, with_client,
};
pub use fields::{FieldSink, HoneyFields};
pub use free::{after_fork, flush, flush_async, responses, send_now, stats};
#[doc = include_str!("../docs/honey_fields.md")]
pub use honey_macros::HoneyFields;
#[doc = include_str!("../docs/honey_value.md")]
pub use honey_macros::HoneyValue;
#[doc = include_str!("../docs/dynamic_field.md")]
pub use honey_macros::dynamic_field;
#[doc = include_str!("../docs/event.md")]
pub use honey_macros::event;
pub use init::{Guard, init, init_from_env};
pub use outgoing::Outgoing;
pub use record::{SpanId, TraceId};
pub use response::{DiscardReason, DropReason, Outcome, RecvError, Response, Responses};
/// The version of rustls that [`Config::tls`] takes a configuration of.
#[cfg(feature = "http")]
pub use rustls;
pub use scope::{Builder, DynamicField, Global, dynamic_fields, global};
pub use seen::{FieldValue, SeenEvent};
#[cfg(all(feature = "signal-hook", unix))]
pub use signal::exit_on_signal;
pub use stats::{Discarded, Dropped, Stats, Waiting};
pub use value::{
    AsDebug, AsDisplay, AsJson, JsonWriter, Key, Millis, Secret, ToField, ToJson, Value, debug,
    display, json, ms, set_redaction_key,
};

/// The code of the README compiles. It shows the features it names.
#[cfg(all(
    doctest,
    feature = "http",
    feature = "testing",
    feature = "axum",
    feature = "reqwest"
))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So does that of the page for those who come from libhoney.
#[cfg(all(doctest, feature = "http"))]
#[doc = include_str!("../../docs/libhoney.md")]
struct ComingFromLibhoney;

/// And the page for those who come from `tracing`.
#[cfg(all(
    doctest,
    feature = "testing",
    feature = "tokio",
    feature = "tracing",
    feature = "log"
))]
#[doc = include_str!("../../docs/from-tracing.md")]
struct ComingFromTracing;
/// And those of the guide.
#[cfg(all(
    doctest,
    feature = "http",
    feature = "testing",
    feature = "tokio",
    feature = "axum",
    feature = "reqwest"
))]
mod guide {
    #[doc = include_str!("../../docs/guide/start.md")]
    struct Start;
    #[doc = include_str!("../../docs/guide/wide-events.md")]
    struct WideEvents;
    #[doc = include_str!("../../docs/guide/macros.md")]
    struct Macros;
    #[doc = include_str!("../../docs/guide/scopes.md")]
    struct Scopes;
    #[doc = include_str!("../../docs/guide/async.md")]
    struct Async;
    #[doc = include_str!("../../docs/guide/services.md")]
    struct Services;
    #[doc = include_str!("../../docs/guide/testing.md")]
    struct Testing;
    #[doc = include_str!("../../docs/guide/sampling.md")]
    struct Sampling;
    #[doc = include_str!("../../docs/guide/production.md")]
    struct Production;
}
