//! `POST /1/events/{dataset}`: one event, its time and rate in headers.

use super::element::{self, Meta, Origin};
use super::refusal::Refusal;
use super::reply::Reply;
use super::{fields, sample_rate, time};
use crate::received::Headers;

/// Answers a single event: 200 with nothing, or a refusal.
pub(crate) fn answer(
    body: &[u8],
    headers: &Headers,
    origin: &Origin<'_>,
) -> Result<Reply, Refusal> {
    if body.trim_ascii().is_empty() {
        return Err(Refusal::empty_body());
    }
    let text = std::str::from_utf8(body).map_err(|_| Refusal::malformed())?;
    // Whether it is JSON at all comes first: that is a text of its own.
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| Refusal::malformed())?;
    let event = read(text, headers, origin).map_err(|error| Refusal::new(400, error))?;
    Ok(Reply {
        events: vec![event],
        ..Reply::empty(200)
    })
}

fn read(text: &str, headers: &Headers, origin: &Origin<'_>) -> Result<crate::Event, String> {
    fields::check_size(text.len(), origin.limits)?;
    let meta = Meta {
        time: headers
            .get("x-honeycomb-event-time")
            .map(time::of_header)
            .transpose()?,
        sample_rate: headers
            .get("x-honeycomb-samplerate")
            .map(sample_rate::of_header)
            .transpose()?,
    };
    element::build(text, text.len(), meta, origin)
}
