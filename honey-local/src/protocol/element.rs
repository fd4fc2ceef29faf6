//! One event, of a batch or alone.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::time::{self, Given};
use super::{Limits, fields, json, sample_rate};
use crate::received::{ApiKey, Dataset, Event};

/// What all events of a request have in common.
pub(crate) struct Origin<'a> {
    pub(crate) dataset: Dataset,
    pub(crate) api_key: ApiKey,
    pub(crate) limits: &'a Limits,
    pub(crate) now_ns: i64,
}

/// An event's time and rate, as far as the client gave them.
#[derive(Default)]
pub(crate) struct Meta {
    pub(crate) time: Option<Given>,
    pub(crate) sample_rate: Option<u64>,
}

/// Reads an element of a batch: `{"data":{…},"time":"…","samplerate":n}`. Other members are ignored, as
/// Honeycomb does.
pub(crate) fn of_batch(text: &str, index: usize, origin: &Origin<'_>) -> Result<Event, String> {
    fields::check_size(text.len(), origin.limits)?;
    let members = json::members(text).ok_or("Request body is malformed and cannot be read.")?;
    let member = |name: &str| -> Result<Option<&RawValue>, String> {
        let mut found = members
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(format!("duplicate key {name:?}")),
            (value, None) => Ok(value),
        }
    };
    let data = member("data")?.map_or("null", RawValue::get);
    let meta = Meta {
        time: member("time")?
            .map(|time| time::of_json(time.get()))
            .transpose()?
            .flatten(),
        sample_rate: member("samplerate")?
            .map(|rate| sample_rate::of_json(rate.get()))
            .transpose()?
            .flatten(),
    };
    build(data, text.len(), meta, origin).map(|event| Event { index, ..event })
}

/// Puts an event together from the JSON of its fields.
pub(crate) fn build(
    data: &str,
    size_bytes: usize,
    meta: Meta,
    origin: &Origin<'_>,
) -> Result<Event, String> {
    let data = fields::read(data, origin.limits)?;
    let time_ns = match &meta.time {
        Some(given) => given.at(origin.now_ns, origin.limits.ahead_ns)?,
        None => origin.now_ns,
    };
    Ok(Event {
        number: 0,
        request: 0,
        index: 0,
        dataset: origin.dataset.clone(),
        api_key: origin.api_key.clone(),
        time_ns,
        time_given: meta.time.map(|given| given.text),
        sample_rate: meta.sample_rate.unwrap_or(1).max(1),
        sample_rate_given: meta.sample_rate,
        size_bytes,
        data: Arc::new(data),
    })
}
