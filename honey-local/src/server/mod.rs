//! The server: what starts it, what looks at it, what stops it.

mod answer;
mod body;
mod builder;
mod exchange;
mod listener;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use answer::Answer;
pub use builder::ServerBuilder;
use exchange::Shared;
use listener::Listener;

use crate::{Event, Marker, Request};

/// A running server. Dropping it stops it.
///
/// It has a thread and a runtime of its own, so it works from synchronous code and inside any runtime. It keeps
/// what it receives within bounds (see [`ServerBuilder`]); the oldest is forgotten first.
///
/// ```
/// use std::io::{Read, Write};
/// use std::time::Duration;
///
/// let server = honey_local::Server::start()?;
///
/// // An application would be given `server.url()`; here is the request it would make.
/// let body = r#"[{"data":{"name":"checkout","duration_ms":12.5}}]"#;
/// let mut connection = std::net::TcpStream::connect(server.addr())?;
/// write!(connection, "POST /1/batch/shop HTTP/1.1\r\nhost: localhost\r\nx-honeycomb-team: any-key\r\n")?;
/// write!(connection, "content-type: application/json\r\ncontent-length: {}\r\n", body.len())?;
/// write!(connection, "connection: close\r\n\r\n{body}")?;
/// let mut answer = String::new();
/// connection.read_to_string(&mut answer)?;
/// assert!(answer.ends_with(r#"[{"status":202}]"#));
///
/// let events = server.wait_for_events(1, Duration::from_secs(5))?;
/// assert_eq!(events[0].name(), Some("checkout"));
/// assert_eq!(events[0].dataset, "Shop");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    listener: Listener,
}

impl Server {
    /// Starts a server on a free loopback port, which takes any API key that is not empty.
    ///
    /// # Errors
    /// When no port can be bound, or no thread started.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// A server to be set up first.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    /// The address to give an application as its API host, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.listener.addr()
    }

    /// The events accepted so far, in order, as far as they are kept.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.shared.log.events()
    }

    /// The requests answered so far, in order, as far as they are kept: the refused ones too.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.log.requests()
    }

    /// The markers accepted so far, in order; the last 10,000 are kept.
    #[must_use]
    pub fn markers(&self) -> Vec<Marker> {
        self.shared.log.markers()
    }

    /// How many events were forgotten to stay within bounds, since the start or the last [`clear`](Self::clear).
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.shared.log.forgotten()
    }

    /// Waits until `n` events were accepted since the start or the last [`clear`](Self::clear), and gives those
    /// kept. Blocks the thread, so inside a `current_thread` runtime the application's tasks stand still meanwhile.
    ///
    /// # Errors
    /// When `timeout` passes first; the error says how many arrived.
    pub fn wait_for_events(&self, n: usize, timeout: Duration) -> Result<Vec<Event>, Timeout> {
        self.shared.log.wait(n, timeout).map_err(|arrived| Timeout {
            wanted: n,
            arrived,
            waited: timeout,
        })
    }

    /// Waits for an event whose number is above `number`, and gives all of those kept; empty when `timeout` passes
    /// first. With the last number seen, this reads the events as a stream.
    #[must_use]
    pub fn events_after(&self, number: u64, timeout: Duration) -> Vec<Event> {
        self.shared.log.after(number, timeout)
    }

    /// The same for events and requests at once.
    pub(crate) fn news_after(
        &self,
        event: u64,
        request: u64,
        timeout: Duration,
    ) -> (Vec<Event>, Vec<Request>) {
        self.shared.log.news_after(event, request, timeout)
    }

    /// Forgets events, requests, markers and the answers prepared by [`respond_next`](Self::respond_next).
    pub fn clear(&self) {
        self.shared.clear_answers();
        self.shared.log.clear();
    }

    /// Answers the next `n` requests that bring events with `answer`, whatever they hold. Answers prepared one
    /// after the other are given in that order.
    ///
    /// ```
    /// # use honey_local::{Answer, Server};
    /// let server = Server::start()?;
    /// server.respond_next(2, Answer::new(503));
    /// server.respond_next(1, Answer::new(429).header("retry-after", "1").body(r#"{"error":"slow down"}"#));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn respond_next(&self, n: usize, answer: Answer) {
        self.shared.prepare(n, answer);
    }

    /// Stops it: no more connections, the open ones cut off. What was received is given back.
    /// Returns within a few seconds in any case.
    #[must_use = "the events received until the end; to stop the server and not look, drop it"]
    pub fn shutdown(mut self) -> Vec<Event> {
        self.listener.stop();
        self.events()
    }
}

/// Fewer events arrived in time than were waited for.
///
/// ```
/// use std::time::Duration;
///
/// let server = honey_local::Server::start()?;
/// let Err(timeout) = server.wait_for_events(1, Duration::ZERO) else {
///     unreachable!("nobody has sent anything");
/// };
/// assert_eq!((timeout.arrived(), timeout.wanted()), (0, 1));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeout {
    wanted: usize,
    arrived: usize,
    waited: Duration,
}

impl Timeout {
    /// How many events were waited for.
    #[must_use]
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// How many arrived.
    #[must_use]
    pub fn arrived(&self) -> usize {
        self.arrived
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} events arrived within {:?}",
            self.arrived, self.wanted, self.waited
        )
    }
}

impl std::error::Error for Timeout {}
