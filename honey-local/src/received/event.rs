//! One event as the server understood it.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{ApiKey, Dataset};

/// An event the server accepted. A clone is cheap: the fields are shared.
///
/// ```
/// use std::time::Duration;
///
/// let server = honey_local::Server::start()?;
/// let config = honey::Config::new("any-key").dataset("shop").api_host(server.url());
/// let client = honey::Client::new(config)?;
/// honey::with_client(&client, || {
///     honey::in_child_event("checkout", || honey::current().add_field("cart.items", 3));
/// });
///
/// let events = server.wait_for_events(1, Duration::from_secs(30))?;
/// let event = &events[0];
/// assert_eq!((event.name(), event.u64("cart.items")), (Some("checkout"), Some(3)));
/// assert_eq!((event.sample_rate, event.parent_id()), (1, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The server's running number of this event, from 1.
    pub number: u64,
    /// The running number of the [`Request`](crate::Request) that brought it.
    pub request: u64,
    /// Its place in that request's batch, from 0.
    pub index: usize,
    /// The dataset, in the casing first written.
    pub dataset: Dataset,
    /// The key it was sent with.
    pub api_key: ApiKey,
    /// When it happened, in nanoseconds since the Unix epoch: the time given, or the time of receipt when none
    /// was given or it was more than an hour ahead.
    pub time_ns: i64,
    /// The time as the client wrote it, `None` when it wrote none.
    pub time_given: Option<String>,
    /// How many events this one stands for: 1 when the client gave none, or 0.
    pub sample_rate: u64,
    /// The sample rate as the client wrote it, `None` when it wrote none.
    pub sample_rate_given: Option<u64>,
    /// The size of its uncompressed JSON: of the batch's element, or of the single event's body.
    pub size_bytes: usize,
    /// Its fields.
    pub data: Arc<Map<String, Value>>,
}

impl Event {
    /// An event with these fields, sample rate 1, at the epoch: for drawing events that no server received.
    #[must_use]
    pub fn new(dataset: &str, data: Map<String, Value>) -> Self {
        Self {
            number: 0,
            request: 0,
            index: 0,
            dataset: Dataset::new(dataset),
            api_key: ApiKey::new(""),
            time_ns: 0,
            time_given: None,
            sample_rate: 1,
            sample_rate_given: None,
            size_bytes: 0,
            data: Arc::new(data),
        }
    }

    /// When it happened, in RFC 3339 with nanoseconds, UTC.
    #[must_use]
    pub fn time_rfc3339(&self) -> String {
        crate::protocol::rfc3339(self.time_ns)
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.data.get(field)
    }

    /// The value of a field that is a string.
    #[must_use]
    pub fn str(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    /// The value of a field that is a number.
    #[must_use]
    pub fn f64(&self, field: &str) -> Option<f64> {
        self.get(field)?.as_f64()
    }

    /// The value of a field that is a whole number from 0.
    #[must_use]
    pub fn u64(&self, field: &str) -> Option<u64> {
        self.get(field)?.as_u64()
    }

    /// The value of a field that is a whole number.
    #[must_use]
    pub fn i64(&self, field: &str) -> Option<i64> {
        self.get(field)?.as_i64()
    }

    /// The value of a field that is `true` or `false`.
    #[must_use]
    pub fn bool(&self, field: &str) -> Option<bool> {
        self.get(field)?.as_bool()
    }

    /// The field `name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.str("name")
    }

    /// The field `trace.trace_id`; `None` when empty.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.id("trace.trace_id")
    }

    /// The field `trace.span_id`; `None` when empty.
    #[must_use]
    pub fn span_id(&self) -> Option<&str> {
        self.id("trace.span_id")
    }

    /// The field `trace.parent_id`; `None` when empty, as for a root.
    #[must_use]
    pub fn parent_id(&self) -> Option<&str> {
        self.id("trace.parent_id")
    }

    /// The field `duration_ms`, in milliseconds.
    #[must_use]
    pub fn duration_ms(&self) -> Option<f64> {
        self.f64("duration_ms")
    }

    /// About what it takes in memory: itself, its text twice over, and the nodes of its map, which hold up to 11
    /// fields and are two thirds full or emptier.
    pub(crate) fn memory_bytes(&self) -> usize {
        const FIELDS_PER_NODE: usize = 6;
        const NODE_BYTES: usize = 640;
        size_of::<Self>()
            + 2 * self.size_bytes
            + self.data.len().div_ceil(FIELDS_PER_NODE) * NODE_BYTES
    }

    fn id(&self, field: &str) -> Option<&str> {
        self.str(field).filter(|id| !id.is_empty())
    }
}
