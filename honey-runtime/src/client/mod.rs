//! A client: one scope, one seam, one sender. The global one is a client like any other.

mod fork;
mod listen;
pub(crate) mod live;
mod quirks;
pub(crate) mod unbound;
mod wait;

use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use listen::Listener;

pub(crate) use quirks::Quirks;
pub use wait::FlushFuture;
pub(crate) use wait::flush_async;

use crate::config::Config;
use crate::diagnostics::Diagnostics;
use crate::dispatch::Dispatch;
use crate::error::InitError;
use crate::event::OpenCell;
use crate::filter::Filter;
use crate::process::Origin;
use crate::propagation::Settings as Propagation;
use crate::response::{ResponseSink, Responses};
use crate::scope::{Builder, Global, ScopeCell};
use crate::stats::Stats;
use crate::sync::{Arc, AtomicBool, Condvar, Mutex, Ordering};

/// How long a client or guard that is dropped, rather than closed, may go on sending.
pub(crate) const DROP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long closing waits for messages to be said: a pipe that nobody reads must not hold it up.
pub(crate) const LAST_WORDS: Duration = Duration::from_millis(500);

/// Sending ends this long before the deadline of a close, and never earlier than in its last tenth: to say what was lost.
const LAST_WORDS_AT_LEAST: Duration = Duration::from_millis(100);

/// What all handles of one client share.
pub(crate) struct Inner {
    /// Never 0, never used again; but the client that takes this one's place after a fork has the same.
    pub(crate) id: u64,
    pub(crate) scope: ScopeCell,
    pub(crate) dispatch: Arc<Dispatch>,
    pub(crate) responses: Arc<ResponseSink>,
    pub(crate) diagnostics: Arc<Diagnostics>,
    pub(crate) quirks: Quirks,
    pub(crate) filter: Filter,
    /// Panics are noted by the hook; this client's events take their text.
    pub(crate) captures_panics: bool,
    /// How its events go into headers, and what is believed of others'.
    pub(crate) propagation: Propagation,
    /// To make it anew after a fork; `None`: that cannot be done.
    pub(crate) config: Option<Config>,
    origin: Origin,
    /// In a child process: who takes this one's place.
    successor: OnceLock<Arc<Inner>>,
    closing: Mutex<Closing>,
    closed: Condvar,
    is_closed: AtomicBool,
    /// The thread that calls the user's handler of responses.
    listener: OnceLock<Listener>,
}

/// What a client is made of.
pub(crate) struct Parts {
    pub(crate) id: u64,
    pub(crate) scope: ScopeCell,
    pub(crate) dispatch: Arc<Dispatch>,
    pub(crate) responses: Arc<ResponseSink>,
    pub(crate) diagnostics: Arc<Diagnostics>,
    pub(crate) filter: Filter,
    pub(crate) captures_panics: bool,
    pub(crate) propagation: Propagation,
    pub(crate) config: Option<Config>,
}

/// How far closing has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    No,
    UnderWay,
    /// True: every event had its outcome in time.
    Done(bool),
}

