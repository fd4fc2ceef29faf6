//! What headers are read from and written to.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Something that has values by name: HTTP headers, the properties of a message, the metadata of a job.
///
/// Implemented for maps and lists of pairs of anything that is text, for `http::HeaderMap` (feature `header-map`, part of `http`),
/// and for functions from a name to a value:
///
/// ```
/// struct Message { traceparent: Option<String> }
///
/// fn parent_of(message: &Message) -> Option<honey::propagation::SpanContext> {
///     honey::propagation::extract(&|name: &str| match name {
///         "traceparent" => message.traceparent.as_deref(),
///         _ => None,
///     })
/// }
/// # assert!(parent_of(&Message { traceparent: None }).is_none());
/// ```
pub trait Getter {
    /// Calls `found` with each value of `name`, in order, as bytes. `name` is compared without regard to case; only a function gets
    /// to see it, in lower case.
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8]));
}

/// Something that takes values by name.
///
/// Implemented for maps and lists of pairs, for `http::HeaderMap` (feature `header-map`, part of `http`), and for functions that
/// take a name and a value:
///
/// ```
/// let mut message = Vec::new();
/// honey::propagation::inject(&mut |name: &str, value: &str| {
///     message.extend_from_slice(format!("{name}: {value}\n").as_bytes());
/// });
/// ```
pub trait Setter {
    /// Sets `name` to `value`, in the place of what it was. Both are printable ASCII.
    fn set(&mut self, name: &'static str, value: &str);

    /// Removes what `name` was, so that nothing old is sent along. By default nothing is removed.
    fn remove(&mut self, name: &'static str) {
        let _ = name;
    }
}

fn among<'a, K: AsRef<str> + 'a, V: AsRef<[u8]> + 'a>(
    pairs: impl IntoIterator<Item = (&'a K, &'a V)>,
    name: &str,
    found: &mut dyn FnMut(&[u8]),
) {
    for (key, value) in pairs {
        if key.as_ref().eq_ignore_ascii_case(name) {
            found(value.as_ref());
        }
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>, S> Getter for HashMap<K, V, S> {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        among(self, name, found);
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>> Getter for BTreeMap<K, V> {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        among(self, name, found);
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>> Getter for [(K, V)] {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        among(self.iter().map(|(key, value)| (key, value)), name, found);
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>, const N: usize> Getter for [(K, V); N] {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        self.as_slice().values(name, found);
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>> Getter for Vec<(K, V)> {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        self.as_slice().values(name, found);
    }
}

/// A carrier of any size, borrowed, so that what is done with it need not be generic.
pub(super) struct Borrowed<C>(pub(super) C);

impl<G: Getter + ?Sized> Getter for Borrowed<&G> {
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        self.0.values(name, found);
    }
}

impl<F, V> Getter for F
where
    F: Fn(&str) -> Option<V>,
    V: AsRef<[u8]>,
{
    fn values(&self, name: &str, found: &mut dyn FnMut(&[u8])) {
        if let Some(value) = self(name) {
            found(value.as_ref());
        }
    }
}

impl<S: BuildHasher> Setter for HashMap<String, String, S> {
    fn set(&mut self, name: &'static str, value: &str) {
        Setter::remove(self, name);
        self.insert(name.to_owned(), value.to_owned());
    }

    fn remove(&mut self, name: &'static str) {
        self.retain(|key, _| !key.eq_ignore_ascii_case(name));
    }
}

impl Setter for BTreeMap<String, String> {
    fn set(&mut self, name: &'static str, value: &str) {
        Setter::remove(self, name);
        self.insert(name.to_owned(), value.to_owned());
    }

    fn remove(&mut self, name: &'static str) {
        self.retain(|key, _| !key.eq_ignore_ascii_case(name));
    }
}

impl Setter for Vec<(String, String)> {
    fn set(&mut self, name: &'static str, value: &str) {
        Setter::remove(self, name);
        self.push((name.to_owned(), value.to_owned()));
    }

    fn remove(&mut self, name: &'static str) {
        self.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }
}

impl<S: Setter + ?Sized> Setter for Borrowed<&mut S> {
    fn set(&mut self, name: &'static str, value: &str) {
        self.0.set(name, value);
    }

    fn remove(&mut self, name: &'static str) {
        self.0.remove(name);
    }
}

impl<F: FnMut(&'static str, &str)> Setter for F {
    fn set(&mut self, name: &'static str, value: &str) {
        self(name, value);
    }
}
