//! One captured event.

use serde_json::{Map, Value as Json};

use crate::sender::Encoded;

/// One event as it would have been sent.
///
/// ```
/// let captured = honey::testing::capture(|| honey::in_child_event("checkout", || ()));
/// let event = captured.event("checkout");
/// assert_eq!((event.str("outcome"), event.bool("error")), (Some("ok"), None));
/// assert!(event.f64("duration_ms").is_some() && event.parent_id().is_none());
/// assert_eq!(event.sample_rate(), 1);
/// ```
#[derive(Debug, Clone)]
pub struct CapturedEvent {
    data: Map<String, Json>,
    sample_rate: u64,
    time: String,
    dataset: String,
}

impl CapturedEvent {
    /// Reads what the encoder wrote, which is an object with these members or a bug.
    pub(super) fn of(encoded: &Encoded) -> Self {
        Self::read(encoded).unwrap_or_else(|| {
            let text = String::from_utf8_lossy(&encoded.json);
            unreachable!("honey wrote an event that cannot be read: {text}")
        })
    }

    fn read(encoded: &Encoded) -> Option<Self> {
        let mut event: Json = serde_json::from_slice(&encoded.json).ok()?;
        let Json::Object(data) = event.get_mut("data")?.take() else {
            return None;
        };
        let sample_rate = match event.get("samplerate") {
            Some(rate) => rate.as_u64()?,
            None => 1,
        };
        let time = event.get("time")?.as_str()?.to_owned();
        Some(Self {
            data,
            sample_rate,
            time,
            dataset: encoded.dataset.clone(),
        })
    }

    /// The event's name, if it is a timed one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.str("name")
    }

    /// One field, of whatever type.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Json> {
        self.data.get(key)
    }

    /// A field that is text; `None` when it is missing or something else.
    #[must_use]
    pub fn str(&self, key: &str) -> Option<&str> {
        self.field(key)?.as_str()
    }

    /// A field that is an integer from 0 on.
    #[must_use]
    pub fn u64(&self, key: &str) -> Option<u64> {
        self.field(key)?.as_u64()
    }

    /// A field that is an integer.
    #[must_use]
    pub fn i64(&self, key: &str) -> Option<i64> {
        self.field(key)?.as_i64()
    }

    /// A field that is a number, integers included.
    #[must_use]
    pub fn f64(&self, key: &str) -> Option<f64> {
        self.field(key)?.as_f64()
    }

    /// A field that is `true` or `false`.
    #[must_use]
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.field(key)?.as_bool()
    }

    /// All fields.
    #[must_use]
    pub fn data(&self) -> &Map<String, Json> {
        &self.data
    }

    /// The rate sent along; 1 when none is.
    #[must_use]
    pub fn sample_rate(&self) -> u64 {
        self.sample_rate
    }

    /// The event's time, RFC 3339 in UTC with nanoseconds.
    #[must_use]
    pub fn time(&self) -> &str {
        &self.time
    }

    /// The dataset it goes to.
    #[must_use]
    pub fn dataset(&self) -> &str {
        &self.dataset
    }

    /// The trace it is in; `None`: in none.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.str("trace.trace_id")
    }

    /// Its own id; span events and links have none.
    #[must_use]
    pub fn span_id(&self) -> Option<&str> {
        self.str("trace.span_id")
    }

    /// The id of the event it is below; `None` for a root.
    #[must_use]
    pub fn parent_id(&self) -> Option<&str> {
        self.str("trace.parent_id")
    }
}
