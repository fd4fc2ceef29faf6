//! Wide events for Rust.
#![forbid(unsafe_code)]
mod diagnostics;
mod dispatch;
mod fields;
mod isolate;
mod record;
mod response;
mod stats;
mod sync;
mod value;
pub use fields::{FieldSink, HoneyFields};
pub use value::*;
