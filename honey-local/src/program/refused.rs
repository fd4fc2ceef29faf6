//! What the server refused, for whoever wonders where the events are.

use serde_json::Value;

use crate::Request;

/// A line about a request that was refused, or events of it; `None` when all was well.
pub(super) fn describe(request: &Request) -> Option<String> {
    let answer: Value = serde_json::from_str(&request.answer).unwrap_or_default();
    let (what, why) = match &answer {
        Value::Array(events) => {
            let refused: Vec<_> = events
                .iter()
                .filter_map(|event| event["error"].as_str())
                .collect();
            (
                format!("{} of {} events", refused.len(), events.len()),
                (*refused.first()?).to_owned(),
            )
        }
        _ if request.status < 400 => return None,
        answer => (
            request.status.to_string(),
            answer["error"].as_str().unwrap_or_default().to_owned(),
        ),
    };
    let text = format!(
        "refused: {} {}: {what}: {why}",
        request.method, request.path
    );
    Some(
        text.chars()
            .map(|c| if c.is_control() { '\u{fffd}' } else { c })
            .collect(),
    )
}
