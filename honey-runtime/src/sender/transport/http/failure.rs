//! What a failed request says: its kind and its cause in words, without URL, key or password.

use std::error::Error;
use std::io;

use crate::sender::retry::Trouble;
use crate::sender::transport::Reply;

/// The connection broke before an answer began, as one does that the server closed while nobody used it.
pub(super) fn may_be_stale_connection(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout() && tls_error(error).is_none()
}

pub(super) fn reply(error: &reqwest::Error) -> Reply {
    if error.is_builder() {
        return Reply::Unsendable("the request cannot be built".to_owned());
    }
    let host = host(error);
    if let Some(tls) = tls_error(error) {
        let why = format!("TLS with {host} failed: {tls}");
        return Reply::Failed {
            trouble: Trouble::Tls,
            why,
        };
    }
    let cause = root_cause(error);
    let trouble = trouble(error);
    let why = if trouble == Trouble::UnknownHost {
        format!("the name of {host} cannot be resolved: {cause}")
    } else if error.is_connect() {
        format!("cannot connect to {host}: {cause}")
    } else if error.is_timeout() {
        format!("no answer from {host} in time")
    } else {
        format!("the connection to {host} broke: {cause}")
    };
    Reply::Failed { trouble, why }
}

/// The connector has no types for these two, only texts.
fn trouble(error: &reqwest::Error) -> Trouble {
    let mut next = error.source();
    while let Some(source) = next {
        match source.to_string().as_str() {
            "dns error" => return Trouble::UnknownHost,
            "tunnel error: proxy authorization required" => return Trouble::Proxy,
            _ => next = source.source(),
        }
    }
    Trouble::Transport
}

fn host(error: &reqwest::Error) -> String {
    let url = error.url();
    let host = url.and_then(|url| url.host_str()).unwrap_or("the server");
    url.and_then(reqwest::Url::port)
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The deepest error knows best, and is the one that cannot name a URL.
fn root_cause(error: &reqwest::Error) -> String {
    let mut deepest: Option<&(dyn Error + 'static)> = None;
    let mut next = error.source();
    while let Some(source) = next {
        deepest = Some(source);
        next = source.source();
    }
    deepest.map_or_else(|| "unknown cause".to_owned(), ToString::to_string)
}

/// The TLS error in the chain; an `io::Error` hides what it wraps from `source`.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(source) = next {
        if let Some(tls) = source.downcast_ref() {
            return Some(tls);
        }
        let wrapped = source
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        let wrapped = wrapped.map(|inner| inner as &(dyn Error + 'static));
        if let Some(tls) = wrapped.and_then(tls_error) {
            return Some(tls);
        }
        next = source.source();
    }
    None
}
