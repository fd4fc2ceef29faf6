//! What is instrumented with the crate `tracing` takes part in honey's traces: the feature `tracing`.
//!
//! [`layer`] goes onto a `tracing_subscriber::Registry`, alone or beside others. Then each span is a honey event, timed and in the same
//! trace: below the event that is open where it is made, and above the events that begin where it is entered.
//! [`current`](crate::current) is the span's event there, so that fields can be added to it that the span did not declare.
//! Events of `tracing` (log lines, that is) become span events, or fields: [`Lines`](crate::Lines).
//!
//! ```
//! use tracing_subscriber::layer::SubscriberExt as _;
//!
//! #[tracing::instrument]
//! fn query(table: &str) {
//!     tracing::info!(rows = 3, "done");
//! }
//!
//! #[honey::event]
//! fn checkout() {
//!     query("stock");
//! }
//!
//! let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
//! # #[cfg(feature = "testing")]
//! tracing::subscriber::with_default(subscriber, || {
//!     let captured = honey::testing::capture(checkout);
//!     let (checkout, query) = (captured.event("checkout"), captured.event("query"));
//!     assert_eq!(query.field("table"), Some(&"stock".into()));
//!     assert_eq!(query.field("trace.parent_id"), checkout.field("trace.span_id"));
//!     assert_eq!(captured.event("done").field("rows"), Some(&3.into()));
//! });
//! ```
//!
//! # What becomes of a span
//! - It begins when it is made, and is as long as until it was left for the last time; one that is never entered, until it is closed. It is
//!   sent when it is closed, which is when nothing refers to it any more, its children included.
//! - Its fields keep their names and types. `target` says where it comes from, `code.file.path` and `code.line.number` where it stands.
//!   Names that honey sets itself get `app.` before them, as everywhere. Values by `Debug` and `Display` are formatted at once, and a
//!   panic in there costs that field.
//! - `outcome` is `ok`, unless a panic left the span, or it has failed: by a line of level `ERROR` inside ([`Layer::error_lines`]), a
//!   field `error`, or `otel.status_code = "ERROR"`. `error.message` is what was said then. A span cannot tell that its future was
//!   dropped: it is never `cancelled`.
//! - `otel.name` is its name, `otel.kind` becomes `span.kind`; `otel.status_code`, `otel.status_description` are what they are for
//!   `tracing-opentelemetry`.
//! - `parent: &other` is its parent, `parent: None` begins a trace, `follows_from` is a link, if the other is still open.
//! - [`Config::filter`](crate::Config::filter) and sampling go for it as for any event; its module is its `target`.
//!
//! # What it costs
//! A span costs what `tracing` takes for it, and an event of honey's, and one allocation. While no client is live, hooks return after one or
//! two loads; the layer is never a reason for `tracing` to switch a callsite off, so that honey may be initialised at any time. To do
//! without spans give the layer a filter of its own: `honey::tracing::layer().with_filter(LevelFilter::INFO)`.
//!
//! # What stays out
//! honey's own threads are muted, whatever its HTTP stack says there, and so is what formatting code and dynamic fields do while honey
//! runs them. Spans that were made before a client was live are no events, and what is below them goes below whatever else is open.

mod hooks;
mod visit;

use crate::event::{LineSettings, line_settings};

/// A layer that makes honey events of spans; see [the module](self).
///
/// It works on a `Registry`, and on whatever keeps spans as one does. A second one on the same registry does nothing.
///
/// Lines cost an event each, unless they become fields. With chatty libraries give the layer a filter, of spans and lines alike or of
/// lines alone:
///
/// ```
/// use tracing::Level;
/// use tracing_subscriber::filter::{LevelFilter, filter_fn};
/// use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
///
/// let subscriber = tracing_subscriber::registry()
///     .with(honey::tracing::layer().with_filter(LevelFilter::INFO));
/// # drop(subscriber);
///
/// let few_lines = filter_fn(|what| what.is_span() || *what.level() <= Level::WARN);
/// let subscriber = tracing_subscriber::registry().with(honey::tracing::layer().with_filter(few_lines));
/// # drop(subscriber);
/// ```
#[must_use = "add it to a registry: `tracing_subscriber::registry().with(honey::tracing::layer())`"]
pub fn layer() -> Layer {
    Layer {
        lines: LineSettings::default(),
        error_lines: true,
        is_second: false,
    }
}

/// What [`layer`] makes.
#[derive(Debug, Clone)]
#[must_use = "add it to a registry: `tracing_subscriber::registry().with(honey::tracing::layer())`"]
pub struct Layer {
    lines: LineSettings,
    error_lines: bool,
    /// There is another on the same subscriber.
    is_second: bool,
}

impl Layer {
    line_settings! {
        "honey::tracing::layer()",
        one: "an event of `tracing`",
        located: "spans and lines",
    }

    /// Whether a line of level `ERROR` makes the span it is said in fail, as `tracing-opentelemetry` has it; that is also how
    /// `#[tracing::instrument(err)]` tells. By default it does. It never makes an annotated function fail: that one says itself, by what
    /// it returns.
    ///
    /// ```
    /// let layer = honey::tracing::layer().error_lines(false);
    /// ```
    pub fn error_lines(mut self, fail: bool) -> Self {
        self.error_lines = fail;
        self
    }
}
