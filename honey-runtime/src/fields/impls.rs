//! `HoneyFields` for what holds other fields: options, pointers, tuples, maps and lists of pairs.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::{FieldSink, HoneyFields};
use crate::value::ToField;

macro_rules! pointers {
    ($($type:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: HoneyFields + ?Sized> HoneyFields for $type {
            fn record(&self, out: &mut FieldSink<'_>) {
                (**self).record(out);
            }
        }
    )+};
}

pointers!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

#[diagnostic::do_not_recommend]
impl<T: HoneyFields> HoneyFields for Option<T> {
    fn record(&self, out: &mut FieldSink<'_>) {
        if let Some(fields) = self {
            fields.record(out);
        }
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: HoneyFields),+> HoneyFields for ($($name,)+) {
            fn record(&self, out: &mut FieldSink<'_>) {
                #[expect(non_snake_case, reason = "one name serves as the type and as the part")]
                let ($($name,)+) = self;
                $($name.record(out);)+
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);

#[diagnostic::do_not_recommend]
impl<K: AsRef<str>, V: ToField> HoneyFields for BTreeMap<K, V> {
    fn record(&self, out: &mut FieldSink<'_>) {
        for (key, value) in self {
            out.put_named(key.as_ref(), value.to_field());
        }
    }
}

#[diagnostic::do_not_recommend]
impl<K: AsRef<str>, V: ToField, S> HoneyFields for HashMap<K, V, S> {
    fn record(&self, out: &mut FieldSink<'_>) {
        for (key, value) in self {
            out.put_named(key.as_ref(), value.to_field());
        }
    }
}

#[diagnostic::do_not_recommend]
impl<K: AsRef<str>, V: ToField> HoneyFields for [(K, V)] {
    fn record(&self, out: &mut FieldSink<'_>) {
        for (key, value) in self {
            out.put_named(key.as_ref(), value.to_field());
        }
    }
}

#[diagnostic::do_not_recommend]
impl<K: AsRef<str>, V: ToField, const N: usize> HoneyFields for [(K, V); N] {
    fn record(&self, out: &mut FieldSink<'_>) {
        self.as_slice().record(out);
    }
}

#[diagnostic::do_not_recommend]
impl<K: AsRef<str>, V: ToField> HoneyFields for Vec<(K, V)> {
    fn record(&self, out: &mut FieldSink<'_>) {
        self.as_slice().record(out);
    }
}
