//! Objects and arrays while they are written.

use std::fmt;

use serde::ser::{Serialize, SerializeMap};

use super::{Embedded, JsonWriter, Token, repeated};
use crate::record::FieldBuffer;
use crate::value::Trouble;

/// An object or array that is open.
pub(crate) struct Open {
    is_empty: bool,
    close: &'static str,
    /// Where what is inside begins.
    inside: usize,
    /// A bit for each key so far.
    marks: u64,
    /// Two keys had the same bit.
    may_repeat: bool,
    /// Where the member began whose key was written last; `None` when the key was none.
    key_at: Option<usize>,
    token: Option<Token>,
}

/// See [`Open`]; with its writer.
pub struct Compound<'w, 'a> {
    pub(super) writer: &'w mut JsonWriter<'a>,
    pub(super) open: Open,
}

impl Open {
    pub(super) fn new(close: &'static str, inside: usize) -> Self {
        Self {
            is_empty: true,
            close,
            inside,
            marks: 0,
            may_repeat: false,
            key_at: None,
            token: None,
        }
    }

    pub(super) fn token(token: Token) -> Self {
        Self {
            token: Some(token),
            ..Self::new("", 0)
        }
    }

    /// An array's next element: in its place, whatever it is.
    pub(crate) fn element<T: Serialize + ?Sized>(
        &mut self,
        writer: &mut JsonWriter<'_>,
        value: &T,
    ) -> fmt::Result {
        self.separate(writer)?;
        let start = writer.buffer.text_len();
        value.serialize(&mut *writer)?;
        if writer.buffer.text_len() == start {
            writer.raw("null")?;
        }
        self.is_empty = false;
        Ok(())
    }

    /// An object's member, but for one whose value is left out.
    pub(crate) fn member<T: Serialize + ?Sized>(
        &mut self,
        writer: &mut JsonWriter<'_>,
        key: &str,
        value: &T,
    ) -> fmt::Result {
        if let Some(token) = self.token {
            return match token.read(value)? {
                Embedded::Number(number) => writer.number(&number),
                Embedded::Raw(read) => read.serialize(writer),
            };
        }
        self.key(writer, key)?;
        self.value(writer, value)
    }

    pub(crate) fn key<K: Serialize + ?Sized>(
        &mut self,
        writer: &mut JsonWriter<'_>,
        key: &K,
    ) -> fmt::Result {
        let start = writer.buffer.text_len();
        self.separate(writer)?;
        let key_at = writer.buffer.text_len();
        if write_key(writer, key)? {
            self.key_at = Some(start);
            let mark = repeated::mark(writer.buffer.text_from(key_at));
            self.may_repeat |= self.marks & mark != 0;
            self.marks |= mark;
            return writer.raw(":");
        }
        self.key_at = None;
        writer.buffer.truncate_text(start);
        writer.trouble.bad_values += 1;
        Ok(())
    }

    pub(crate) fn value<T: Serialize + ?Sized>(
        &mut self,
        writer: &mut JsonWriter<'_>,
        value: &T,
    ) -> fmt::Result {
        let Some(member_at) = self.key_at.take() else {
            return Ok(());
        };
        let start = writer.buffer.text_len();
        value.serialize(&mut *writer)?;
        if writer.buffer.text_len() == start {
            writer.buffer.truncate_text(member_at);
        } else {
            self.is_empty = false;
        }
        Ok(())
    }

    pub(crate) fn close(self, writer: &mut JsonWriter<'_>) -> fmt::Result {
        if self.may_repeat {
            repeated::keep_last(writer.buffer, self.inside)?;
        }
        // A level for each bracket.
        writer.depth = writer.depth.saturating_sub(self.close.len());
        writer.raw(self.close)
    }

    fn separate(&self, writer: &mut JsonWriter<'_>) -> fmt::Result {
        if self.is_empty {
            Ok(())
        } else {
            writer.raw(",")
        }
    }
}

/// Writes a key: a string as it is, a number or bool as a string. False: it is none of these, and something was written.
fn write_key<K: Serialize + ?Sized>(
    writer: &mut JsonWriter<'_>,
    key: &K,
) -> Result<bool, fmt::Error> {
    let start = writer.buffer.text_len();
    key.serialize(&mut *writer)?;
    let written = writer.buffer.text_from(start);
    match written.as_bytes().first() {
        Some(b'"') => Ok(true),
        Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
            let quoted = format!("\"{written}\"");
            writer.buffer.truncate_text(start);
            writer.raw(&quoted)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// A key's text; `None` when it is none.
pub(crate) fn key_text<K: Serialize + ?Sized>(key: &K) -> Option<String> {
    let (mut buffer, mut trouble) = (FieldBuffer::new(), Trouble::default());
    let mut writer = JsonWriter::new(&mut buffer, &mut trouble);
    let is_text = write_key(&mut writer, key).ok()?;
    is_text.then(|| serde_json::from_str(buffer.all_text()).ok())?
}

/// Implements the array traits of serde for a type with `element` and `close`, the struct ones for a type with `member` and `close`.
macro_rules! serialize_parts {
    ($arrays:ty, $structs:ty) => {
        $crate::value::serialize_parts!(@arrays $arrays;
            SerializeSeq::serialize_element
            SerializeTuple::serialize_element
            SerializeTupleStruct::serialize_field
            SerializeTupleVariant::serialize_field
        );
        $crate::value::serialize_parts!(@structs $structs; SerializeStruct SerializeStructVariant);
    };
    (@arrays $type:ty; $($trait:ident::$method:ident)+) => {$(
        impl serde::ser::$trait for $type {
            type Ok = ();
            type Error = std::fmt::Error;

            fn $method<T: serde::Serialize + ?Sized>(&mut self, value: &T) -> std::fmt::Result {
                self.element(value)
            }

            fn end(self) -> std::fmt::Result {
                self.close()
            }
        }
    )+};
    (@structs $type:ty; $($trait:ident)+) => {$(
        impl serde::ser::$trait for $type {
            type Ok = ();
            type Error = std::fmt::Error;

            fn serialize_field<T: serde::Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> std::fmt::Result {
                self.member(key, value)
            }

            fn end(self) -> std::fmt::Result {
                self.close()
            }
        }
    )+};
}
pub(crate) use serialize_parts;

impl Compound<'_, '_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.open.element(self.writer, value)
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> fmt::Result {
        self.open.member(self.writer, key, value)
    }

    fn close(self) -> fmt::Result {
        self.open.close(self.writer)
    }
}

serialize_parts!(Compound<'_, '_>, Compound<'_, '_>);

impl SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        self.open.key(self.writer, key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.open.value(self.writer, value)
    }

    fn end(self) -> fmt::Result {
        self.close()
    }
}
