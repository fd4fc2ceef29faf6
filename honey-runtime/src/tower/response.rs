//! What an event says of its response.

use std::any::type_name;

use ::http::{StatusCode, response};

use super::grpc;
use super::headers::ResponseHeaders;
use super::layer::AddFields;
use super::request::Hook;
use crate::event::Started;
use crate::fields::FieldSink;
use crate::http_words;
use crate::value::Value;

/// The head of a response is there, with these headers.
pub(super) fn head(
    mut event: Started,
    response: &response::Parts,
    headers: &ResponseHeaders<'_>,
    add_fields: Option<&AddFields<response::Parts>>,
) -> Started {
    if !event.is_recording() {
        return event;
    }
    let status = response.status;
    event.put(
        "http.response.status_code",
        Value::U64(u64::from(status.as_u16())),
    );
    if status.is_server_error() {
        event.set_error(http_words::status_text(status));
    }
    // A call that failed at once has its status here, and no trailers.
    if let Some(status) = headers.grpc_status.and_then(grpc::status) {
        grpc_status(&mut event, status);
    }
    let Some(add) = add_fields else { return event };
    // The user's: it finds its event as the current one.
    let mut entered = event.enter();
    entered.add(&Hook(|out: &mut FieldSink<'_>| add(response, out)));
    entered.leave()
}

/// gRPC says how it went.
pub(super) fn grpc_status(event: &mut Started, status: grpc::Status) {
    event.put("rpc.response.status_code", Value::Str(status.name));
    if status.is_error {
        event.set_error(status.name);
    }
}

/// The service or the body failed with an `E`.
pub(super) fn failure<E>(event: &mut Started) {
    event.set_error(type_name::<E>());
}

/// So much of the body was handed over.
pub(super) fn body_size(event: &mut Started, bytes: u64) {
    event.put("http.response.body.size", Value::U64(bytes));
}

/// Whether a response may have no body, whatever its headers say: the server drops what there is.
pub(super) fn is_bodiless(is_head: bool, status: StatusCode) -> bool {
    is_head
        || status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
}
