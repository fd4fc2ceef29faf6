//! What a client is told when it is made.

mod attributes;
mod check;
mod env;
mod for_one;
mod keeping;
#[cfg(feature = "http")]
mod network;
mod recording;
mod sending;
mod service;
mod start;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[cfg(honey_fuzz)]
pub(crate) use attributes::read as read_attributes;
pub(crate) use check::{Checked, check};
pub use env::EnvError;
use for_one::ForOne;
#[cfg(feature = "http")]
pub(crate) use network::Network;
pub(crate) use service::DEFAULT_FIELDS;
pub use service::{Service, service_of};
use start::WithoutKey;

use crate::body_encoding::BodyEncoding;
use crate::compression::Compression;
use crate::diagnostics::{DiagnosticKind, DiagnosticsTarget};
use crate::outgoing::BeforeSend;
use crate::propagation::Settings as Propagation;
use crate::record::{Shape, without_credentials};
use crate::response::ResponseHandler;
use crate::sampling::TailRules;
use crate::transmission::Transmission;

/// Honeycomb's endpoint in the United States; the one in Europe is `https://api.eu1.honeycomb.io`.
pub const DEFAULT_API_HOST: &str = "https://api.honeycomb.io";

/// Settings of a client, given by value: `Config::new("key").dataset("shop").sample_rate(10)`.
///
/// Nothing is checked before [`init`](crate::init) or [`Client::new`](crate::Client::new), which say what to write instead.
/// The key shows in no output of it, nor does a proxy's password or a header's value.
///
/// ```
/// use std::time::Duration;
///
/// let config = honey::Config::new("my-key")
///     .service_name("checkout")
///     .dataset("shop")
///     .send_frequency(Duration::from_millis(50));
/// assert!(!format!("{config:?}").contains("my-key"));
/// ```
///
/// A copy is a configuration like another; but a transmission, and a function given to [`on_response`](Config::on_response), go to
/// the first client that is made with one of the copies.
///
#[doc = include_str!("../../docs/config.md")]
#[derive(Clone)]
#[must_use = "a Config does nothing until it is given to `honey::init` or `Client::new`"]
pub struct Config {
    pub(crate) api_key: Option<String>,
    pub(crate) api_host: String,
    pub(crate) dataset: String,
    pub(crate) service_name: String,
    pub(crate) service: Option<Service>,
    pub(crate) sample_rate: u32,
    pub(crate) max_batch_size: usize,
    pub(crate) send_frequency: Duration,
    pub(crate) max_concurrent_batches: usize,
    pub(crate) max_pending_events: usize,
    pub(crate) max_pending_bytes: usize,
    pub(crate) max_event_bytes: usize,
    pub(crate) block_on_send: Option<Duration>,
    pub(crate) block_on_response: bool,
    pub(crate) responses_capacity: Option<usize>,
    pub(crate) user_agent_addition: String,
    pub(crate) compression: Compression,
    pub(crate) body_encoding: BodyEncoding,
    pub(crate) request_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_age: Duration,
    pub(crate) max_tries: Option<u32>,
    pub(crate) capture_panics: bool,
    pub(crate) inventory_fields: Option<bool>,
    pub(crate) default_fields: Option<bool>,
    /// Names of default fields that are not wanted.
    pub(crate) left_out_defaults: Vec<String>,
    /// Names of dynamic fields that are not wanted.
    pub(crate) left_out_fields: Vec<String>,
    /// Lists of directives; what stands later wins.
    pub(crate) filters: Vec<String>,
    pub(crate) shape: Shape,
    pub(crate) propagation: Propagation,
    /// Fields of every event that the environment gives.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) on_response: Option<ForOne<ResponseHandler>>,
    pub(crate) tail: Option<Box<TailRules>>,
    pub(crate) before_send: Option<BeforeSend>,
    #[cfg(feature = "http")]
    pub(crate) network: Network,
    pub(crate) disabled: bool,
    without_key: WithoutKey,
    pub(crate) output: Output,
    pub(crate) diagnostics: DiagnosticsTarget,
}

/// Where events go.
#[derive(Clone)]
pub(crate) enum Output {
    /// To `api_host` over HTTP; nowhere when it is empty.
    Honeycomb,
    Transmission(ForOne<Box<dyn Transmission>>),
    /// Drawn on stderr.
    Terminal,
    Nowhere,
}

