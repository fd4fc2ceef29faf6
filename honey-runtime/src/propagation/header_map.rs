//! Headers of HTTP requests, as hyper, axum and reqwest have them.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Getter, Setter, TRACEPARENT, TRACESTATE, X_HONEYCOMB_TRACE};

/// Ready to be looked for: each request is asked for them, and reading a name costs more than finding it.
static NAMES: [(&str, HeaderName); 3] = [
    (TRACEPARENT, HeaderName::from_static("traceparent")),
    (TRACESTATE, HeaderName::from_static("tracestate")),
    (
        X_HONEYCOMB_TRACE,
        HeaderName::from_static("x-honeycomb-trace"),
    ),
];

impl Getter for HeaderMap {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        let ready = NAMES.iter().find(|(known, _)| *known == name);
        let values = match ready {
            Some((_, name)) => self.get_all(name),
            None => self.get_all(name),
        };
        for value in values {
            found(value.as_bytes());
        }
    }
}

impl Setter for HeaderMap {
    fn set(&mut self, name: &'static str, value: &str) {
        let name = HeaderName::from_bytes(name.as_bytes());
        // Neither can fail: both are ours, printable ASCII.
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            self.insert(name, value);
        }
    }

    fn remove(&mut self, name: &'static str) {
        self.remove(name);
    }
}
