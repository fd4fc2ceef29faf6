//! The one place that knows both sides: makes a client out of a configuration, and the global client's guard.

use std::future::Future;
use std::time::Duration;

use crate::client::{Client, DROP_TIMEOUT, FlushFuture, Inner, Report, live};
use crate::config::{Checked, Config, check};
use crate::diagnostics::{DiagnosticKind, Diagnostics};
use crate::dispatch::{Budget, Dispatch, Ship};
use crate::error::InitError;
use crate::event::Local;
use crate::record::{FieldBuffer, KeyRef, Snapshot};
use crate::response::{ResponseSink, Responses};
use crate::scope::{Early, ScopeCell, registered, take_early};
use crate::stats::Stats;
use crate::sync::{Arc, Mutex};
use crate::value::{self, Trouble, Value};

/// Makes the global client, which annotated functions and free functions use, and starts its threads.
///
/// Keep the guard: when it drops, at the end of `main`, what is left is sent, for five seconds at most. In asynchronous
/// programs let `main` be a plain function that makes the guard and then the runtime: `#[tokio::main]` would drop the guard
/// before its tasks.
///
/// # Errors
/// When a setting is missing or cannot work, when there is a global client already, or when no thread can be started. The text
/// says what to write instead.
///
/// ```
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #   if true { return Ok(()) }
///     let honey = honey::init(honey::Config::from_env()?.dataset("shop").service_name("checkout"))?;
///     // … the program …
///     let report = honey.close(Duration::from_secs(5)); // or let it drop
///     println!("{report}");
///     Ok(())
/// }
/// ```
pub fn init(config: Config) -> Result<Guard, InitError> {
    if config.disabled {
        return Ok(Guard { client: None });
    }
    if live::has_global() {
        return Err(InitError::already_initialized());
    }
    let captures_panics = config.capture_panics;
    let inner = build(config, Kind::Global)?;
    if !live::set_global(&inner) {
        inner.close(Duration::ZERO);
        return Err(InitError::already_initialized());
    }
    if captures_panics {
        crate::event::capture_panics();
    }
    Ok(Guard {
        client: Some(Client::of(inner)),
    })
}

/// Makes an isolated client.
pub(crate) fn client(config: Config) -> Result<Client, InitError> {
    if config.capture_panics {
        crate::event::capture_panics();
    }
    build(config, Kind::Isolated).map(Client::of)
}

/// Which client is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Global,
    Isolated,
}

fn build(config: Config, kind: Kind) -> Result<Arc<Inner>, InitError> {
    let checked = check(config)?;
    todo!()
}

/// Keeps the global client alive. Dropped, it closes the client, with five seconds to send what is left.
#[must_use = "dropping the guard closes honey at once: bind it, `let _guard = honey::init(…)?;`"]
#[derive(Debug)]
pub struct Guard {
    /// `None`: disabled.
    client: Option<Client>,
}

impl Guard {
    /// Takes no more events, sends what is there for at most `timeout`, and ends the threads. What has no outcome by then is
    /// dropped as `CloseDeadline`, and counted in the report.
    pub fn close(self, timeout: Duration) -> Report {
        match &self.client {
            Some(client) => client.close(timeout),
            None => Report::nothing(),
        }
    }

    /// The global client itself; `None` when honey is disabled.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(client) = &self.client {
            client.close(DROP_TIMEOUT);
        }
    }
}
