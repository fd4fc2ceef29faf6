//! Ways out of the process.

#[cfg(feature = "http")]
pub(super) mod http;
mod local;

pub(super) use local::Local;

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::Sender;

use super::book::FlightId;
use super::courtesy::Courtesy;
use super::encode::Body;
use super::events::Events;
use super::retry::Trouble;
use super::settings::{BuildError, Settings, TransportKind};
use crate::record::Destination;
use crate::sync::Arc;
use crate::transmission::Settlement;

/// Which way a destination's events go; decided once per destination.
#[derive(Clone)]
pub(super) enum Route {
    Nowhere,
    Local,
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
            Route::Nowhere | Route::Local | Route::Invalid(_) => String::new(),
        }
    }
}

/// Finds the route of a destination.
pub(super) enum Routes {
    Nowhere,
    Local,
    #[cfg(feature = "http")]
    Http,
}

impl Routes {
    pub(super) fn to(&self, destination: &Arc<Destination>) -> Route {
        let _ = destination;
        match self {
            Routes::Nowhere => Route::Nowhere,
            Routes::Local => Route::Local,
            #[cfg(feature = "http")]
            Routes::Http if destination.api_host.trim().is_empty() => Route::Nowhere,
            #[cfg(feature = "http")]
            Routes::Http => match http::Endpoint::of(destination) {
                Ok(endpoint) => Route::Http(Arc::new(endpoint)),
                Err(why) => Route::Invalid(why.into()),
            },
        }
    }

    /// Whether the destination decides: else all events share one queue, and keep their order.
    pub(super) fn differ(&self) -> bool {
        match self {
            Routes::Nowhere | Routes::Local => false,
            #[cfg(feature = "http")]
            Routes::Http => true,
        }
    }
}

/// The sending ends, as the ship thread holds them.
pub(super) enum Transport {
    Nowhere,
    Local(Local),
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
        Ok(match kind {
            TransportKind::Nowhere => (Transport::Nowhere, Routes::Nowhere),
            TransportKind::Transmission(transmission) => {
                let local = Local::new(transmission, settings.request_timeout);
                (Transport::Local(local), Routes::Local)
            }
            #[cfg(feature = "http")]
            TransportKind::Http(options) => (
                Transport::Http(http::Http::new(options, settings)?),
                Routes::Http,
            ),
        })
    }

    /// Starts the thread it needs, if any; `ended` is called, or dropped, when there is none any more.
    #[cfg_attr(
        not(feature = "http"),
        expect(clippy::unnecessary_wraps, reason = "starting a thread can fail")
    )]
    pub(super) fn start(
        &mut self,
        results: Sender<Completion>,
        ended: impl FnOnce() + Send + 'static,
    ) -> io::Result<Option<JoinHandle<()>>> {
        match self {
            #[cfg(feature = "http")]
            Transport::Http(http) => http.start(results, ended).map(Some),
            Transport::Nowhere | Transport::Local(_) => {
                drop((results, ended));
                Ok(None)
            }
        }
    }

    /// Sends a batch, or begins to.
    pub(super) fn submit(&mut self, route: &Route, load: &Load<'_>) -> Submitted {
        match (self, route) {
            #[cfg(feature = "http")]
            (Transport::Http(http), Route::Http(endpoint)) => {
                http.submit(load, Arc::clone(endpoint))
            }
            (Transport::Local(local), Route::Local) => Submitted {
                bytes: Some(load.body.bytes()),
                reply: Some(local.send(&(load.events)(), load.body)),
            },
            (_, Route::Invalid(why)) => Submitted::impossible(why),
            // Settled when it came in; nothing of it gets here. Routes come from their transport.
            _ => Submitted::impossible("it goes nowhere"),
        }
    }
}

/// A batch to be sent.
pub(super) struct Load<'a> {
    pub(super) flight: FlightId,
    /// One piece for each event that is to be sent.
    pub(super) body: &'a Body,
    /// Those events, in the same order; looked up only by who asks.
    pub(super) events: &'a dyn Fn() -> Events,
    /// For what is still to be done with it.
    pub(super) courtesy: Courtesy,
}

/// What became of an attempt to send.
pub(super) struct Submitted {
    /// What the request had, if one was made.
    pub(super) bytes: Option<usize>,
    /// `None`: it will come as a [`Completion`].
    pub(super) reply: Option<Reply>,
}

impl Submitted {
    fn impossible(why: &str) -> Self {
        Self {
            bytes: None,
            reply: Some(Reply::Unsendable(why.to_owned())),
        }
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
    /// A transmission returned.
    Settled {
        /// One for each event; `None` for those it left alone.
        settlements: Vec<Option<Settlement>>,
        has_panicked: bool,
    },
    /// The request could not even be made.
    Unsendable(String),
}