impl Inner {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let inner = Arc::new(Self {
            id: parts.id,
            scope: parts.scope,
            dispatch: parts.dispatch,
            responses: parts.responses,
            diagnostics: parts.diagnostics,
            quirks: Quirks::default(),
            filter: parts.filter,
            captures_panics: parts.captures_panics,
            propagation: parts.propagation,
            config: parts.config,
            origin: Origin::here(),
            successor: OnceLock::new(),
            closing: Mutex::new(Closing::No),
            closed: Condvar::new(),
            is_closed: AtomicBool::new(false),
            listener: OnceLock::new(),
        });
        live::enter(&inner);
        inner
    }

    pub(crate) fn stats(&self) -> Stats {
        if self.origin.is_elsewhere() {
            return Stats::default();
        }
        let mut stats = self.dispatch.stats();
        let missed = OpenCell::count_missed(self.id);
        self.quirks.late_fields.fetch_add(missed, Ordering::Relaxed);
        self.quirks.add_to(&mut stats);
        stats.open = OpenCell::count_open(self.id);
        stats.unread_responses = self.responses.unread();
        stats.diagnostics = self.diagnostics.so_far();
        stats
    }

    pub(crate) fn flush(&self, timeout: Duration) -> bool {
        // honey's own threads would wait for themselves.
        if self.is_closed() || crate::isolate::is_inside() {
            return self.stats().pending == 0;
        }
        self.dispatch.flush(deadline_in(timeout))
    }

    /// Whether closing has begun.
    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Idempotent: the first caller closes, others wait for it, each until its own deadline.
    pub(crate) fn close(&self, timeout: Duration) -> Report {
        let started = Instant::now();
        let deadline = deadline_in(timeout);
        if self.origin.is_elsewhere() {
            return Report {
                stats: Stats::default(),
                in_time: true,
                elapsed: started.elapsed(),
                is_disabled: false,
            };
        }
        let is_first = {
            let mut closing = self.closing.lock();
            let is_first = *closing == Closing::No;
            if is_first {
                *closing = Closing::UnderWay;
            }
            is_first
        };
        let in_time = if is_first {
            self.close_first(deadline)
        } else {
            self.wait_closed(deadline)
        };
        Report {
            stats: self.stats(),
            in_time,
            elapsed: started.elapsed(),
            is_disabled: false,
        }
    }
}

impl Inner {
    fn close_first(&self, deadline: Instant) -> bool {
        self.is_closed.store(true, Ordering::Release);
        live::leave(self.id);
        self.responses.close();
        let now = Instant::now();
        let left = deadline.saturating_duration_since(now);
        let in_time = self
            .dispatch
            .close(now + left.saturating_sub(LAST_WORDS_AT_LEAST.min(left / 10)));
        self.responses.end();
        self.wait_for_listener(deadline);
        self.diagnostics
            .wait_until_said(deadline.min(Instant::now() + LAST_WORDS));
        *self.closing.lock() = Closing::Done(in_time);
        self.closed.notify_all();
        in_time
    }

    fn wait_closed(&self, deadline: Instant) -> bool {
        let mut closing = self.closing.lock();
        loop {
            if let Closing::Done(in_time) = *closing {
                return in_time;
            }
            // honey's own threads would wait for themselves.
            if Instant::now() >= deadline || crate::isolate::is_inside() {
                return false;
            }
            closing = self.closed.wait_until(closing, deadline);
        }
    }
}

/// The far future of a timeout so long that the clock cannot express it.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn deadline_in(timeout: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(timeout).unwrap_or(now + FOREVER)
}

/// A client of its own: its scope, its queue, its connection, its balance. A cheap handle: clones mean the same client.
///
/// For a second tenant, or a test. Most programs use the global one, made by [`init`](crate::init). When the last handle is
/// dropped unclosed, it is closed with five seconds to send what is left.
///
/// ```
/// use std::time::Duration;
///
/// # fn main() -> Result<(), honey::InitError> {
/// let client = honey::Client::new(honey::Config::new("key").dataset("audit").api_host(""))?;
/// let mut event = client.builder().new_event();
/// event.add_field("action", "login");
/// event.send();
/// let report = client.close(Duration::from_secs(5));
/// assert!(report.stats.is_balanced());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    /// `None`: disabled.
    handle: Option<Arc<Handle>>,
}

/// What the last clone of a client drops.
struct Handle {
    inner: Arc<Inner>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.inner.here_now().close(DROP_TIMEOUT);
    }
}

impl Client {
    /// Makes a client and starts its threads.
    ///
    /// # Errors
    /// As [`init`](crate::init), but never that there is one already.
    pub fn new(config: Config) -> Result<Self, InitError> {
        crate::init::client(config)
    }

    pub(crate) fn of(inner: Arc<Inner>) -> Self {
        Self {
            handle: Some(Arc::new(Handle { inner })),
        }
    }

