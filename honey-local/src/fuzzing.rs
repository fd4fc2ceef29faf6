//! What the fuzz target in `fuzz/` reaches: a request, from its bytes to the answer. Only with `--cfg honey_fuzz`, and for nobody else.

use crate::protocol::{Incoming, Rules, Wire, answer};
use crate::received::Headers;

/// Answers a request: the status, the answer's text, and how many events were taken.
#[must_use]
pub fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    now_ns: i64,
) -> (u16, String, usize) {
    let mut parsed = hyper::HeaderMap::new();
    for (name, value) in headers {
        let name = hyper::header::HeaderName::from_bytes(name.as_bytes());
        let value = hyper::header::HeaderValue::from_str(value);
        if let (Ok(name), Ok(value)) = (name, value) {
            parsed.append(name, value);
        }
    }
    let incoming = Incoming {
        method,
        path,
        headers: &Headers::read(&parsed),
        wire: &Wire::Whole(body.into()),
        now_ns,
    };
    let reply = answer(&incoming, &Rules::default());
    (reply.status, reply.answer, reply.events.len())
}
