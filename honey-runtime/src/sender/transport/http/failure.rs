//! What a failed request says: its kind and its cause in words, without URL, key or password.

use std::error::Error;
use std::io;

use crate::dispatch::Cause;
use crate::sender::retry::Trouble;
use crate::sender::transport::Reply;

/// The connection broke before an answer began, as one does that the server closed while nobody used it.
pub(super) fn may_be_stale_connection(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout() && tls_error(error).is_none()
}

/// `by_way` says which proxy it went by, if any.
pub(super) fn reply(error: &reqwest::Error, by_way: &str) -> Reply {
    let (cause, why) = cause(error);
    let trouble = match cause {
        Cause::Unsendable => return Reply::Unsendable(why),
        Cause::Tls => Trouble::Tls,
        Cause::UnknownHost => Trouble::UnknownHost,
        Cause::Proxy if wants_password(error) => Trouble::Proxy,
        _ => Trouble::Transport,
    };
    let why = why + by_way;
    Reply::Failed { trouble, why }
}

/// The kind of failure, and the same in words.
pub(super) fn cause(error: &reqwest::Error) -> (Cause, String) {
    if error.is_builder() {
        return (Cause::Unsendable, "the request cannot be built".to_owned());
    }
    let host = host(error);
    if let Some(tls) = tls_error(error) {
        return (Cause::Tls, format!("TLS with {host} failed: {tls}"));
    }
    let deepest = root_cause(error);
    if error.is_connect() {
        let kind = kind_of_connect(error);
        let why = if kind == Cause::UnknownHost {
            format!("the name of {host} cannot be resolved: {deepest}")
        } else {
            format!("cannot connect to {host}: {deepest}")
        };
        return (kind, why);
    }
    if error.is_timeout() {
        let why = format!("no answer from {host} in time");
        return (Cause::TimedOut, why);
    }
    let why = format!("the connection to {host} broke: {deepest}");
    (Cause::Broken, why)
}

/// The connector has no type for this, only a text.
fn wants_password(error: &reqwest::Error) -> bool {
    std::iter::successors(error.source(), |&error| error.source())
        .any(|error| error.to_string() == "tunnel error: proxy authorization required")
}

/// Why no connection came about, as far as the HTTP client's errors tell.
fn kind_of_connect(error: &reqwest::Error) -> Cause {
    if error.is_timeout() {
        return Cause::TimedOut;
    }
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        if text.starts_with("dns error") {
            return Cause::UnknownHost;
        }
        if text.contains("tunnel") || text.contains("proxy") {
            return Cause::Proxy;
        }
        let io = source.downcast_ref::<io::Error>();
        if io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
            return Cause::Refused;
        }
        next = source.source();
    }
    Cause::Broken
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
