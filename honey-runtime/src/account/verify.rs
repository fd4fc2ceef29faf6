//! `GET /1/auth`: whose key this is, and what it may do.

use std::fmt;
use std::time::Duration;

use serde_json::Value as Json;

use super::{RequestError, ask};
use crate::dispatch::{Answer, Question};

/// What the server says of the current client's key.
///
/// ```
/// # use std::time::Duration;
/// if let Ok(key) = honey::verify(Duration::from_secs(3)) {
///     println!("{}/{} ({})", key.team, key.environment, key.key_type);
///     assert!(key.may("events"));
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The team's name.
    pub team: String,
    /// The environment's name; empty for a classic key.
    pub environment: String,
    /// `ingest` or `configuration`; empty when the server does not say.
    pub key_type: String,
    /// What the key may do, by Honeycomb's names, such as `events` and `createDatasets`; sorted.
    pub permissions: Vec<String>,
}

/// Asks the server whether the current client's key is right, and waits for the answer at most `timeout`. Blocks this thread; in
/// asynchronous code use [`verify_async`].
///
/// For a start-up check, or a command such as `myprogram doctor`: events are sent, or wait, whatever it says.
///
/// # Errors
/// When there is no client, the key is unknown or may not send events, or the server cannot be reached; the text says exactly
/// what is wrong and what to do.
///
/// ```
/// use std::time::Duration;
///
/// match honey::verify(Duration::from_secs(5)) {
///     Ok(verified) => println!("{verified}"), // team "Bakery", environment "production", ingest key: createDatasets, events
///     Err(error) => println!("{error}"), // there is no client to ask with: call `honey::init` first …
/// }
/// ```
pub fn verify(timeout: Duration) -> Result<Verified, RequestError> {
    let (api_host, answer) = ask(Question::Auth, timeout, |_| {})?.wait()?;
    read(&api_host, &answer)
}

/// The same for asynchronous code, in any runtime or none. It asks once it is polled.
///
/// # Errors
/// As [`verify`].
///
/// ```
/// # async fn start() -> Result<(), honey::RequestError> {
/// let verified = honey::verify_async(std::time::Duration::from_secs(5)).await?;
/// # Ok(())
/// # }
/// ```
pub async fn verify_async(timeout: Duration) -> Result<Verified, RequestError> {
    let (api_host, answer) = ask(Question::Auth, timeout, |_| {})?.answer().await?;
    read(&api_host, &answer)
}

fn read(api_host: &str, answer: &Answer) -> Result<Verified, RequestError> {
    let body: Json = match answer.status {
        200 => serde_json::from_slice(&answer.body).unwrap_or_default(),
        400 | 401 | 403 => return Err(RequestError::unauthorized(api_host, answer)),
        _ => return Err(RequestError::answer(api_host, answer, "/1/auth")),
    };
    // Whoever answers with something else is not Honeycomb: a sign-in page, a web server.
    let team = body.get("team").and_then(|team| team.get("name")?.as_str());
    let Some(team) = team else {
        return Err(RequestError::answer(api_host, answer, "/1/auth"));
    };
    let access = body.get("api_key_access").and_then(Json::as_object);
    let granted = access.into_iter().flatten();
    let granted = granted.filter(|(_, may)| may.as_bool() == Some(true));
    let mut permissions: Vec<String> = granted.map(|(name, _)| name.clone()).collect();
    permissions.sort();
    let text = |value: Option<&Json>| {
        let text = value.and_then(Json::as_str);
        text.unwrap_or_default().to_owned()
    };
    let verified = Verified {
        team: team.to_owned(),
        environment: text(body.get("environment").and_then(|it| it.get("name"))),
        key_type: text(body.get("type")),
        permissions,
    };
    let may_send = access.is_none_or(|access| access.get("events") != Some(&Json::Bool(false)));
    if may_send {
        return Ok(verified);
    }
    let Verified {
        team, environment, ..
    } = verified;
    let of = format!(" (team {team:?}, environment {environment:?})");
    Err(RequestError::forbidden(api_host, 200, &of, "Send Events"))
}

impl Verified {
    /// Whether the key has this permission, by Honeycomb's name for it: `events`, `markers`, `createDatasets`.
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|name| name == permission)
    }
}

/// `team "Bakery", environment "production", ingest key: createDatasets, events`
impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "team {:?}", self.team)?;
        if self.environment.is_empty() {
            f.write_str(", classic")?;
        } else {
            write!(f, ", environment {:?}", self.environment)?;
        }
        let kind = if self.key_type.is_empty() {
            "API"
        } else {
            self.key_type.as_str()
        };
        write!(f, ", {kind} key: {}", self.permissions.join(", "))
    }
}
