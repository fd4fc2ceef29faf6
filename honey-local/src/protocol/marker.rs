//! `POST /1/markers/{dataset}`: a line across the graphs, such as a deploy.

use serde_json::{Map, Value, json};

use super::json;
use super::refusal::Refusal;
use super::reply::Reply;
use crate::received::Dataset;

/// A marker the server accepted.
///
/// ```
/// use std::time::Duration;
///
/// let server = honey_local::Server::start()?;
/// let config = honey::Config::new("any-key").dataset("shop").api_host(server.url());
/// let client = honey::Client::new(config)?;
/// honey::with_client(&client, || {
///     honey::markers::Marker::new("v1.4.2").kind("deploy").post(Duration::from_secs(30))
/// })?;
///
/// let marker = &server.markers()[0];
/// assert!(marker.dataset == "shop" && marker.data["message"] == "v1.4.2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Marker {
    /// The dataset; `__all__` is the whole environment.
    pub dataset: Dataset,
    /// What it says: `message`, `type`, `url`, `start_time`, `end_time` (seconds since the Unix epoch).
    pub data: Map<String, Value>,
}

/// Answers a marker: 201 with the marker as stored.
pub(crate) fn answer(body: &[u8], dataset: Dataset, now_ns: i64) -> Result<Reply, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::malformed())?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| Refusal::malformed())?;
    let Value::Object(mut data) = json::strict(text).map_err(|error| Refusal::new(400, error))?
    else {
        return Err(Refusal::new(400, "marker must be a JSON object"));
    };
    for (name, value) in &data {
        let readable = match name.as_str() {
            "message" | "type" | "url" => value.is_string(),
            "start_time" | "end_time" => value.is_i64() || value.is_u64(),
            _ => true,
        };
        if !readable {
            return Err(Refusal::new(
                400,
                format!("marker has an unreadable {name:?}"),
            ));
        }
    }
    data.entry("start_time")
        .or_insert(json!(now_ns / 1_000_000_000));
    let mut stored = data.clone();
    stored.insert("id".to_owned(), json!(format!("{now_ns:x}")));
    Ok(Reply {
        marker: Some(Marker { dataset, data }),
        ..Reply::json(201, &stored.into())
    })
}
