//! Requests that bring no events, on a connection of their own.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use super::client::Clients;
use super::endpoint::{self, Endpoint};
use super::{failure, secret};
use crate::dispatch::{Answer, Call, CallResult, Cause, Promise, Question, Silence};

/// An answer has some hundred bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// A call, and who waits for what comes of it.
pub(super) type Asked = (Call, Promise<CallResult>);

/// Hands calls to the HTTP thread.
#[derive(Clone)]
pub(in crate::sender) struct Caller(UnboundedSender<Asked>);

impl Caller {
    pub(super) fn new() -> (Self, UnboundedReceiver<Asked>) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), receiver)
    }

    pub(in crate::sender) fn call(&self, call: Call, promise: Promise<CallResult>) {
        if let Err(unasked) = self.0.send((call, promise)) {
            let (_, promise) = unasked.0;
            promise.keep(Err(Silence::new(Cause::Closed, "")));
        }
    }
}

/// Makes each call as a task, as long as the runtime lives.
pub(super) async fn serve(clients: Clients, mut calls: UnboundedReceiver<Asked>) {
    while let Some((call, promise)) = calls.recv().await {
        let clients = clients.clone();
        tokio::spawn(async move {
            let result = timeout(call.timeout, run(&clients, &call)).await;
            let result = result.unwrap_or_else(|_| {
                let by_way = clients.way.words(&call.destination.api_host);
                let why = format!("no answer within {:?}{by_way}", call.timeout);
                Err(Silence::new(Cause::TimedOut, why))
            });
            promise.keep(result);
        });
    }
}

async fn run(clients: &Clients, call: &Call) -> CallResult {
    let unsendable = |why: String| Silence::new(Cause::Unsendable, why);
    let Endpoint { key, .. } = Endpoint::of(&call.destination).map_err(unsendable)?;
    let host = &call.destination.api_host;
    let mut request = match &call.question {
        Question::Auth => {
            let url = endpoint::url(host, "auth", None).map_err(unsendable)?;
            clients.fresh.get(url)
        }
        Question::Marker(json) => {
            let dataset = Some(call.destination.dataset.as_str());
            let url = endpoint::url(host, "markers", dataset).map_err(unsendable)?;
            clients
                .fresh
                .post(url)
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(json.clone())
        }
    };
    if !key.is_empty() {
        request = request.header("X-Honeycomb-Team", key.clone());
    }
    let told = |error: reqwest::Error| {
        let (cause, why) = failure::cause(&error);
        Silence::new(cause, why + &clients.way.words(host))
    };
    let mut response = request.send().await.map_err(told)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(told)? {
        let room = MAX_ANSWER_BYTES - body.len();
        body.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if body.len() == MAX_ANSWER_BYTES {
            break;
        }
    }
    secret::hide(key.as_bytes(), &mut body);
    Ok(Answer { status, body })
}
