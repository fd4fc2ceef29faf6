//! Ways out of the process.

mod compress;
#[cfg(feature = "http")]
pub(super) mod http;
mod writer;

pub(super) use compress::Compressor;
pub(super) use writer::Lines;

use std::io::Write;
use std::time::Duration;

use super::book::FlightId;
use super::retry::Trouble;
use super::settings::{BuildError, Settings, TransportKind};
use crate::record::Destination;
use crate::sync::Arc;

/// Which way a destination's events go; decided once per destination.
#[derive(Clone)]
pub(super) enum Route {
    Nowhere,
    Writer(Arc<Destination>),
    #[cfg(feature = "http")]
    Http(Arc<http::Endpoint>),
    /// Nobody can send there: no URL, or a key that is no header value. Says why, without the key.
    Invalid(Arc<str>),
}

impl Route {
    /// For messages.
    pub(super) fn host(&self) -> String {
        match self {
            #[cfg(feature = "http")]
            Route::Http(endpoint) => endpoint.host(),
            Route::Nowhere | Route::Writer(_) | Route::Invalid(_) => String::new(),
        }
    }
}

/// Finds the route of a destination.
pub(super) enum Routes {
    Nowhere,
    Writer,
    #[cfg(feature = "http")]
    Http,
}

impl Routes {
    pub(super) fn to(&self, destination: &Arc<Destination>) -> Route {
        match self {
            Routes::Nowhere => Route::Nowhere,
            Routes::Writer => Route::Writer(Arc::clone(destination)),
            #[cfg(feature = "http")]
            Routes::Http if destination.api_host.trim().is_empty() => Route::Nowhere,
            #[cfg(feature = "http")]
            Routes::Http => match http::Endpoint::of(destination) {
                Ok(endpoint) => Route::Http(Arc::new(endpoint)),
                Err(why) => Route::Invalid(why.into()),
            },
        }
    }
}

/// The sending ends, as the ship thread holds them.
pub(super) enum Transport {
    Nowhere,
    Writer(Lines<Box<dyn Write + Send>>),
    #[cfg(feature = "http")]
    Http(http::Http),
}

impl Transport {
    #[cfg_attr(
        not(feature = "http"),
        expect(clippy::unnecessary_wraps, reason = "setting up HTTP can fail")
    )]
    pub(super) fn new(
        kind: TransportKind,
        settings: &Settings,
    ) -> Result<(Self, Routes), BuildError> {
        // Without `http`, nothing here can fail and no setting matters.
        let _ = settings;
        Ok(match kind {
            TransportKind::Discard => (Transport::Nowhere, Routes::Nowhere),
            TransportKind::Writer(writer) => {
                (Transport::Writer(Lines::new(writer)), Routes::Writer)
            }
            #[cfg(feature = "http")]
            TransportKind::Http(options) => (
                Transport::Http(http::Http::new(options, settings)?),
                Routes::Http,
            ),
        })
    }
}

/// What came of one request.
pub(super) struct Completion {
    pub(super) flight: FlightId,
    /// How many events were in it.
    pub(super) events: usize,
    pub(super) reply: Reply,
}

/// See [`Completion`].
pub(super) enum Reply {
    /// The server answered. `body` is cut to what anybody would read.
    Answer {
        status: u16,
        retry_after: Option<Duration>,
        body: Vec<u8>,
    },
    /// No answer, for a reason in words that name neither key nor password.
    Failed { trouble: Trouble, why: String },
    /// The first events were written out, then came the error, if any.
    Written {
        events: usize,
        error: Option<String>,
    },
    /// The request could not even be made.
    Unsendable(String),
}

/// A request to be made.
pub(super) struct Job {
    pub(super) flight: FlightId,
    pub(super) events: usize,
    /// Compressed.
    pub(super) body: Vec<u8>,
    pub(super) content_encoding: Option<&'static str>,
}
