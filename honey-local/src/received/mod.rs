//! What the server took in: events, the requests that brought them, and the log that keeps both.

mod dataset;
mod event;
mod headers;
mod key;
mod log;
mod request;

pub use dataset::Dataset;
pub use event::Event;
pub use headers::Headers;
pub use key::ApiKey;
pub(crate) use log::{Bounds, Log};
pub use request::Request;
