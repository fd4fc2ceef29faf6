//! What a transmission is given: events to read, and to give an outcome.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

/// Events to be delivered together, in the order they were collected, of all datasets.
///
/// ```
/// # use std::time::Duration;
/// # use honey::transmission::{Batch, Transmission};
/// # struct Checked;
/// # fn deliver(events: &str) -> Result<(), std::io::Error> { Ok(()) }
/// impl Transmission for Checked {
///     fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
///         let mut lines = String::new();
///         for event in batch.events() {
///             if event.dataset() == "secret" {
///                 event.reject(None, "not here"); // the others go on
///             } else if let Ok(json) = std::str::from_utf8(event.json()) {
///                 lines.push_str(json);
///             }
///         }
///         let delivered = deliver(&lines);
///         for event in batch.unsettled() {
///             match &delivered {
///                 Ok(()) => event.accept(),
///                 Err(error) => event.retry(error),
///             }
///         }
///     }
/// #   fn flush(&mut self, _timeout: Duration) {}
/// }
/// ```
pub struct Batch<'a> {
    items: Vec<Item<'a>>,
    settlements: Vec<Option<Settlement>>,
}

/// An event as the sender knows it.
pub(crate) struct Item<'a> {
    /// `{"data":{…},"samplerate":n,"time":"…"}`
    pub(crate) json: &'a [u8],
    pub(crate) api_host: &'a str,
    pub(crate) api_key: &'a str,
    pub(crate) dataset: &'a str,
    pub(crate) unix_ns: i64,
    pub(crate) sample_rate: u32,
}

/// What a transmission made of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settlement {
    Accepted,
    Rejected(Option<u16>, String),
    Failed(String),
    Again(String),
    Discarded,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(items: Vec<Item<'a>>) -> Self {
        let settlements = items.iter().map(|_| None).collect();
        Self { items, settlements }
    }

    /// How many events are in it; never 0.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "an empty batch is never handed out"
    )]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Its events, those that have an outcome already too.
    pub fn events(&mut self) -> impl Iterator<Item = BatchEvent<'_>> {
        self.items
            .iter()
            .zip(&mut self.settlements)
            .map(|(item, settlement)| BatchEvent { item, settlement })
    }

    /// The events that have no outcome yet.
    pub fn unsettled(&mut self) -> impl Iterator<Item = BatchEvent<'_>> {
        self.events().filter(|event| event.settlement.is_none())
    }

    pub(crate) fn into_settlements(self) -> Vec<Option<Settlement>> {
        self.settlements
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unsettled = self.settlements.iter().filter(|one| one.is_none()).count();
        f.debug_struct("Batch")
            .field("events", &self.items.len())
            .field("unsettled", &unsettled)
            .finish()
    }
}

/// One event of a [`Batch`].
///
/// Giving an outcome takes it; when [`Batch::events`] is asked again and an event gets another one, the last one counts. Metadata
/// is not shown: it comes back with the event's [`Response`](crate::Response).
///
/// ```
/// use std::time::Duration;
/// use honey::transmission::{Batch, Transmission};
///
/// /// Lines of the errors alone; what is fine is confirmed and forgotten.
/// struct Errors(std::fs::File);
///
/// impl Transmission for Errors {
///     fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
///         use std::io::Write;
///
///         for event in batch.events() {
///             if event.fields().get("error").is_none() {
///                 event.accept();
///             } else {
///                 match writeln!(self.0, "{} {:?}", event.time_rfc3339(), event.fields()) {
///                     Ok(()) => event.accept(),
///                     Err(error) => event.retry(error),
///                 }
///             }
///         }
///     }
///
///     fn flush(&mut self, _timeout: Duration) {}
/// }
/// ```
pub struct BatchEvent<'b> {
    item: &'b Item<'b>,
    settlement: &'b mut Option<Settlement>,
}

/// `{"data":`
const BEFORE_DATA_BYTES: usize = 8;
/// `2006-01-02T15:04:05.999999999Z`
const TIME_BYTES: usize = 30;
/// What ends an event's JSON behind its time.
const AFTER_TIME_BYTES: usize = 2;

/// The object under `data` of an event's JSON.
pub(crate) fn data_of(json: &[u8]) -> &[u8] {
    // Neither a rate nor a time has a brace: the last but one of all braces ends the data.
    let inside = json.get(..json.len().saturating_sub(1)).unwrap_or_default();
    let end = inside.iter().rposition(|byte| *byte == b'}');
    end.and_then(|end| json.get(BEFORE_DATA_BYTES..=end))
        .unwrap_or_default()
}

