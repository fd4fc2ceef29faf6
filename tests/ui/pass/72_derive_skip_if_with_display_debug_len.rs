#![deny(warnings)]

use std::fmt::Debug;
use std::net::IpAddr;

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Request<T> {
    #[honey(skip_if = Vec::is_empty, debug)]
    tags: Vec<T>,
    #[honey(skip_if = Option::is_none, display)]
    peer: Option<IpAddr>,
    #[honey(with = str::len)]
    path: String,
    #[honey(skip_if = is_default, len, rename = "body_bytes")]
    body: Vec<u8>,
    #[honey(display, rename = "method")]
    verb: Verb,
}

struct Verb;

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GET")
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[honey::event(fields(..request))]
fn serve<T: Debug>(request: &Request<T>) -> usize {
    request.tags.len() + request.path.len()
}

fn main() {
    let request = Request { tags: vec![1], peer: None, path: "/".to_owned(), body: vec![], verb: Verb };
    assert_eq!(serve(&request), 2);
    assert!(request.body.is_empty() && request.peer.is_none());
}
