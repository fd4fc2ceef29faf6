//! The one place that knows both sides: makes a client out of a configuration, and the global client's guard.

mod again;
mod default_fields;
mod from_env;
mod guard;

use std::sync::Weak;
use std::time::{Duration, Instant};

pub use from_env::{init_as, init_from_env};
pub use guard::Guard;

use crate::client::{Client, Inner, LAST_WORDS, Parts, live};
#[cfg(feature = "http")]
use crate::config::Network;
use crate::config::{Checked, Config, Output, check};
use crate::diagnostics::{DiagnosticKind, Diagnostics};
use crate::dispatch::{Budget, Dispatch, Ship, Source};
use crate::error::InitError;
use crate::fields::FieldSink;
#[cfg(feature = "testing")]
use crate::filter::Filter;
use crate::process;
use crate::record::{Destination, Snapshot};
use crate::response::ResponseSink;
use crate::scope::{ScopeCell, dynamic_fields, registered, take_early};
#[cfg(feature = "http")]
use crate::sender::{HttpOptions, Proxy};
use crate::sender::{Keeping, Sender, Settings, TransportKind};
use crate::sync::Arc;
use crate::transmission::Tree;
use crate::value::{Trouble, Value};
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
pub fn init(mut config: Config) -> Result<Guard, InitError> {
    let is_to_be_said = config.settle();
    if config.disabled {
        if is_to_be_said {
            say_start(&config, &Diagnostics::new(config.diagnostics.clone()), None);
        }
        return Ok(Guard::of(Client::disabled()));
    }
    process::notice_fork();
    if live::has_global() {
        return Err(InitError::already_initialized());
    }
    let captures_panics = config.capture_panics;
    let inner = build(config.clone(), Kind::Global, live::next_id())?;
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
    if is_to_be_said {
        let to = &inner.scope.snapshot().destination;
        say_start(&config, &inner.diagnostics, Some(to));
    }
    Ok(Guard::of(Client::of(inner)))
}

/// Says what is done, before the program goes on: what follows on the same stderr comes after it.
fn say_start(config: &Config, diagnostics: &Diagnostics, to: Option<&Destination>) {
    diagnostics.report(DiagnosticKind::Started, || config.start_line(to));
    diagnostics.wait_until_said(Instant::now() + LAST_WORDS);
}

/// Makes an isolated client.
pub(crate) fn client(mut config: Config) -> Result<Client, InitError> {
    let _ = config.settle();
    if config.disabled {
        return Ok(Client::disabled());
    }
    process::notice_fork();
    if config.capture_panics {
        crate::event::capture_panics();
    }
    build(config, Kind::Isolated, live::next_id()).map(Client::of)
}

/// Which client is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Global,
    Isolated,
}

fn build(config: Config, kind: Kind, id: u64) -> Result<Arc<Inner>, InitError> {
    process::watch(again::begin_anew);
    let again = config.clone();
    let Checked {
        destination,
        responses_capacity,
        filter,
        warning,
        mut config,
    } = check(config)?;
    let diagnostics = Diagnostics::new(std::mem::take(&mut config.diagnostics));
    if let Some(warning) = warning {
        diagnostics.report(DiagnosticKind::Misuse, || warning);
    }
    let evaluate = config.inventory_fields.unwrap_or(kind == Kind::Global);
    let has_defaults = config.default_fields.unwrap_or(kind == Kind::Global);
    let scope = first_scope(&config, destination, evaluate, has_defaults, &diagnostics);
    let budget = Arc::new(Budget::new(
        config.max_pending_bytes,
        config.max_pending_events,
    ));
    let responses = ResponseSink::new(responses_capacity, config.block_on_response);
    let (block_on_send, captures_panics) = (config.block_on_send, config.capture_panics);
    let propagation = config.propagation;
    let handler = config.on_response.take().and_then(|handler| handler.take());
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
    let inner = Inner::new(Parts {
        id,
        scope,
        dispatch,
        responses,
        diagnostics,
        filter,
        captures_panics,
        propagation,
        config: Some(again),
    });
    if let Some(handler) = handler {
        inner.listen(handler).map_err(|error| {
            inner.close(Duration::ZERO);
            InitError::start("honey cannot start its threads", error)
        })?;
    }
    Ok(inner)
}

