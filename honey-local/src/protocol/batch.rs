//! `POST /1/batch/{dataset}`: each event judged by itself.

use serde_json::json;

use super::element::{self, Origin};
use super::json;
use super::refusal::Refusal;
use super::reply::Reply;

/// Answers a batch: one status for each element, in order. Only a body that is no JSON array, or an empty one
/// ("the array should contain one or more"), is refused as a whole.
pub(crate) fn answer(body: &[u8], origin: &Origin<'_>) -> Result<Reply, Refusal> {
    if body.trim_ascii().is_empty() {
        return Err(Refusal::empty_body());
    }
    let text = std::str::from_utf8(body).map_err(|_| Refusal::malformed())?;
    let elements = json::elements(text).ok_or_else(Refusal::malformed)?;
    if elements.is_empty() {
        return Err(Refusal::empty_body());
    }
    let mut events = Vec::with_capacity(elements.len());
    let mut statuses = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        statuses.push(match element::of_batch(element.get(), index, origin) {
            Ok(event) => {
                events.push(event);
                json!({ "status": 202 })
            }
            Err(error) => json!({ "status": 400, "error": error }),
        });
    }
    Ok(Reply {
        events,
        ..Reply::json(200, &statuses.into())
    })
}