impl<'b> BatchEvent<'b> {
    /// The event in the form of a batch of the Events API: `{"data":{…},"samplerate":n,"time":"…"}`, `samplerate` only when it is
    /// above 1. UTF-8, within the server's limits, no key twice.
    #[must_use]
    pub fn json(&self) -> &'b [u8] {
        self.item.json
    }

    /// Its fields alone, as a JSON object: the part of [`Self::json`] under `data`.
    #[must_use]
    pub fn data_json(&self) -> &'b [u8] {
        data_of(self.item.json)
    }

    /// Its fields, read from [`Self::data_json`]: costs a parse and a map at each call.
    #[must_use]
    pub fn fields(&self) -> Map<String, Value> {
        serde_json::from_slice(self.data_json()).unwrap_or_default()
    }

    /// Its time: a timed event's start.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        let since = Duration::from_nanos(self.item.unix_ns.unsigned_abs());
        let time = if self.item.unix_ns < 0 {
            UNIX_EPOCH.checked_sub(since)
        } else {
            UNIX_EPOCH.checked_add(since)
        };
        time.unwrap_or(UNIX_EPOCH)
    }

    /// Its time as [`Self::json`] has it: RFC 3339, UTC, nanoseconds.
    #[must_use]
    pub fn time_rfc3339(&self) -> &'b str {
        let json = self.item.json;
        let end = json.len().saturating_sub(AFTER_TIME_BYTES);
        let time = json.get(end.saturating_sub(TIME_BYTES)..end);
        time.and_then(|time| std::str::from_utf8(time).ok())
            .unwrap_or_default()
    }

    /// How many events it stands for; at least 1.
    #[must_use]
    pub fn sample_rate(&self) -> u32 {
        self.item.sample_rate
    }

    /// The dataset it is for: its own, else its Builder's, else its client's.
    #[must_use]
    pub fn dataset(&self) -> &'b str {
        self.item.dataset
    }

    /// The server it would be sent to over HTTP.
    #[must_use]
    pub fn api_host(&self) -> &'b str {
        self.item.api_host
    }

    /// The key it would be sent with. Keep it out of whatever you write: no other part of honey shows it.
    #[must_use]
    pub fn api_key(&self) -> &'b str {
        self.item.api_key
    }

    /// It is where it should be: [`Outcome::Accepted`](crate::Outcome::Accepted).
    pub fn accept(self) {
        *self.settlement = Some(Settlement::Accepted);
    }

    /// The other side does not want it: [`Outcome::Rejected`](crate::Outcome::Rejected), with this status and text in its response.
    pub fn reject(self, status: impl Into<Option<u16>>, text: impl Into<String>) {
        *self.settlement = Some(Settlement::Rejected(status.into(), text.into()));
    }

    /// It is lost: dropped as [`DropReason::Transmission`](crate::DropReason::Transmission), with this cause in its response.
    pub fn fail(self, cause: impl fmt::Display) {
        *self.settlement = Some(Settlement::Failed(cause.to_string()));
    }

    /// It should be handed over again, a little later each time, until `max_age` or `max_tries`. When a whole batch is to come
    /// again, no other is sent until one of it got through.
    pub fn retry(self, cause: impl fmt::Display) {
        *self.settlement = Some(Settlement::Again(cause.to_string()));
    }

    /// It is given up on purpose: [`DiscardReason::NoDestination`](crate::DiscardReason::NoDestination).
    pub fn discard(self) {
        *self.settlement = Some(Settlement::Discarded);
    }
}

impl fmt::Debug for BatchEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchEvent")
            .field("dataset", &self.item.dataset)
            .field("json", &String::from_utf8_lossy(self.item.json))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(json: &str, unix_ns: i64) -> Item<'_> {
        Item {
            json: json.as_bytes(),
            api_host: "",
            api_key: "",
            dataset: "d",
            unix_ns,
            sample_rate: 1,
        }
    }

    #[test]
    fn the_parts_of_an_event_are_found_whatever_its_values_hold() {
        for (data, rate) in [
            (r#"{"n":1}"#, ""),
            (r#"{"a":"}\",\"time\":\"}"}"#, r#","samplerate":10"#),
            (r#"{"nested":{"deep":[{}]}}"#, r#","samplerate":4294967295"#),
        ] {
            let time = "2006-01-02T15:04:05.999999999Z";
            let json = format!(r#"{{"data":{data}{rate},"time":"{time}"}}"#);
            let mut batch = Batch::new(vec![item(&json, -1)]);
            let event = batch.events().next();
            let Some(event) = event else {
                unreachable!("there is one");
            };
            assert_eq!(event.data_json(), data.as_bytes());
            assert_eq!(event.time_rfc3339(), time);
            assert_eq!(event.time(), UNIX_EPOCH - Duration::from_nanos(1));
            assert_eq!(event.fields().len(), 1);
        }
    }

    #[test]
    fn the_last_outcome_counts_and_the_others_stay_unsettled() {
        let json = r#"{"data":{"n":1},"time":"2006-01-02T15:04:05.999999999Z"}"#;
        let mut batch = Batch::new(vec![item(json, 0), item(json, 0)]);
        for event in batch.events().take(1) {
            event.accept();
        }
        assert_eq!(batch.unsettled().count(), 1);
        for event in batch.events().take(1) {
            event.fail("after all");
        }
        assert_eq!(
            batch.into_settlements(),
            [Some(Settlement::Failed("after all".to_owned())), None]
        );
    }
}
