//! One try: a request, and as much of its answer as anybody reads.

use std::time::SystemTime;

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Request, Response};
use tokio::time::{Instant, timeout_at};

use super::client::Clients;
use super::endpoint::Endpoint;
use super::{Job, failure, secret};
use crate::sender::retry::{Trouble, retry_after};
use crate::sender::transport::Reply;

/// An answer has some 20 bytes for each event; whoever sends more than this is not answering us.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

pub(super) async fn run(clients: &Clients, mut job: Job) -> Reply {
    let Some(request) = build(&clients.pooled, &mut job) else {
        return Reply::Unsendable("the request cannot be built".to_owned());
    };
    let deadline = Instant::now() + clients.timeout;
    match timeout_at(deadline, try_once(clients, request)).await {
        Ok(Ok(response)) => answer(response, &job.endpoint, deadline).await,
        Ok(Err(error)) => failure::reply(&error, &clients.way.words(job.endpoint.url.as_str())),
        Err(_) => Reply::Failed {
            trouble: Trouble::Transport,
            why: format!(
                "no answer from {} within {:?}{}",
                job.endpoint.host(),
                clients.timeout,
                clients.way.words(job.endpoint.url.as_str())
            ),
        },
    }
}

fn build(client: &Client, job: &mut Job) -> Option<Request> {
    let endpoint = &job.endpoint;
    let mut request = client
        .post(endpoint.url.clone())
        .header(CONTENT_TYPE, HeaderValue::from_static(job.content_type));
    // A server on this machine needs none.
    if !endpoint.key.is_empty() {
        request = request.header("X-Honeycomb-Team", endpoint.key.clone());
    }
    if let Some(encoding) = job.content_encoding {
        request = request.header(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    request.body(std::mem::take(&mut job.body)).build().ok()
}

async fn try_once(clients: &Clients, request: Request) -> reqwest::Result<Response> {
    let again = request.try_clone();
    let result = clients.pooled.execute(request).await;
    // A kept connection that the server has closed meanwhile says nothing about the server: once more, on a new one.
    match (result, again) {
        (Err(error), Some(again)) if failure::may_be_stale_connection(&error) => {
            clients.fresh.execute(again).await
        }
        (result, _) => result,
    }
}

/// Reads the answer. Once there is a status the server has had its say: a body that breaks off, or never ends, is a short
/// answer and no failed try.
async fn answer(mut response: Response, endpoint: &Endpoint, deadline: Instant) -> Reply {
    let status = response.status().as_u16();
    let asked = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let retry_after = asked.and_then(|value| retry_after(value, SystemTime::now()));
    // Servers answer a request in MessagePack in either: the header says in which.
    #[cfg(feature = "msgpack")]
    let is_msgpack = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.starts_with(b"application/msgpack") || kind.starts_with(b"application/x-msgpack")
    });
    let mut body = Vec::new();
    while let Ok(Ok(Some(bytes))) = timeout_at(deadline, response.chunk()).await {
        let room = MAX_ANSWER_BYTES - body.len();
        body.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if body.len() == MAX_ANSWER_BYTES {
            break;
        }
    }
    #[cfg(feature = "msgpack")]
    if is_msgpack {
        body = super::msgpack::to_json(&body);
    }
    secret::hide(endpoint.key.as_bytes(), &mut body);
    Reply::Answer {
        status,
        retry_after,
        body,
    }
}
