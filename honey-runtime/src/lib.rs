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
pub use honey_macros::{HoneyFields, dynamic_field, event};
pub use init::{Guard, init};
pub use record::{SpanId, TraceId};
pub use response::{DiscardReason, DropReason, Outcome, RecvError, Response, Responses};
pub use scope::{Builder, DynamicField, Global, dynamic_fields, global};
pub use stats::{Discarded, Dropped, Stats};
pub use value::{
    AsDebug, AsDisplay, AsJson, Key, Millis, ToField, ToJson, Value, debug, display, json, ms,
};
