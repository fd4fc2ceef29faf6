//! One call: its event, its headers, its outcome.

use ::reqwest::{Body, Client, Error, Request, Response, Result};

use super::redacted::Redacted;
use crate::event::{Entered, SpanContext, Started, in_event, start_named};
use crate::http_words;
use crate::propagation;
use crate::value::{ToField, Value};

pub(super) async fn execute(
    client: Client,
    name: &'static str,
    mut request: Request,
) -> Result<Response> {
    let mut event = start_named(name);
    if event.is_recording() {
        describe(&mut event, &request);
    }
    // A call that a filter leaves out is passed on as its parent's.
    match SpanContext::of(event.handle()) {
        Some(context) => context.inject(request.headers_mut()),
        None => propagation::inject(request.headers_mut()),
    }
    in_event(event, client.execute(request), |event, result| {
        if event.is_recording() {
            conclude(event, result);
        }
    })
    .await
}

fn describe(event: &mut Started, request: &Request) {
    let method = http_words::method(request.method());
    event.put(
        "http.request.method",
        Value::Str(http_words::method_field(method)),
    );
    if method.is_none() {
        event.put(
            "http.request.method_original",
            Value::Str(request.method().as_str()),
        );
    }
    event.put("span.kind", Value::Str("client"));
    let url = request.url();
    event.put("server.address", url.host_str().to_field());
    event.put("server.port", url.port_or_known_default().to_field());
    event.put("url.full", Value::Display(&Redacted(url)));
    let size = request.body().and_then(Body::as_bytes).map(<[u8]>::len);
    event.put("http.request.body.size", size.to_field());
}

fn conclude(event: &mut Entered, result: &Result<Response>) {
    let response = match result {
        Ok(response) => response,
        Err(error) => return event.set_error(kind_of(error)),
    };
    let status = response.status();
    event.put(
        "http.response.status_code",
        Value::U64(u64::from(status.as_u16())),
    );
    let version = http_words::version(response.version());
    event.put("network.protocol.version", version.to_field());
    event.put(
        "http.response.body.size",
        response.content_length().to_field(),
    );
    if status.is_client_error() || status.is_server_error() {
        event.set_error(http_words::status_text(status));
    }
}

/// What went wrong, in a word.
fn kind_of(error: &Error) -> &'static str {
    let kinds: [(&str, bool); 6] = [
        ("timeout", error.is_timeout()),
        ("connect", error.is_connect()),
        ("redirect", error.is_redirect()),
        ("body", error.is_body()),
        ("decode", error.is_decode()),
        ("request", error.is_request()),
    ];
    let kind = kinds.into_iter().find(|(_, is_it)| *is_it);
    kind.map_or("other", |(kind, _)| kind)
}