/// What the sender is told.
fn for_sender(config: Config) -> Result<(Settings, TransportKind), InitError> {
    let transport = match config.output {
        Output::Transmission(transmission) => {
            TransportKind::Transmission(transmission.take().ok_or_else(|| {
                InitError::config(
                    "a transmission belongs to the first client that it is given to, and to the process that made it: give each \
                     `Config` its own (after a fork, call `honey::init` again)"
                        .to_owned(),
                )
            })?)
        }
        Output::Terminal => TransportKind::Transmission(Box::new(Tree::stderr())),
        Output::Nowhere => TransportKind::Nowhere,
        #[cfg(feature = "http")]
        Output::Honeycomb => TransportKind::Http(http_options(config.network)),
        #[cfg(not(feature = "http"))]
        Output::Honeycomb => {
            return Err(InitError::config(
                "honey is built without the feature `http`, so it cannot send to `api_host`: enable the feature in the \
                 program's Cargo.toml, or use `.transmission(honey::transmission::Stdout::new())`, or another one"
                    .to_owned(),
            ));
        }
    };
    let max_pending = (config.max_pending_events, config.max_pending_bytes);
    let tail = config.tail.map(|rules| {
        let limits = rules.limits(max_pending.0, max_pending.1);
        (*rules, limits)
    });
    let settings = Settings {
        keeping: Keeping {
            tail,
            before_send: config.before_send,
        },
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

#[cfg(feature = "http")]
fn http_options(network: Network) -> HttpOptions {
    let proxy = network.proxy.map(|url| url.trim().to_owned());
    HttpOptions {
        tls: network.tls,
        proxy: match proxy {
            None => Proxy::Environment,
            Some(url) if url.is_empty() => Proxy::Direct,
            Some(url) => Proxy::Url(url),
        },
        headers: network.headers,
    }
}

/// The scope a client begins with: the environment's attributes, the service's name, the default fields, the functions registered
/// in the program.
fn first_scope(
    config: &Config,
    destination: Destination,
    evaluate: bool,
    has_defaults: bool,
    diagnostics: &Diagnostics,
) -> ScopeCell {
    let mut scope = Snapshot {
        destination: Arc::new(destination),
        sample_rate: config.sample_rate,
        shape: config.shape,
        ..Snapshot::default()
    };
    let service_name = config.service_name.trim();
    let mut trouble = Trouble::default();
    let mut sink = FieldSink::new(&mut scope.fields, &mut trouble);
    let mut put = |key: &str, value| sink.put_named(key, Value::Str(value));
    for (key, value) in &config.attributes {
        put(key, value);
    }
    if !service_name.is_empty() && config.wants_default("service.name") {
        put("service.name", service_name);
    }
    if has_defaults {
        default_fields::put(config, &mut sink);
    }
    if evaluate {
        let (sources, twice) = registered(&config.left_out_fields);
        scope.dynamic = sources;
        for name in &config.left_out_fields {
            if dynamic_fields().iter().all(|field| field.name() != name) {
                diagnostics.report(DiagnosticKind::Misuse, || {
                    format!(
                        "`without_dynamic_field({name:?})` leaves out nothing: no dynamic field of this name is linked; \
                         `honey::dynamic_fields()` lists them"
                    )
                });
            }
        }
        if let Some(name) = twice.first() {
            diagnostics.report(DiagnosticKind::Misuse, || {
                format!("the dynamic field `{name}` is registered more than once; the first by module counts")
            });
        }
    }
    ScopeCell::new(scope)
}

/// Whether a capture's events have the fields of functions that are registered in the program.
#[cfg(feature = "testing")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum DynamicFields {
    Evaluate,
    LeaveOut,
}

/// A client without threads whose events stay here.
#[cfg(feature = "testing")]
pub(crate) fn capture_client(dynamic: DynamicFields) -> (Client, Arc<CaptureShip>) {
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
    let scope = first_scope(
        &config,
        destination,
        dynamic == DynamicFields::Evaluate,
        false,
        &diagnostics,
    );
    let inner = Inner::new(Parts {
        id: live::next_id(),
        scope,
        dispatch,
        responses: ResponseSink::new(1, false),
        diagnostics,
        filter: Filter::default(),
        captures_panics: false,
        propagation: config.propagation,
        config: None,
    });
    (Client::of(inner), ship)
}
