//! Objects and arrays while they are recorded.

use std::fmt;

use serde::ser::{Serialize, SerializeMap};

use super::super::FieldSink;
use super::Spread;
use crate::record::KeyRef;
use crate::value::{self, Embedded, JsonWriter, NOT_JSON, Open, Token, Value};

/// An object, in one of the ways it may be recorded.
pub(super) enum Object<'s, 'b> {
    Members(Members<'s, 'b>),
    Json(JsonField<'s>),
    /// It stands for something else; empty once that was recorded.
    Token(Option<Spread<'s, 'b>>, Token),
}

/// An object whose members become fields.
pub(super) struct Members<'s, 'b> {
    pub(super) out: &'s mut FieldSink<'b>,
    pub(super) path: &'s mut String,
    /// How much of the path comes before a member's own name.
    pub(super) base: usize,
    pub(super) levels: usize,
    pub(super) has_key: bool,
}

/// An object or array that becomes one field of JSON.
pub(super) struct JsonField<'s> {
    pub(super) key: KeyRef,
    pub(super) writer: JsonWriter<'s>,
    pub(super) open: Open,
}

impl Members<'_, '_> {
    /// A member that cannot be serialized costs its own field only.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        let named = self.path.len();
        let spread = Spread {
            out: &mut *self.out,
            path: &mut *self.path,
            is_member: true,
            levels: self.levels,
        };
        if value.serialize(spread).is_err() {
            self.out.count_bad_value();
            self.path.truncate(named);
            self.out.put_named(self.path, Value::Str(NOT_JSON));
        }
        self.path.truncate(self.base);
    }

    fn key<K: Serialize + ?Sized>(&mut self, key: &K) {
        self.path.truncate(self.base);
        let text = value::key_text(key);
        self.has_key = text.is_some();
        if let Some(text) = text {
            self.path.push_str(&text);
        } else {
            self.out.count_bad_value();
        }
    }
}

impl Object<'_, '_> {
    pub(super) fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> fmt::Result {
        match self {
            Object::Members(members) => {
                members.path.push_str(key);
                members.value(value);
                Ok(())
            }
            Object::Json(field) => field.open.member(&mut field.writer, key, value),
            Object::Token(spread, token) => {
                let Some(spread) = spread.take() else {
                    return Ok(());
                };
                match token.read(value)? {
                    Embedded::Number(number) => spread.leaf(number.as_value()),
                    Embedded::Raw(read) => read.serialize(spread),
                }
            }
        }
    }

    pub(super) fn close(self) -> fmt::Result {
        match self {
            Object::Json(field) => field.close(),
            Object::Members(_) | Object::Token(..) => Ok(()),
        }
    }
}

impl JsonField<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.open.element(&mut self.writer, value)
    }

    fn close(mut self) -> fmt::Result {
        self.open.close(&mut self.writer)?;
        self.writer.record(self.key);
        Ok(())
    }
}

value::serialize_parts!(JsonField<'_>, Object<'_, '_>);

impl SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        match self {
            Object::Members(members) => members.key(key),
            Object::Json(field) => field.open.key(&mut field.writer, key)?,
            Object::Token(..) => {}
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        match self {
            Object::Members(members) if members.has_key => members.value(value),
            Object::Json(field) => field.open.value(&mut field.writer, value)?,
            Object::Members(_) | Object::Token(..) => {}
        }
        Ok(())
    }

    fn end(self) -> fmt::Result {
        self.close()
    }
}
