//! What a dynamic field's function may return.

use crate::fields::FieldSink;
use crate::value::ToField;

/// A value, an `Option` of one, or a `Result` of one: `None` and `Err` leave the field out, and an `Err` is counted.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a dynamic field",
    label = "return a number, text, or an `Option` or `Result` of these; for several fields derive `HoneyFields` and write `#[honey::dynamic_field(fields)]`"
)]
pub trait DynamicValue {
    /// Puts the value, if there is one.
    fn record_as(&self, name: &'static str, sink: &mut FieldSink<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: ToField> DynamicValue for T {
    fn record_as(&self, name: &'static str, sink: &mut FieldSink<'_>) {
        sink.put(name, self.to_field());
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToField, E> DynamicValue for Result<T, E> {
    fn record_as(&self, name: &'static str, sink: &mut FieldSink<'_>) {
        match self {
            Ok(value) => sink.put(name, value.to_field()),
            Err(_) => sink.count_bad_value(),
        }
    }
}
