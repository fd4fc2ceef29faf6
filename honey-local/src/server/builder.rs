//! How a server is set up.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::Server;
use super::exchange::Shared;
use super::listener::Listener;
use crate::KnownKey;
use crate::protocol::{Keys, Rules};
use crate::received::{Bounds, Log};

/// Events kept unless set otherwise.
const MAX_EVENTS: usize = 100_000;
/// Memory for the events kept: 256 MiB.
const MAX_EVENT_BYTES: usize = 256 << 20;
/// Memory for the requests kept: 256 MiB.
const MAX_REQUEST_BYTES: usize = 256 << 20;
/// The service's figure for one event, above the one documented with this API.
const LARGEST_EVENT_BYTES: usize = 1_000_000;

/// The options of a [`Server`].
///
/// ```
/// use honey_local::Server;
///
/// // A server that lets nobody in without a key, keeps the last 100 events, and makes clients split their batches.
/// let server = Server::builder().max_events(100).max_body_bytes(10_000).start()?;
/// println!("send to {}", server.url());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ServerBuilder {
    addr: SocketAddr,
    rules: Rules,
    bounds: Bounds,
}

impl Default for ServerBuilder {
    fn default() -> Self {
        Self {
            addr: (Ipv4Addr::LOCALHOST, 0).into(),
            rules: Rules::default(),
            bounds: Bounds {
                events: MAX_EVENTS,
                event_bytes: MAX_EVENT_BYTES,
                request_bytes: MAX_REQUEST_BYTES,
            },
        }
    }
}

impl ServerBuilder {
    /// Where to listen; default a free port of 127.0.0.1.
    pub fn bind(mut self, addr: impl Into<SocketAddr>) -> Self {
        self.addr = addr.into();
        self
    }

    /// The keys to accept. All others are unknown from then on; by default any key is accepted that is not empty.
    pub fn keys(mut self, keys: impl IntoIterator<Item = KnownKey>) -> Self {
        self.rules.keys = Keys::Known(keys.into_iter().collect());
        self
    }

    /// Takes requests without a key too, unless [`keys`](Self::keys) are given. Off by default, as no server of Honeycomb's does;
    /// the program does it, so that an application on this machine needs no key.
    pub fn key_optional(mut self) -> Self {
        self.rules.key_optional = true;
        self
    }

    /// How many events to keep; default 100,000, and never more than about 256 MiB of them.
    pub fn max_events(mut self, events: usize) -> Self {
        self.bounds.events = events;
        self
    }

    /// How many bytes of memory, about, to give to [`Server::requests`]: their headers, bodies and events. Default
    /// 256 MiB; the last request is kept in any case, but for 0, which keeps none.
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.bounds.request_bytes = bytes;
        self
    }

    /// How large an event's uncompressed JSON may be; default 100,000 bytes as documented, at most 1,000,000 as the
    /// service takes today.
    pub fn max_event_bytes(mut self, bytes: usize) -> Self {
        self.rules.limits.event_bytes = bytes.min(LARGEST_EVENT_BYTES);
        self
    }

    /// How large a batch's body may be, on the wire and uncompressed; default and at most 5,000,000 bytes, as documented. Less
    /// makes a client split its batches.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.rules.limits.body_bytes = bytes.min(self.rules.limits.body_bytes);
        self
    }

    /// The status for a missing or unknown key; default 401, as servers answer today. The document says 400.
    pub fn unknown_key_status(mut self, status: u16) -> Self {
        self.rules.unknown_key_status = status;
        self
    }

    /// The status for a body over the limit; default 400 as documented. Servers have been seen to say 413.
    pub fn too_large_status(mut self, status: u16) -> Self {
        self.rules.too_large_status = status;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// When the address cannot be bound, or no thread started.
    pub fn start(self) -> io::Result<Server> {
        let shared = Arc::new(Shared::new(self.rules, Log::new(self.bounds)));
        let listener = Listener::start(self.addr, Arc::clone(&shared))?;
        Ok(Server { shared, listener })
    }
}
