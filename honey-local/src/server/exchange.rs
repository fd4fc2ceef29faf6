//! One request and its answer.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming as Body};
use hyper::{Request as HttpRequest, Response, StatusCode};

use super::{Answer, body};
use crate::Request;
use crate::protocol::{self, Incoming, Reply, Route, Rules, Wire};
use crate::received::{Headers, Log};

/// What all exchanges share.
#[derive(Debug)]
pub(super) struct Shared {
    rules: Rules,
    pub(super) log: Log,
    answers: Mutex<VecDeque<(usize, Answer)>>,
}

impl Shared {
    pub(super) fn new(rules: Rules, log: Log) -> Self {
        Self {
            rules,
            log,
            answers: Mutex::default(),
        }
    }

    pub(super) fn prepare(&self, n: usize, answer: Answer) {
        if n > 0 {
            self.lock().push_back((n, answer));
        }
    }

    pub(super) fn clear_answers(&self) {
        self.lock().clear();
    }

    fn prepared(&self) -> Option<Answer> {
        let mut answers = self.lock();
        let (left, answer) = answers.front_mut()?;
        let answer = answer.clone();
        *left -= 1;
        if *left == 0 {
            answers.pop_front();
        }
        Some(answer)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(usize, Answer)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves one request: reads it whole, judges it, keeps it, answers.
pub(super) async fn serve(
    shared: Arc<Shared>,
    request: HttpRequest<Body>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let headers = Headers::read(&head.headers);
    let (method, path) = (
        head.method.as_str(),
        head.uri.path_and_query().map_or("", |path| path.as_str()),
    );
    let wire = body::read(body, shared.rules.limits.body_bytes).await;

    let incoming = Incoming {
        method,
        path,
        headers: &headers,
        wire: &wire,
        now_ns: now_ns(),
    };
    let mut reply = protocol::answer(&incoming, &shared.rules);
    let mut extra = Vec::new();
    let mut delay = Duration::ZERO;
    if let Some(answer) = Route::find(method, path)
        .ok()
        .filter(|route| route.takes_events())
        .and_then(|_| shared.prepared())
    {
        reply = overruled(reply, &answer);
        extra = answer.headers;
        delay = answer.delay;
    }
    let response = response(&reply, &extra);
    let wire = match wire {
        Wire::Whole(wire) => wire,
        Wire::TooLarge | Wire::Broken => Arc::default(),
    };
    let (method, path) = (method.to_owned(), path.to_owned());
    let (status, answer) = (reply.status, reply.answer);
    let request = Request {
        number: 0,
        method,
        path,
        headers,
        wire,
        body: reply.body,
        events: reply.events,
        status,
        answer,
    };
    shared.log.add(request, reply.marker);
    if delay > Duration::ZERO {
        tokio::time::sleep(delay).await;
    }
    Ok(response)
}

/// The reply with a prepared answer in place of the server's own.
fn overruled(reply: Reply, answer: &Answer) -> Reply {
    let events = if answer.keep_events {
        reply.events
    } else {
        Vec::new()
    };
    Reply {
        status: answer.status,
        answer: answer.body.clone(),
        body: reply.body,
        events,
        ..Reply::default()
    }
}

fn response(reply: &Reply, extra: &[(String, String)]) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(reply.status);
    if let Some(method) = reply.allow {
        response = response.header("allow", method);
    }
    if !reply.answer.is_empty()
        && !extra
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        response = response.header("content-type", "application/json");
    }
    for (name, value) in extra {
        response = response.header(name, value);
    }
    response
        .body(Full::new(reply.answer.clone().into()))
        .unwrap_or_else(|error| {
            // A status or header that a test prepared and HTTP does not know.
            let mut failed = Response::new(Full::new(error.to_string().into()));
            *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            failed
        })
}

/// The time of receipt, in nanoseconds since the epoch.
fn now_ns() -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)
}
