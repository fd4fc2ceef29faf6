//! The Events API as Honeycomb documents it: from a request's bytes to an answer and the events accepted.
//!
//! Everything here is a function of values, the clock among them; nothing listens, waits or keeps.

mod auth;
mod batch;
mod element;
mod encoding;
mod fields;
mod json;
mod keys;
mod marker;
mod msgpack;
mod path;
mod refusal;
mod reply;
mod rules;
mod sample_rate;
mod single;
mod time;

pub(crate) use element::{Origin, of_batch as event_of_batch};
pub(crate) use json::members;
pub(crate) use keys::Keys;
pub use keys::KnownKey;
pub use marker::Marker;
pub(crate) use path::Route;
pub(crate) use reply::{Incoming, Reply, Wire, answer};
pub(crate) use rules::{Limits, Rules};
pub(crate) use time::rfc3339;
