//! Headers of HTTP requests, as hyper, axum and reqwest have them.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Getter, Setter};

impl Getter for HeaderMap {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        for value in self.get_all(name) {
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
