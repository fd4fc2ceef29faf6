//! From a whole request to what is answered and what is kept.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};

use super::element::Origin;
use super::path::{self, Route};
use super::refusal::Refusal;
use super::{KnownKey, Marker, Rules, auth, batch, encoding, marker, msgpack, single};
use crate::received::{ApiKey, Event, Headers};

/// A request as it came.
pub(crate) struct Incoming<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a Headers,
    pub(crate) wire: &'a Wire,
    pub(crate) now_ns: i64,
}

/// A request's body on the wire.
#[derive(Clone, Debug)]
pub(crate) enum Wire {
    Whole(Arc<[u8]>),
    /// Over the limit, and thrown away as it came.
    TooLarge,
    /// Cut off, or too slow.
    Broken,
}

/// What is answered, and what is kept.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// JSON, or nothing.
    pub(crate) answer: String,
    pub(crate) allow: Option<&'static str>,
    /// The request's body uncompressed.
    pub(crate) body: Arc<[u8]>,
    pub(crate) events: Vec<Event>,
    pub(crate) marker: Option<Marker>,
}

impl Reply {
    pub(crate) fn json(status: u16, answer: &Value) -> Self {
        Self {
            status,
            answer: answer.to_string(),
            ..Self::default()
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        Self {
            allow: refusal.allow,
            ..Self::json(refusal.status, &json!({ "error": refusal.error }))
        }
    }
}

/// Answers a request.
pub(crate) fn answer(request: &Incoming<'_>, rules: &Rules) -> Reply {
    match admitted(request, rules) {
        Ok((Route::Auth, key)) => Reply::json(200, &auth::describe(&key)),
        Ok((route, key)) => match uncompressed(request, route, rules) {
            Ok((format, body)) => {
                let json = match format {
                    Format::Json => Ok(Arc::clone(&body)),
                    Format::MessagePack => msgpack::to_json(&body).map(Arc::from),
                };
                let reply = json
                    .and_then(|json| judged(request, route, &key, &json, rules))
                    .unwrap_or_else(Reply::from);
                Reply { body, ..reply }
            }
            Err(refusal) => refusal.into(),
        },
        Err(refusal) => refusal.into(),
    }
}

/// What the head alone decides: the endpoint, and whose key it is.
fn admitted<'a>(request: &Incoming<'a>, rules: &Rules) -> Result<(Route<'a>, KnownKey), Refusal> {
    let route = Route::find(request.method, request.path)?;
    let no_key = || rules.key_optional.then(|| ApiKey::new(""));
    let key = request
        .headers
        .api_key()
        .or_else(no_key)
        .ok_or_else(|| rules.unknown_key())?;
    let key = rules.keys.find(&key).ok_or_else(|| rules.unknown_key())?;
    Ok((route, key))
}

fn uncompressed(
    request: &Incoming<'_>,
    route: Route<'_>,
    rules: &Rules,
) -> Result<(Format, Arc<[u8]>), Refusal> {
    let format = content_type(request.headers.get("content-type"))?;
    let encoding = request.headers.get("content-encoding");
    encoding::check(encoding)?;
    let wire = match request.wire {
        Wire::Whole(wire) => wire,
        Wire::TooLarge => return Err(rules.too_large()),
        Wire::Broken => return Err(Refusal::new(408, "request body did not arrive in time")),
    };
    let limit = match route {
        Route::Batch(_) => rules.limits.body_bytes,
        _ => rules.limits.event_bytes,
    };
    match encoding::decoded(encoding, wire, limit, rules)? {
        Cow::Borrowed(_) => Ok((format, Arc::clone(wire))),
        Cow::Owned(body) => Ok((format, body.into())),
    }
}

/// What a body is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    /// As Refinery reads it too; the Events API's page does not name it.
    MessagePack,
}

/// Exactly `application/json`, or MessagePack: some servers refuse, or drop, one with a suffix.
fn content_type(given: Option<&str>) -> Result<Format, Refusal> {
    match given {
        Some("application/json") => Ok(Format::Json),
        Some("application/msgpack" | "application/x-msgpack") => Ok(Format::MessagePack),
        Some(other) => Err(Refusal::new(
            415,
            format!("Content-Type must be exactly application/json, not {other:?}"),
        )),
        None => Err(Refusal::new(
            415,
            "Content-Type must be exactly application/json, and there is none",
        )),
    }
}

fn judged(
    request: &Incoming<'_>,
    route: Route<'_>,
    key: &KnownKey,
    body: &[u8],
    rules: &Rules,
) -> Result<Reply, Refusal> {
    let origin = |segment| {
        let dataset = path::dataset(segment)?;
        if !key.may_send_to(&dataset) {
            return Err(Refusal::new(
                401,
                "this API key may not send events to this dataset",
            ));
        }
        Ok(Origin {
            dataset,
            api_key: key.key.clone(),
            limits: &rules.limits,
            now_ns: request.now_ns,
        })
    };
    match route {
        Route::Batch(segment) => batch::answer(body, &origin(segment)?),
        Route::Single(segment) => single::answer(body, request.headers, &origin(segment)?),
        Route::Markers(segment) => marker::answer(body, path::dataset(segment)?, request.now_ns),
        Route::Auth => Ok(Reply::json(200, &auth::describe(key))),
    }
}
