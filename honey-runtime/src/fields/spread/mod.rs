//! `add_json`: a serialized value spread over fields, without anything built in between.

mod object;

use std::fmt;

use serde::ser::{Serialize, Serializer};

use super::FieldSink;
use crate::value::{MAX_DEPTH, NOT_JSON, Token, Value};
use object::{JsonField, Members, Object};

/// The field of a value that is no object.
const WHOLE_VALUE: &str = "value";

/// Spreads `value` over fields: an object's members, nested objects joined with `.` up to `levels` levels, arrays and what is
/// deeper as JSON; anything else under `value`. What cannot be serialized costs its own field.
pub(crate) fn put_json(out: &mut FieldSink<'_>, value: &(impl Serialize + ?Sized), levels: usize) {
    let mut path = String::new();
    let spread = Spread {
        out: &mut *out,
        path: &mut path,
        is_member: false,
        levels: levels.min(MAX_DEPTH),
    };
    if value.serialize(spread).is_err() {
        out.count_bad_value();
        out.put(WHOLE_VALUE, Value::Str(NOT_JSON));
    }
}

/// One value, at the path that its field would have.
struct Spread<'s, 'b> {
    out: &'s mut FieldSink<'b>,
    path: &'s mut String,
    /// Whether the path names it: it is no whole value.
    is_member: bool,
    levels: usize,
}

impl<'s, 'b> Spread<'s, 'b> {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "what all methods of a serializer return"
    )]
    fn leaf(self, value: Value<'_>) -> fmt::Result {
        let key = if self.is_member {
            self.path
        } else {
            WHOLE_VALUE
        };
        self.out.put_named(key, value);
        Ok(())
    }

    /// An object whose members become fields, or one that stays JSON.
    fn object(self) -> Result<Object<'s, 'b>, fmt::Error> {
        if self.levels == 0 {
            return self.json("{", "}").map(Object::Json);
        }
        if self.is_member {
            self.path.push('.');
        }
        Ok(Object::Members(Members {
            base: self.path.len(),
            levels: self.levels - 1,
            has_key: false,
            out: self.out,
            path: self.path,
        }))
    }

    /// The value of an object's only member: what serde makes of an enum's variant.
    fn inside(self, variant: &str) -> Self {
        if self.is_member {
            self.path.push('.');
        }
        self.path.push_str(variant);
        Self {
            is_member: true,
            levels: self.levels - 1,
            ..self
        }
    }

    /// One field of JSON that is written piece by piece.
    fn json(self, open: &str, close: &'static str) -> Result<JsonField<'s>, fmt::Error> {
        let key = if self.is_member {
            self.path
        } else {
            WHOLE_VALUE
        };
        let (key, mut writer) = self.out.begin_json(key)?;
        let open = writer.open(open, close)?;
        Ok(JsonField { key, writer, open })
    }

    /// The same for a variant that is too deep to be a name.
    fn json_variant(
        self,
        variant: &str,
        open: &str,
        close: &'static str,
    ) -> Result<JsonField<'s>, fmt::Error> {
        let key = if self.is_member {
            self.path
        } else {
            WHOLE_VALUE
        };
        let (key, mut writer) = self.out.begin_json(key)?;
        writer.open_variant(variant)?;
        let open = writer.open(open, close)?;
        Ok(JsonField { key, writer, open })
    }
}

macro_rules! leaves {
    ($($method:ident($type:ty) => $value:expr;)+) => {$(
        fn $method(self, value: $type) -> fmt::Result {
            self.leaf($value(value.into()))
        }
    )+};
}

impl<'s, 'b> Serializer for Spread<'s, 'b> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = JsonField<'s>;
    type SerializeTuple = JsonField<'s>;
    type SerializeTupleStruct = JsonField<'s>;
    type SerializeTupleVariant = JsonField<'s>;
    type SerializeMap = Object<'s, 'b>;
    type SerializeStruct = Object<'s, 'b>;
    type SerializeStructVariant = Object<'s, 'b>;

    leaves! {
        serialize_bool(bool) => Value::Bool;
        serialize_i8(i8) => Value::I64;
        serialize_i16(i16) => Value::I64;
        serialize_i32(i32) => Value::I64;
        serialize_i64(i64) => Value::I64;
        serialize_i128(i128) => Value::I128;
        serialize_u8(u8) => Value::U64;
        serialize_u16(u16) => Value::U64;
        serialize_u32(u32) => Value::U64;
        serialize_u64(u64) => Value::U64;
        serialize_u128(u128) => Value::U128;
        serialize_f32(f32) => Value::F32;
        serialize_f64(f64) => Value::F64;
        serialize_str(&str) => Value::Str;
    }

    fn serialize_char(self, value: char) -> fmt::Result {
        self.leaf(Value::Str(value.encode_utf8(&mut [0; 4])))
    }

    fn serialize_bytes(self, value: &[u8]) -> fmt::Result {
        self.leaf(Value::Json(&value))
    }

    fn serialize_none(self) -> fmt::Result {
        self.leaf(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> fmt::Result {
        self.leaf(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> fmt::Result {
        self.leaf(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> fmt::Result {
        self.leaf(Value::Str(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> fmt::Result {
        let mut object = self.object()?;
        object.member(variant, value)?;
        object.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<JsonField<'s>, fmt::Error> {
        self.json("[", "]")
    }

    fn serialize_tuple(self, _: usize) -> Result<JsonField<'s>, fmt::Error> {
        self.json("[", "]")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<JsonField<'s>, fmt::Error> {
        self.json("[", "]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<JsonField<'s>, fmt::Error> {
        if self.levels == 0 {
            return self.json_variant(variant, "[", "]}");
        }
        self.inside(variant).json("[", "]")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'s, 'b>, fmt::Error> {
        self.object()
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Object<'s, 'b>, fmt::Error> {
        match Token::of(name) {
            Some(token) => Ok(Object::Token(Some(self), token)),
            None => self.object(),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'s, 'b>, fmt::Error> {
        if self.levels == 0 {
            return self.json_variant(variant, "{", "}}").map(Object::Json);
        }
        self.inside(variant).object()
    }
}

#[cfg(test)]
mod tests;