impl Config {
    /// The defaults with this key. An empty key is a missing one.
    ///
    /// ```
    /// # fn key_from_the_secret_store() -> String { String::new() }
    /// let config = honey::Config::new(key_from_the_secret_store()).service_name("checkout");
    /// ```
    pub fn new(api_key: impl Into<String>) -> Self {
        Self {
            api_key: Some(api_key.into()),
            ..Self::without_key()
        }
    }

    pub(crate) fn without_key() -> Self {
        Self {
            api_key: None,
            api_host: DEFAULT_API_HOST.to_owned(),
            dataset: String::new(),
            service_name: String::new(),
            service: None,
            sample_rate: 1,
            max_batch_size: 8_192,
            send_frequency: Duration::from_millis(100),
            max_concurrent_batches: 8,
            max_pending_events: 1_000_000,
            max_pending_bytes: 64 * 1024 * 1024,
            max_event_bytes: 100_000,
            block_on_send: None,
            block_on_response: false,
            responses_capacity: None,
            user_agent_addition: String::new(),
            compression: Compression::default(),
            body_encoding: BodyEncoding::default(),
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            max_age: Duration::from_secs(60),
            max_tries: None,
            capture_panics: false,
            inventory_fields: None,
            default_fields: None,
            left_out_defaults: Vec::new(),
            left_out_fields: Vec::new(),
            filters: Vec::new(),
            shape: Shape::default(),
            propagation: Propagation::default(),
            attributes: Vec::new(),
            on_response: None,
            tail: None,
            before_send: None,
            #[cfg(feature = "http")]
            network: Network::default(),
            disabled: false,
            without_key: WithoutKey::Refuse,
            output: Output::Honeycomb,
            diagnostics: DiagnosticsTarget::default(),
        }
    }

    /// The server's base URL, `http://` or `https://`, with a path prefix if need be; by default [`DEFAULT_API_HOST`]. Empty:
    /// events are discarded, which is a good way to drop them in a test environment.
    ///
    /// ```
    /// // Tests without network: events are made, counted as discarded, and sent nowhere.
    /// let config = honey::Config::new("key").dataset("shop").api_host("");
    /// // Honeycomb in Europe.
    /// let config = honey::Config::new("key").dataset("shop").api_host("https://api.eu1.honeycomb.io");
    /// ```
    pub fn api_host(mut self, api_host: impl Into<String>) -> Self {
        self.api_host = api_host.into();
        self
    }

    /// The dataset events go to: any text without control characters, blanks around it do not count. By default the service
    /// name, else `unknown_dataset`; a classic key needs one.
    ///
    /// ```
    /// let config = honey::Config::new("key").service_name("checkout").dataset("shop");
    /// ```
    pub fn dataset(mut self, dataset: impl Into<String>) -> Self {
        self.dataset = dataset.into();
        self
    }

    /// The service's name: the field `service.name` of every event, and the dataset if none is given.
    ///
    /// ```
    /// let config = honey::Config::new("key").service_name("checkout"); // the dataset is `checkout`, too
    /// ```
    pub fn service_name(mut self, service_name: impl Into<String>) -> Self {
        self.service_name = service_name.into();
        self
    }

    /// Keeps 1 in `sample_rate` traces, and of events outside a trace, and tells the server so. By default 1: all. 0 means 1.
    ///
    /// ```
    /// // 1 trace in 20 is kept, whole, and counts for 20.
    /// let config = honey::Config::new("key").dataset("shop").sample_rate(20);
    /// ```
    pub fn sample_rate(mut self, sample_rate: u32) -> Self {
        self.sample_rate = sample_rate.max(1);
        self
    }

