//! Where events go when not over HTTP to Honeycomb: the [`Transmission`] trait, and what implements it already.
//!
//! A client has one transmission, given by [`Config::transmission`](crate::Config::transmission); without it, events go to
//! `api_host` over HTTP. Whatever it is, events are collected, encoded, bounded and counted in the same way, each has exactly one
//! outcome, and [`responses`](crate::responses()) tell it.
//!
//! | transmission | where events go |
//! |---|---|
//! | none given | to `api_host` over HTTP(S), feature `http` |
//! | [`Writer`] | a line of JSON each to any [`std::io::Write`]; `honey-local send FILE` sends such lines later |
//! | [`Stdout`] | the same to standard output; drawn as a [`Tree`] when that is a terminal |
//! | [`Tree`] | drawn for a reader, each trace as a tree |
//! | [`Discard`] | nowhere |
//! | `testing::Capture` | into a list that a test of a whole program looks at, feature `testing`; for a piece of code there is `testing::capture` |
//! | your own | [`Transmission`] |

mod batch;
mod discard;
mod stdout;
mod tree;
mod writer;

use std::time::Duration;

#[cfg(all(feature = "http", feature = "msgpack"))]
pub(crate) use batch::data_of;
pub use batch::{Batch, BatchEvent};
pub(crate) use batch::{Item, Settlement};
pub use discard::Discard;
pub use stdout::Stdout;
pub use tree::{Color, Tree, TreeOptions};
pub use writer::Writer;

/// The renderer, for honey-local: no part of what honey promises.
#[doc(hidden)]
pub mod drawing {
    pub use super::tree::drawing::{Drawable, Live, Trace, render, traces};
}

/// Takes batches of events wherever you want them: a file, a queue, another service.
///
/// It is called on a thread of honey's own, one call at a time, so it may block; meanwhile events gather within `max_pending_bytes`
/// and the newest beyond are dropped. Callers of [`flush`](crate::flush) and `close` get their answer by their own deadline even
/// when a transmission never returns: what it holds is then dropped as `CloseDeadline`.
///
/// A panic stays there: what the batch's events were given until then counts, the others are dropped as
/// [`DropReason::Transmission`](crate::DropReason::Transmission), and the next batch is tried. Events that the transmission's own
/// code makes are not recorded.
///
/// It stays with the process that made its client. A child made by `fork` has no such client, as before [`init`](crate::init): once
/// the fork is noticed (see [`after_fork`](crate::after_fork)), nothing is recorded there until the child makes a client with a
/// transmission of its own. The parent's is neither called nor dropped in the child, so that a half-filled buffer is written once.
///
/// ```
/// use std::time::Duration;
/// use honey::transmission::{Batch, Transmission};
///
/// /// Counts bytes.
/// struct Scale(std::sync::mpsc::Sender<usize>);
///
/// impl Transmission for Scale {
///     fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
///         for event in batch.events() {
///             match self.0.send(event.json().len()) {
///                 Ok(()) => event.accept(),
///                 Err(gone) => event.fail(gone),
///             }
///         }
///     }
///
///     fn flush(&mut self, _timeout: Duration) {}
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (scale, bytes) = std::sync::mpsc::channel();
/// let client = honey::Client::new(honey::Config::from_env()?.transmission(Scale(scale)))?;
/// let mut event = client.builder().new_event();
/// event.add_field("action", "login");
/// event.send();
/// let report = client.close(Duration::from_secs(5));
/// assert_eq!(report.stats.accepted, 1);
/// assert_eq!(bytes.recv()?, r#"{"data":{"action":"login"},"time":"2026-01-31T12:00:00.000000000Z"}"#.len());
/// # Ok(())
/// # }
/// ```
pub trait Transmission: Send {
    /// Delivers a batch, at best within `timeout` (`Config::request_timeout`, 10 s by default), and gives each event its outcome.
    /// What has none when this returns is dropped as [`DropReason::Transmission`](crate::DropReason::Transmission).
    fn send(&mut self, batch: &mut Batch<'_>, timeout: Duration);

    /// Puts out what was held back, at best within `timeout`. Called when somebody waits in `flush` or `close`, after `send` got
    /// all events there were at that moment. They wait until this returns, but never beyond their own deadline.
    fn flush(&mut self, timeout: Duration);

    /// Called between batches, and when there are none about ten times a second, once a second after ten idle ones: for a
    /// transmission that holds something back for a while. By default it does nothing.
    fn tick(&mut self) {}
}

impl<T: Transmission + ?Sized> Transmission for Box<T> {
    fn send(&mut self, batch: &mut Batch<'_>, timeout: Duration) {
        (**self).send(batch, timeout);
    }

    fn flush(&mut self, timeout: Duration) {
        (**self).flush(timeout);
    }

    fn tick(&mut self) {
        (**self).tick();
    }
}
