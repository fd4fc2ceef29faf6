//! What the derives call.

use crate::fields::FieldSink;
use crate::value::{Hashed, Value};

/// What `redact` alone records.
#[inline]
pub fn redacted<T: ?Sized>(_value: &T) -> Value<'static> {
    Value::Str("[redacted]")
}

/// An `Option`, for `null`.
#[diagnostic::on_unimplemented(
    message = "`null` needs an `Option` field",
    label = "not an `Option`: `{Self}`"
)]
pub trait IsOption {
    /// What is inside a `Some`.
    type Some;

    /// The value itself, with its type known.
    fn as_option(&self) -> Option<&Self::Some>;
}

#[diagnostic::do_not_recommend]
impl<T> IsOption for Option<T> {
    type Some = T;

    #[inline]
    fn as_option(&self) -> Option<&T> {
        self.as_ref()
    }
}

/// Records a keyed hash instead of the value; nothing when there is none.
pub fn put_hashed(key: &'static str, value: Value<'_>, sink: &mut FieldSink<'_>) {
    if !matches!(value, Value::None) {
        sink.put(key, Value::Display(&Hashed(value)));
    }
}
