//! What `serde_json` passes through other serializers under a name of its own: numbers of any length (its feature
//! `arbitrary_precision`, which any crate of a program may switch on) and JSON that is text already (`RawValue`).

use std::fmt;

use serde::ser::Serialize;

use super::JsonWriter;
use crate::record::FieldBuffer;
use crate::value::{Trouble, Value};

/// A struct that stands for something else.
#[derive(Clone, Copy)]
pub(crate) enum Token {
    Number,
    Raw,
}

/// What it stands for.
pub(crate) enum Embedded {
    Number(Number),
    Raw(serde_json::Value),
}

/// A number's digits, as they were written.
pub(crate) struct Number(String);

impl Token {
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "$serde_json::private::Number" => Some(Self::Number),
            "$serde_json::private::RawValue" => Some(Self::Raw),
            _ => None,
        }
    }

    /// Reads the struct's only field. Raw JSON is read too, so that it is one line, and its values are looked at like others.
    pub(crate) fn read<T: Serialize + ?Sized>(self, value: &T) -> Result<Embedded, fmt::Error> {
        let (mut buffer, mut trouble) = (FieldBuffer::new(), Trouble::default());
        value.serialize(&mut JsonWriter::new(&mut buffer, &mut trouble))?;
        let text: String = serde_json::from_str(buffer.all_text()).map_err(|_| fmt::Error)?;
        match self {
            Self::Number => Ok(Embedded::Number(Number(text))),
            Self::Raw => serde_json::from_str(&text)
                .map(Embedded::Raw)
                .map_err(|_| fmt::Error),
        }
    }
}

impl Number {
    pub(super) fn digits(&self) -> &str {
        &self.0
    }

    /// As what servers can keep: 64 bits, a float, or a string.
    pub(crate) fn as_value(&self) -> Value<'_> {
        let Self(digits) = self;
        let integer = || {
            let signed = digits.parse().map(Value::I64);
            signed.or_else(|_| digits.parse().map(Value::U64)).ok()
        };
        let float = || {
            let is_float = digits.contains(['.', 'e', 'E']);
            let parsed = digits.parse().ok().filter(|value: &f64| value.is_finite());
            parsed.filter(|_| is_float).map(Value::F64)
        };
        integer().or_else(float).unwrap_or(Value::Str(digits))
    }
}
