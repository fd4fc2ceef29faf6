//! Markers: lines across the graphs that say what happened at a moment, such as a deploy.
//!
//! ```
//! use std::time::Duration;
//!
//! use honey::markers::Marker;
//!
//! let marker = Marker::new("checkout 1.4.2").kind("deploy").url("https://ci.example/builds/1742");
//! if let Err(error) = marker.post(Duration::from_secs(5)) {
//!     println!("{error}"); // there is no client to ask with: call `honey::init` first …
//! }
//! ```
//!
//! The key needs the permission "Manage Markers". Source: Honeycomb's Markers API, `POST /1/markers/{dataset}`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Asked, RequestError, ask};
use crate::dispatch::{Answer, Question};

/// All datasets of an environment, as Honeycomb names them.
const WHOLE_ENVIRONMENT: &str = "__all__";

/// A marker to be posted.
///
/// ```
/// use std::time::Duration;
///
/// let marker = honey::markers::Marker::new("deployed 1.4.2").kind("deploy").url("https://ci.example/77").everywhere();
/// match marker.post(Duration::from_secs(3)) {
///     Ok(()) => {}
///     Err(error) => println!("{error}"),
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a marker does nothing until it is posted"]
pub struct Marker {
    message: String,
    kind: Option<String>,
    url: Option<String>,
    start: Option<SystemTime>,
    end: Option<SystemTime>,
    dataset: Option<String>,
}

impl Marker {
    /// A marker that says `message`, at the moment it is posted, in the current client's dataset.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            kind: None,
            url: None,
            start: None,
            end: None,
            dataset: None,
        }
    }

    /// Its type, such as `deploy`: those of one type have one colour.
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Where it leads when it is clicked.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// When it begins, to the second. By default when the server gets it.
    pub fn start(mut self, time: SystemTime) -> Self {
        self.start = Some(time);
        self
    }

    /// When it ends, to the second: it is a span of time then. By default it is a moment.
    pub fn end(mut self, time: SystemTime) -> Self {
        self.end = Some(time);
        self
    }

    /// In this dataset, instead of the current client's.
    pub fn dataset(mut self, dataset: impl Into<String>) -> Self {
        self.dataset = Some(dataset.into());
        self
    }

    /// In all datasets of the environment.
    pub fn everywhere(self) -> Self {
        self.dataset(WHOLE_ENVIRONMENT)
    }

    /// Posts it with the current client's key, and waits for the answer at most `timeout`. Blocks this thread; it is not tried
    /// again.
    ///
    /// # Errors
    /// As [`verify`](crate::verify), and when the key may not make markers.
    pub fn post(&self, timeout: Duration) -> Result<(), RequestError> {
        let (api_host, answer) = self.ask(timeout)?.wait()?;
        read(&api_host, &answer)
    }

    /// The same for asynchronous code, in any runtime or none. It posts once it is polled.
    ///
    /// # Errors
    /// As [`post`](Marker::post).
    pub async fn post_async(&self, timeout: Duration) -> Result<(), RequestError> {
        let (api_host, answer) = self.ask(timeout)?.answer().await?;
        read(&api_host, &answer)
    }

    fn ask(&self, timeout: Duration) -> Result<Asked, RequestError> {
        // Text and numbers: nothing in it can fail.
        let json = serde_json::to_vec(self).unwrap_or_default();
        ask(Question::Marker(json), timeout, |destination| {
            if let Some(dataset) = self.dataset.as_deref().map(str::trim) {
                dataset.clone_into(&mut destination.dataset);
            }
        })
    }
}

fn read(api_host: &str, answer: &Answer) -> Result<(), RequestError> {
    match answer.status {
        200..=299 => Ok(()),
        400 if is_about_the_key(answer) => Err(RequestError::unauthorized(api_host, answer)),
        401 => Err(RequestError::unauthorized(api_host, answer)),
        403 => Err(RequestError::forbidden(
            api_host,
            answer.status,
            "",
            "Manage Markers",
        )),
        _ => Err(RequestError::answer(api_host, answer, "/1/markers")),
    }
}

fn is_about_the_key(answer: &Answer) -> bool {
    String::from_utf8_lossy(&answer.body).contains("unknown API key")
}

/// As the API has it.
impl Serialize for Marker {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("message", &self.message)?;
        for (name, text) in [("type", &self.kind), ("url", &self.url)] {
            if let Some(text) = text {
                members.serialize_entry(name, text)?;
            }
        }
        for (name, time) in [("start_time", self.start), ("end_time", self.end)] {
            if let Some(time) = time {
                let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
                members.serialize_entry(name, &since.as_secs())?;
            }
        }
        members.end()
    }
}
