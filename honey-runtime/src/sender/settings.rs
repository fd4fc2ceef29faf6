//! What the sender is told when it is made: plain data, decided by `init`.

use std::fmt;
use std::time::Duration;

use super::retry::Backoff;
use crate::body_encoding::BodyEncoding;
use crate::compression::Compression;
use crate::outgoing::BeforeSend;
use crate::sampling::{HoldLimits, TailRules};
use crate::transmission::Transmission;

/// The sender's limits and times.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) max_batch_events: usize,
    /// A body is closed once it has this many bytes before compression. The server takes 5,000,000. Measured (docs/performance.md, "Batch
    /// limits"): 64 KiB cost half as much CPU again and more, beyond 500,000 there is nothing to gain, and what is larger takes longer to
    /// try again and more memory while it is under way.
    pub(crate) batch_bytes: usize,
    /// How often the threads' chunks are collected, and the longest that events wait for a fuller batch while others are under
    /// way.
    pub(crate) send_frequency: Duration,
    /// Requests under way to one destination. One or eight make no difference to a server that answers at once; more of them are for
    /// servers that are far away.
    pub(crate) max_concurrent_batches: usize,
    /// Bodies held, before compression, over all destinations; the first request of a destination is always allowed.
    pub(crate) max_in_flight_bytes: usize,
    /// What the client may hold. Once there is a second destination, one of them may hold half of it: a dead server must not take
    /// the room of one that lives.
    pub(crate) max_pending_bytes: usize,
    /// One try, from its beginning to the end of the answer.
    pub(crate) request_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    /// Counted from an event's end.
    pub(crate) max_age: Duration,
    /// `None`: only age bounds the tries.
    pub(crate) max_tries: Option<u32>,
    pub(crate) backoff: Backoff,
    /// Between two probes of a destination that refuses the key, or whose certificate is bad.
    pub(crate) probe_interval: Duration,
    pub(crate) compression: Compression,
    pub(crate) body_encoding: BodyEncoding,
    /// Goes into the `User-Agent`, after honey's own part.
    pub(crate) user_agent_addition: String,
    pub(crate) max_event_bytes: usize,
    pub(crate) keeping: Keeping,
}

/// What decides, after an event has ended, whether and how it is sent.
#[derive(Clone, Default)]
pub(crate) struct Keeping {
    /// The rules, and how much they may hold.
    pub(crate) tail: Option<(TailRules, HoldLimits)>,
    pub(crate) before_send: Option<BeforeSend>,
}

impl fmt::Debug for Keeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeping")
            .field("tail", &self.tail)
            .field("before_send", &self.before_send.is_some())
            .finish()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_batch_events: 8_192,
            batch_bytes: 1_000_000,
            send_frequency: Duration::from_millis(100),
            max_concurrent_batches: 8,
            max_in_flight_bytes: 16 * 1024 * 1024,
            max_pending_bytes: 64 * 1024 * 1024,
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            max_age: Duration::from_secs(60),
            max_tries: None,
            backoff: Backoff::default(),
            probe_interval: Duration::from_secs(60),
            compression: Compression::default(),
            body_encoding: BodyEncoding::default(),
            user_agent_addition: String::new(),
            max_event_bytes: 100_000,
            keeping: Keeping::default(),
        }
    }
}

/// Where events go.
pub(crate) enum TransportKind {
    /// To the event's destination, by HTTP.
    #[cfg(feature = "http")]
    Http(HttpOptions),
    /// Nowhere: each event ends as `Discarded(NoDestination)`.
    Nowhere,
    /// Wherever this takes them.
    Transmission(Box<dyn Transmission>),
}

impl fmt::Debug for TransportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            #[cfg(feature = "http")]
            TransportKind::Http(_) => "Http",
            TransportKind::Nowhere => "Nowhere",
            TransportKind::Transmission(_) => "Transmission",
        })
    }
}

/// What a user may say about the HTTP client. It stays ours: one from outside would follow redirects and bring its own runtime.
#[cfg(feature = "http")]
#[derive(Default)]
pub(crate) struct HttpOptions {
    /// Instead of the platform's roots (or the bundled ones) with ring.
    pub(crate) tls: Option<Box<rustls::ClientConfig>>,
    pub(crate) proxy: Proxy,
    /// Sent with each request.
    pub(crate) headers: Vec<(String, String)>,
}

/// Which proxy to use. May hold a password, hence no `Debug`.
#[cfg(feature = "http")]
#[derive(Default)]
pub(crate) enum Proxy {
    /// What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    #[default]
    Environment,
    Direct,
    Url(String),
}

/// Why no sender could be made.
#[derive(Debug)]
pub(crate) struct BuildError {
    pub(crate) what: String,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for BuildError {}
