#![deny(warnings)]

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Generic<'a, T, U: Debug, I: Iterator, M, const N: usize> {
    value: T,
    maybe: Option<&'a T>,
    #[honey(debug)]
    debugged: U,
    item: I::Item,
    marker: PhantomData<M>,
    #[honey(len)]
    array: [M; N],
    text: Cow<'a, str>,
    #[honey(skip)]
    unused: Vec<M>,
}

#[derive(HoneyFields)]
struct Nested<T, F>
where
    T: Clone,
{
    #[honey(flatten, prefix = "inner.")]
    inner: F,
    #[honey(display)]
    shown: T,
}

#[derive(HoneyFields)]
#[honey(bound = "T: Clone + honey::ToField")]
struct Bound<T> {
    value: T,
}

#[derive(HoneyFields)]
struct Defaulted<T = u32> {
    value: T,
}

struct NotAField;

fn has_fields<T: HoneyFields>(_: &T) {}

fn main() {
    let generic = Generic::<_, _, std::vec::IntoIter<u8>, NotAField, 1> {
        value: 1,
        maybe: None,
        debugged: vec![1],
        item: 3,
        marker: PhantomData,
        array: [NotAField],
        text: "a".into(),
        unused: Vec::new(),
    };
    has_fields(&generic);
    assert_eq!(generic.unused.len(), 0);
    has_fields(&Nested { inner: Bound { value: 1 }, shown: "a" });
    has_fields(&Defaulted { value: 1 });
    fn display<T: Display + Clone>(shown: T) {
        has_fields(&Nested { inner: Some(Bound { value: "x" }), shown });
    }
    display(1);
}