    /// Records panics, by a panic hook that calls the one that was there before. Off by default: panic messages can hold what
    /// should not leave the process.
    ///
    /// - The events that a panic ends (their `outcome` is `panic` in any case) have its text and place as `error.message`.
    /// - The current event gets a span event `exception`, once, be the panic caught or not, with `exception.message`,
    ///   `code.file.path`, `code.line.number`, `thread.name`, and `exception.stacktrace` where `RUST_BACKTRACE` or
    ///   `RUST_LIB_BACKTRACE` asks for backtraces.
    /// - Where no event is current, on a thread without one for example, the panic is an event of its own, `panic`, with
    ///   `error: true`, `error.message` and the rest.
    /// - When the process aborts (`panic = "abort"`, a panic in a destructor during another panic, or one that leaves an
    ///   `extern "C"` function), the events that are open on the thread end as `panic`, and the hook waits until the client's events
    ///   are sent, for 2 s at most. Events open on other threads are lost.
    ///
    /// The hook runs none of the program's code, dynamic fields included, so that no second panic comes of it. It is installed by
    /// the first client that asks, and stays: a hook that the program sets later replaces it, so set yours before `init`. Where the
    /// earlier hook ends the process itself, nothing is waited for.
    ///
    /// ```
    /// # fn main() -> Result<(), honey::InitError> {
    /// let honey = honey::init(honey::Config::new("key").api_host("").capture_panics(true))?;
    /// let _ = std::thread::spawn(|| panic!("no order")).join();
    /// assert_eq!(honey.close(std::time::Duration::from_secs(5)).stats.created, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn capture_panics(mut self, capture: bool) -> Self {
        self.capture_panics = capture;
        self
    }

    /// Whether functions with `#[honey::dynamic_field]` are evaluated for this client's events. By default yes for the global
    /// client, no for others.
    ///
    /// ```
    /// // A second client, for an audit log: without what the program registered for its own events.
    /// let config = honey::Config::new("key").dataset("audit").dynamic_fields(false);
    /// ```
    pub fn dynamic_fields(mut self, evaluate: bool) -> Self {
        self.inventory_fields = Some(evaluate);
        self
    }

    /// Leaves out the function that `#[honey::dynamic_field]` registered under this name, a dependency's, for example; the
    /// others are evaluated. A name that nobody registered is said, and leaves out nothing.
    ///
    /// ```
    /// let config = honey::Config::new("key")
    ///     .dataset("shop")
    ///     .without_dynamic_field("process.threads");
    /// ```
    pub fn without_dynamic_field(mut self, name: impl Into<String>) -> Self {
        self.left_out_fields.push(name.into());
        self
    }

    /// Makes `init` succeed without doing anything: no thread, no event, and no key needed.
    ///
    /// ```
    /// let telemetry = std::env::args().any(|argument| argument == "--telemetry");
    /// let config = honey::Config::new("key").dataset("shop").disabled(!telemetry);
    /// ```
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Gives events to `transmission` instead of sending them over HTTP: to one of [honey's own](crate::transmission), such as
    /// [`Writer`](crate::transmission::Writer) and [`Stdout`](crate::transmission::Stdout), or to yours. Needs no key, and no
    /// feature. Of the settings for requests, `max_batch_size`, `send_frequency`, `request_timeout`, `max_age` and `max_tries` hold.
    ///
    /// ```
    /// use honey::transmission::Stdout;
    ///
    /// let config = honey::Config::new("").dataset("shop").transmission(Stdout::new()); // a line of JSON for each event
    /// ```
    pub fn transmission(mut self, transmission: impl Transmission + 'static) -> Self {
        self.output = Output::Transmission(ForOne::new(Box::new(transmission)));
        self
    }

    /// Says nothing on stderr about failures; `stats()` still counts them.
    ///
    /// ```
    /// // A command-line tool for others: its stderr is theirs.
    /// let config = honey::Config::new("key").dataset("tool").silent();
    /// ```
    pub fn silent(mut self) -> Self {
        self.diagnostics = DiagnosticsTarget::Silent;
        self
    }

    /// Calls `handler` with what would be written to stderr: the first failure of each kind, then at most one line a minute.
    ///
    /// ```
    /// // Into the log that the operators read, or a metric by kind.
    /// let config = honey::Config::new("key")
    ///     .dataset("shop")
    ///     .on_diagnostic(|kind, text| eprintln!("telemetry, {}: {text}", kind.as_str()));
    /// ```
    pub fn on_diagnostic(
        mut self,
        handler: impl Fn(DiagnosticKind, &str) + Send + Sync + 'static,
    ) -> Self {
        self.diagnostics = DiagnosticsTarget::Handler(Arc::new(handler));
        self
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        shown
            .field("api_key", &self.api_key.as_ref().map(|_| "[key]"))
            .field("api_host", &without_credentials(&self.api_host))
            .field("dataset", &self.dataset)
            .field("service_name", &self.service_name)
            .field("sample_rate", &self.sample_rate)
            .field("send_frequency", &self.send_frequency)
            .field("filters", &self.filters)
            .field("tail", &self.tail)
            .field("disabled", &self.disabled);
        #[cfg(feature = "http")]
        shown.field("network", &self.network);
        shown.finish_non_exhaustive()
    }
}
