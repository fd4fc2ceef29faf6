//! Values as JSON by `Serialize`, written straight into a buffer's text: integers to their full width, never a NaN.
//!
//! A value that JSON cannot say (NaN, an infinity) writes nothing: its member is left out, its element becomes `null`, and it is
//! counted. An object names each key once: the last value wins.

mod compound;
mod private;
mod repeated;

use std::fmt;

use serde::ser::{Serialize, Serializer};

use super::{Trouble, Value};
use crate::record::{FieldBuffer, KeyRef, Scalar, Span};
use compound::Compound;
pub(crate) use compound::{Open, key_text, serialize_parts};
pub(crate) use private::{Embedded, Token};

/// Levels of objects and arrays in one value. A request puts three more around it (`[{"data":{…`), and many servers refuse a body
/// of 128, with all events in it; deeper values could also exhaust the stack of the thread that records them.
pub(crate) const MAX_DEPTH: usize = 100;

/// A `Serialize` value behind a pointer; implemented for all of them.
pub trait ToJson {
    /// Writes the value as JSON.
    ///
    /// # Errors
    /// When the value's `Serialize` fails, or the event has no room for the text.
    fn write_json(&self, out: &mut JsonWriter<'_>) -> fmt::Result;
}

impl<T: Serialize + ?Sized> ToJson for T {
    fn write_json(&self, out: &mut JsonWriter<'_>) -> fmt::Result {
        self.serialize(out)
    }
}

/// Where [`ToJson`] writes. Made by honey alone.
pub struct JsonWriter<'a> {
    pub(super) buffer: &'a mut FieldBuffer,
    trouble: &'a mut Trouble,
    start: usize,
    depth: usize,
}

impl<'a> JsonWriter<'a> {
    /// A writer at the end of `buffer`'s text.
    pub(crate) fn new(buffer: &'a mut FieldBuffer, trouble: &'a mut Trouble) -> Self {
        let start = buffer.text_len();
        Self {
            buffer,
            trouble,
            start,
            depth: 0,
        }
    }

    /// What was written; `None` when it was left out.
    pub(crate) fn written(&self) -> Option<Span> {
        let span = self.buffer.span_from(self.start);
        (span.len > 0).then_some(span)
    }

    /// Makes a field of what was written.
    pub(crate) fn record(self, key: KeyRef) {
        if let Some(written) = self.written() {
            super::store::push(self.buffer, key, Some(Scalar::Json(written)), self.trouble);
        }
    }

    pub(crate) fn raw(&mut self, text: &str) -> fmt::Result {
        self.buffer.append_text(text)
    }

    fn string(&mut self, text: &str) -> fmt::Result {
        let (written, _) = self.buffer.write(|out| serde_json::to_writer(out, text));
        written.map_err(|_| fmt::Error)
    }

    fn float(&mut self, shortest: Option<&str>) -> fmt::Result {
        if let Some(digits) = shortest {
            return self.raw(digits);
        }
        self.trouble.bad_values += 1;
        Ok(())
    }

    /// 128 bits are more than servers take as a number.
    fn wide(&mut self, fits: bool, digits: &str) -> fmt::Result {
        if fits {
            self.raw(digits)
        } else {
            self.string(digits)
        }
    }

    fn number(&mut self, number: &private::Number) -> fmt::Result {
        match number.as_value() {
            Value::Str(digits) => self.string(digits),
            _ => self.raw(number.digits()),
        }
    }

    /// Begins an object or array.
    pub(crate) fn open(&mut self, open: &str, close: &'static str) -> Result<Open, fmt::Error> {
        self.descend()?;
        self.raw(open)?;
        Ok(Open::new(close, self.buffer.text_len()))
    }

    fn descend(&mut self) -> fmt::Result {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(fmt::Error);
        }
        Ok(())
    }

    /// `{"variant":`
    pub(crate) fn open_variant(&mut self, variant: &str) -> fmt::Result {
        self.descend()?;
        self.raw("{")?;
        self.string(variant)?;
        self.raw(":")
    }
}

impl fmt::Debug for JsonWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonWriter").finish_non_exhaustive()
    }
}

macro_rules! integers {
    ($($method:ident($type:ty))+) => {$(
        fn $method(self, value: $type) -> fmt::Result {
            self.raw(itoa::Buffer::new().format(value))
        }
    )+};
}

impl<'w, 'a> Serializer for &'w mut JsonWriter<'a> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Compound<'w, 'a>;
    type SerializeTuple = Compound<'w, 'a>;
    type SerializeTupleStruct = Compound<'w, 'a>;
    type SerializeTupleVariant = Compound<'w, 'a>;
    type SerializeMap = Compound<'w, 'a>;
    type SerializeStruct = Compound<'w, 'a>;
    type SerializeStructVariant = Compound<'w, 'a>;

    integers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_i128(self, value: i128) -> fmt::Result {
        let fits = i64::try_from(value).is_ok() || u64::try_from(value).is_ok();
        self.wide(fits, itoa::Buffer::new().format(value))
    }

    fn serialize_u128(self, value: u128) -> fmt::Result {
        let fits = u64::try_from(value).is_ok();
        self.wide(fits, itoa::Buffer::new().format(value))
    }

    fn serialize_bool(self, value: bool) -> fmt::Result {
        self.raw(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> fmt::Result {
        let mut digits = zmij::Buffer::new();
        self.float(value.is_finite().then(|| digits.format_finite(value)))
    }

    fn serialize_f64(self, value: f64) -> fmt::Result {
        let mut digits = zmij::Buffer::new();
        self.float(value.is_finite().then(|| digits.format_finite(value)))
    }

    fn serialize_char(self, value: char) -> fmt::Result {
        self.string(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> fmt::Result {
        self.string(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_none(self) -> fmt::Result {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> fmt::Result {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> fmt::Result {
        self.raw("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> fmt::Result {
        self.string(variant)
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
        let mut open = self.open("{", "}")?;
        open.member(self, variant, value)?;
        open.close(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'w, 'a>, fmt::Error> {
        let open = self.open("[", "]")?;
        Ok(Compound { writer: self, open })
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'w, 'a>, fmt::Error> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Compound<'w, 'a>, fmt::Error> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w, 'a>, fmt::Error> {
        self.open_variant(variant)?;
        let open = self.open("[", "]}")?;
        Ok(Compound { writer: self, open })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'w, 'a>, fmt::Error> {
        let open = self.open("{", "}")?;
        Ok(Compound { writer: self, open })
    }

    fn serialize_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Compound<'w, 'a>, fmt::Error> {
        if let Some(token) = Token::of(name) {
            let open = Open::token(token);
            return Ok(Compound { writer: self, open });
        }
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w, 'a>, fmt::Error> {
        self.open_variant(variant)?;
        let open = self.open("{", "}}")?;
        Ok(Compound { writer: self, open })
    }
}

#[cfg(test)]
mod tests;
