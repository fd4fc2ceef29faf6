//! Wide events for Rust.
#![forbid(unsafe_code)]
