//! The one place that knows both sides: makes a client out of a configuration, and the global client's guard.

use std::sync::Weak;
use std::time::Duration;

use crate::client::{Client, DROP_TIMEOUT, Inner, Report, live};
use crate::config::{Checked, Config, Output, check};
use crate::diagnostics::{DiagnosticKind, Diagnostics};
use crate::dispatch::{Budget, Dispatch, Ship, Source};
use crate::error::InitError;
use crate::record::{Destination, KeyRef, Snapshot};
use crate::response::ResponseSink;
use crate::scope::{ScopeCell, registered, take_early};
#[cfg(feature = "http")]
use crate::sender::HttpOptions;
use crate::sender::{Sender, Settings, TransportKind};
use crate::sync::Arc;
use crate::value::{self, Trouble, Value};
#[cfg(feature = "testing")]
use crate::{diagnostics::DiagnosticsTarget, sender::CaptureShip};

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
        return Ok(Guard {
            client: Client::disabled(),
        });
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
    // Now that nothing can fail any more: a refused `init` loses nothing.
    let early = take_early();
    inner.scope.change(|scope| {
        scope.append(&early.fields);
        scope.dynamic.extend(early.dynamic);
    });
    if captures_panics {
        crate::event::capture_panics();
    }
    Ok(Guard {
        client: Client::of(inner),
    })
}

/// Makes an isolated client.
pub(crate) fn client(config: Config) -> Result<Client, InitError> {
    if config.disabled {
        return Ok(Client::disabled());
    }
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
    let Checked {
        destination,
        responses_capacity,
        warning,
        mut config,
    } = check(config)?;
    let diagnostics = Diagnostics::new(std::mem::take(&mut config.diagnostics));
    if let Some(warning) = warning {
        diagnostics.report(DiagnosticKind::Misuse, || warning);
    }
    let evaluate = config.inventory_fields.unwrap_or(kind == Kind::Global);
    let scope = first_scope(&config, destination, evaluate, &diagnostics);
    let budget = Arc::new(Budget::new(
        config.max_pending_bytes,
        config.max_pending_events,
    ));
    let responses = ResponseSink::new(responses_capacity, config.block_on_response);
    let (block_on_send, captures_panics) = (config.block_on_send, config.capture_panics);
    let (settings, transport) = for_sender(config)?;
    let sender = Sender::new(
        settings,
        transport,
        Arc::clone(&budget),
        Arc::clone(&responses),
        Arc::clone(&diagnostics),
    )
    .map_err(|error| InitError::start("honey cannot set up sending", error))?;
    let ship = Arc::clone(&sender) as Arc<dyn Ship>;
    let dispatch = Dispatch::new(live::next_id(), budget, ship, block_on_send);
    let source = Arc::downgrade(&dispatch) as Weak<dyn Source>;
    sender
        .start(source)
        .map_err(|error| InitError::start("honey cannot start its threads", error))?;
    Ok(Inner::new(
        scope,
        dispatch,
        responses,
        diagnostics,
        captures_panics,
    ))
}

/// What the sender is told.
#[cfg_attr(
    feature = "http",
    expect(
        clippy::unnecessary_wraps,
        reason = "without `http` there may be no way to send"
    )
)]
fn for_sender(config: Config) -> Result<(Settings, TransportKind), InitError> {
    let transport = match config.output {
        Output::Transmission(transmission) => TransportKind::Transmission(transmission),
        Output::Nowhere => TransportKind::Nowhere,
        #[cfg(feature = "http")]
        Output::Honeycomb => TransportKind::Http(HttpOptions::default()),
        #[cfg(not(feature = "http"))]
        Output::Honeycomb => {
            return Err(InitError::config(
                "honey is built without the feature `http`, so it cannot send to `api_host`: enable the feature in the \
                 program's Cargo.toml, or use `.transmission(honey::transmission::Stdout::new())`, or another one"
                    .to_owned(),
            ));
        }
    };
    let settings = Settings {
        max_batch_events: config.max_batch_size.max(1),
        send_frequency: config.send_frequency,
        max_pending_bytes: config.max_pending_bytes,
        max_concurrent_batches: config.max_concurrent_batches,
        request_timeout: config.request_timeout,
        connect_timeout: config.connect_timeout,
        max_age: config.max_age,
        max_tries: config.max_tries,
        compression: config.compression,
        body_encoding: config.body_encoding,
        user_agent_addition: config.user_agent_addition.trim().to_owned(),
        max_event_bytes: config.max_event_bytes,
        ..Settings::default()
    };
    Ok((settings, transport))
}

/// The scope a client begins with: the service's name, what was added before `init`, the functions registered in the program.
fn first_scope(
    config: &Config,
    destination: Destination,
    evaluate: bool,
    diagnostics: &Diagnostics,
) -> ScopeCell {
    let mut scope = Snapshot {
        destination: Arc::new(destination),
        sample_rate: config.sample_rate,
        ..Snapshot::default()
    };
    let service_name = config.service_name.trim();
    if !service_name.is_empty() {
        let key = KeyRef::Static("service.name");
        value::put(
            &mut scope.fields,
            key,
            Value::Str(service_name),
            &mut Trouble::default(),
        );
    }
    if evaluate {
        let (sources, twice) = registered();
        scope.dynamic = sources;
        if let Some(name) = twice.first() {
            diagnostics.report(DiagnosticKind::Misuse, || {
                format!("the dynamic field `{name}` is registered more than once; the first by module counts")
            });
        }
    }
    ScopeCell::new(scope)
}

/// A client without threads whose events stay here.
#[cfg(feature = "testing")]
pub(crate) fn capture_client() -> (Client, Arc<CaptureShip>) {
    let config = Config::without_key();
    let budget = Arc::new(Budget::new(
        config.max_pending_bytes,
        config.max_pending_events,
    ));
    let ship = CaptureShip::new(Arc::clone(&budget), config.max_event_bytes);
    let dispatch = Dispatch::new(
        live::next_id(),
        budget,
        Arc::clone(&ship) as Arc<dyn Ship>,
        None,
    );
    let diagnostics = Diagnostics::new(DiagnosticsTarget::Silent);
    let destination = Destination {
        api_host: String::new(),
        api_key: String::new(),
        dataset: "captured".to_owned(),
    };
    let scope = first_scope(&config, destination, true, &diagnostics);
    let inner = Inner::new(
        scope,
        dispatch,
        ResponseSink::new(1, false),
        diagnostics,
        false,
    );
    (Client::of(inner), ship)
}

/// Keeps the global client alive. Dropped, it closes the client, with five seconds to send what is left.
#[must_use = "dropping the guard closes honey at once: bind it, `let _guard = honey::init(…)?;`"]
#[derive(Debug)]
pub struct Guard {
    client: Client,
}

impl Guard {
    /// Takes no more events, sends what is there for at most `timeout`, and ends the threads. What has no outcome by then is
    /// dropped as `CloseDeadline`, and counted in the report.
    #[expect(
        clippy::must_use_candidate,
        reason = "closing is the point, reading the report is not"
    )]
    pub fn close(self, timeout: Duration) -> Report {
        self.client.close(timeout)
    }

    /// The global client itself.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.client.close(DROP_TIMEOUT);
    }
}
