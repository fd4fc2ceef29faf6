//! A single field whose name only the compiler knows.

use crate::fields::{FieldSink, HoneyFields};
use crate::value::Value;

/// `{CONST} = expr` behind a prefix.
pub struct OneField<'a>(pub &'static str, pub Value<'a>);

impl HoneyFields for OneField<'_> {
    fn record(&self, out: &mut FieldSink<'_>) {
        let Self(name, value) = self;
        out.put(name, *value);
    }
}
