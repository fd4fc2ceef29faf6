//! What an event says of its request.

use std::fmt;

use ::http::request::Parts;
use ::http::{HeaderValue, Uri};

use super::grpc;
use super::headers::{RequestHeaders, number, text};
use super::layer::EventLayer;
use crate::event::{Callsite, StartOptions, Started, start_with};
use crate::fields::FieldSink;
use crate::http_words;
use crate::isolate;
use crate::propagation;
use crate::value::{ToField, Value};

/// Where all requests begin. Filters know them by the names they get, and by this module.
static REQUEST: Callsite = Callsite::new("HTTP", "honey::tower", file!(), line!());

impl EventLayer {
    /// Begins a request's event, unless it is to have none.
    pub(super) fn begin(&self, request: &Parts) -> Started {
        if ask(self.skip.as_deref(), request).unwrap_or(false) {
            return Started::none();
        }
        let headers = RequestHeaders::of(&request.headers);
        let caller = (headers.has_caller)
            .then(|| propagation::extract(&request.headers))
            .flatten();
        let is_stranger = ask(self.stranger.as_deref(), request).unwrap_or(false);
        let (parent, link) = if is_stranger {
            (None, caller)
        } else {
            (caller, None)
        };
        let mut event = start_with(
            &REQUEST,
            StartOptions {
                // Below whatever may be open where the server runs it is nobody's child.
                root: parent.is_none(),
                parent: parent.map(Into::into),
                sample: ask(self.sample_rate.as_deref(), request),
                ..StartOptions::default()
            },
        );
        let method = http_words::method(&request.method);
        let route = self.route_of(request);
        let own_name = ask(self.name.as_deref(), request).flatten();
        event.rename(|out| match &own_name {
            Some(name) => out.write_str(name),
            None => write_name(out, request, &headers, method, route),
        });
        if event.is_recording() {
            record(&mut event, request, &headers, method);
            event.put("http.route", route.to_field());
            let address = ask(self.client_address.as_deref(), request).flatten();
            event.put("client.address", address.to_field());
            if let Some(caller) = link {
                event.handle().add_link(caller);
            }
            if let Some(add) = &self.request_fields {
                event.add(&Hook(|out: &mut FieldSink<'_>| add(request, out)));
            }
        }
        event
    }

    fn route_of<'a>(&self, request: &'a Parts) -> Option<&'a str> {
        match &self.route {
            Some(route) => isolate::run(|| route(request)).flatten(),
            None => matched_path(request),
        }
    }
}

/// What a hook says, if there is one and it does not panic.
fn ask<T>(hook: Option<&(dyn Fn(&Parts) -> T + Send + Sync)>, request: &Parts) -> Option<T> {
    hook.and_then(|hook| isolate::run(|| hook(request)))
}

/// A hook that adds fields.
pub(super) struct Hook<F>(pub(super) F);

impl<F: Fn(&mut FieldSink<'_>)> crate::fields::HoneyFields for Hook<F> {
    fn record(&self, out: &mut FieldSink<'_>) {
        self.0(out);
    }
}

#[cfg(feature = "axum")]
fn matched_path(request: &Parts) -> Option<&str> {
    let path = request.extensions.get::<axum::extract::MatchedPath>();
    path.map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn matched_path(_request: &Parts) -> Option<&str> {
    None
}

fn write_name(
    out: &mut dyn fmt::Write,
    request: &Parts,
    headers: &RequestHeaders<'_>,
    method: Option<&'static str>,
    route: Option<&str>,
) -> fmt::Result {
    if headers.is_grpc() {
        return out.write_str(grpc::method(&request.uri));
    }
    out.write_str(http_words::method_in_name(method))?;
    let Some(route) = route else { return Ok(()) };
    out.write_str(" ")?;
    out.write_str(route)
}

fn record(
    event: &mut Started,
    request: &Parts,
    headers: &RequestHeaders<'_>,
    method: Option<&'static str>,
) {
    event.put(
        "http.request.method",
        Value::Str(http_words::method_field(method)),
    );
    if method.is_none() {
        event.put(
            "http.request.method_original",
            Value::Str(request.method.as_str()),
        );
    }
    event.put("span.kind", Value::Str("server"));
    event.put("url.path", Value::Str(request.uri.path()));
    event.put("url.scheme", Value::Str(scheme(&request.uri, headers)));
    if let Some((address, port)) = server(&request.uri, headers) {
        event.put("server.address", Value::Str(address));
        event.put("server.port", port.to_field());
    }
    event.put(
        "user_agent.original",
        headers.user_agent.and_then(text).to_field(),
    );
    event.put(
        "network.protocol.version",
        http_words::version(request.version).to_field(),
    );
    let body_size = headers.content_length.and_then(number);
    event.put("http.request.body.size", body_size.to_field());
    if headers.is_grpc() {
        event.put("rpc.system.name", Value::Str("grpc"));
        event.put("rpc.method", Value::Str(grpc::method(&request.uri)));
    }
}

/// What the client used, as a proxy in front says, else the connection. The header is anybody's to send: two values are believed.
fn scheme(uri: &Uri, headers: &RequestHeaders<'_>) -> &'static str {
    let told = headers.forwarded_proto.map(HeaderValue::as_bytes);
    match told.or(uri.scheme_str().map(str::as_bytes)) {
        Some(scheme) if scheme.eq_ignore_ascii_case(b"https") => "https",
        _ => "http",
    }
}

/// The host and port that the client asked for.
fn server<'a>(uri: &'a Uri, headers: &RequestHeaders<'a>) -> Option<(&'a str, Option<u16>)> {
    let authority = uri.authority().map(::http::uri::Authority::as_str);
    let host = authority.or_else(|| headers.host.and_then(text))?;
    Some(split_port(host))
}

/// `shop.example:8080`, `[::1]:8080`; a port that is none stays with the host.
fn split_port(host: &str) -> (&str, Option<u16>) {
    // Credentials do not belong in a request; if they are there, not into the event.
    let host = split_last(host, b'@').map_or(host, |(_, host)| host);
    let (name, port) = match split_last(host, b':') {
        Some((name, port)) if !port.contains(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (host, None),
        },
        _ => (host, None),
    };
    let bare = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    (bare.unwrap_or(name), port)
}

/// As `rsplit_once`, which looks for machine words at a time: a host is short.
fn split_last(text: &str, mark: u8) -> Option<(&str, &str)> {
    let place = text.bytes().rposition(|byte| byte == mark)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_their_ports() {
        for (host, address, port) in [
            ("shop.example", "shop.example", None),
            ("shop.example:8080", "shop.example", Some(8080)),
            ("[::1]:8080", "::1", Some(8080)),
            ("[::1]", "::1", None),
            ("user:secret@shop.example:1", "shop.example", Some(1)),
            ("shop.example:99999", "shop.example:99999", None),
            ("shop.example:", "shop.example:", None),
            ("", "", None),
        ] {
            assert_eq!(split_port(host), (address, port), "{host}");
        }
    }

    #[test]
    fn of_a_forwarded_scheme_only_two_are_believed() {
        let headers = RequestHeaders::default();
        let uri = Uri::from_static("/");
        assert_eq!(scheme(&uri, &headers), "http");
        assert_eq!(scheme(&Uri::from_static("https://a/"), &headers), "https");
        for (told, scheme_is) in [("https", "https"), ("HTTPS", "https"), ("gopher", "http")] {
            let told = HeaderValue::from_static(told);
            let headers = RequestHeaders {
                forwarded_proto: Some(&told),
                ..Default::default()
            };
            assert_eq!(scheme(&uri, &headers), scheme_is, "{told:?}");
        }
    }
}