    /// A client that does nothing.
    pub(crate) fn disabled() -> Self {
        Self { handle: None }
    }

    pub(crate) fn inner(&self) -> Option<&Arc<Inner>> {
        self.handle.as_ref().map(|handle| handle.inner.here())
    }

    /// The same, where it is worth asking whether there was a fork.
    fn inner_now(&self) -> Option<&Arc<Inner>> {
        self.handle.as_ref().map(|handle| handle.inner.here_now())
    }

    /// A Builder with a copy of this client's scope.
    #[must_use]
    pub fn builder(&self) -> Builder {
        self.inner_now().map_or_else(Builder::nowhere, |inner| {
            Builder::of_client(Arc::clone(inner))
        })
    }

    /// This client's own global scope.
    #[must_use]
    pub fn scope(&self) -> Global {
        Global::of_client(self.inner_now().map(Arc::clone))
    }

    /// What became of this client's events, from now on: see [`Responses`].
    #[must_use]
    pub fn responses(&self) -> Responses {
        self.inner_now()
            .map_or_else(Responses::none, |inner| inner.subscribe())
    }

    /// Sends what is there, and waits at most `timeout` until each event has its outcome. False: some have none yet.
    #[must_use = "false means that events are still on their way"]
    pub fn flush(&self, timeout: Duration) -> bool {
        self.inner_now().is_none_or(|inner| inner.flush(timeout))
    }

    /// The same without blocking a thread of the application. Up to 32 may wait at the same time; further ones are false at once.
    pub fn flush_async(&self, timeout: Duration) -> FlushFuture {
        match self.inner_now() {
            Some(inner) => flush_async(Arc::clone(inner), timeout),
            None => FlushFuture::ready(true),
        }
    }

    /// Takes no more events, sends what is there for at most `timeout`, and ends the threads. What has no outcome by then is
    /// dropped as `CloseDeadline`. A second call waits for the first one's end.
    ///
    /// ```
    /// # fn main() -> Result<(), honey::InitError> {
    /// let client = honey::Client::new(honey::Config::new("key").dataset("shop").api_host(""))?;
    /// client.builder().new_event().send();
    /// let report = client.close(std::time::Duration::from_secs(5));
    /// assert_eq!(report.stats.created, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn close(&self, timeout: Duration) -> Report {
        self.inner_now()
            .map_or_else(Report::nothing, |inner| inner.close(timeout))
    }

    /// The balance at this moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.inner_now()
            .map(|inner| inner.stats())
            .unwrap_or_default()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("stats", &self.stats())
            .finish()
    }
}

/// What `close` achieved. Printed with `{:#}` it has what to do about the trouble there was: see [`Stats`].
///
/// ```
/// # fn main() -> Result<(), honey::InitError> {
/// let client = honey::Client::new(honey::Config::new("key").dataset("shop").api_host(""))?;
/// let report = client.close(std::time::Duration::from_secs(5));
/// assert!(report.in_time && report.stats.is_balanced());
/// println!("{report}"); // closed after 1.2ms: created 0 …
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// The balance when closing ended: nothing is pending, unless another call is closing still, beyond this one's deadline.
    pub stats: Stats,
    /// Whether every event had its outcome before the deadline.
    pub in_time: bool,
    /// How long closing took.
    pub elapsed: Duration,
    is_disabled: bool,
}

impl Report {
    /// Of a client that never was.
    pub(crate) fn nothing() -> Self {
        Self {
            stats: Stats::default(),
            in_time: true,
            elapsed: Duration::ZERO,
            is_disabled: true,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_disabled {
            return f.write_str("disabled: nothing was recorded");
        }
        let how = if self.in_time {
            "closed"
        } else {
            "closed at the deadline"
        };
        write!(f, "{how} after {:.1?}: ", self.elapsed)?;
        fmt::Display::fmt(&self.stats, f)
    }
}
