//! Many fields at once: the trait that `#[derive(HoneyFields)]` implements, and where its fields go.

mod impls;
mod spread;

pub(crate) use spread::put_json;

use std::borrow::Cow;

use crate::record::{FieldBuffer, KeyRef, Span};
use crate::value::{self, JsonWriter, Key, Trouble, Value};

/// Something that is several fields: a struct with `#[derive(HoneyFields)]`, a map, a list of pairs such as
/// `[("cart.items", 3)]`, an `Option` of these.
///
/// ```
/// use honey::{FieldSink, HoneyFields, ToField};
///
/// struct Cart { items: u64, total: f64 }
///
/// impl HoneyFields for Cart {
///     fn record(&self, out: &mut FieldSink<'_>) {
///         out.put("cart.items", self.items.to_field());
///         out.put("cart.total_usd", self.total.to_field());
///     }
/// }
///
/// honey::current().add(&Cart { items: 3, total: 9.5 });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `HoneyFields`; add `#[derive(HoneyFields)]`",
    label = "not a set of fields"
)]
pub trait HoneyFields {
    /// Puts each field into `out`.
    fn record(&self, out: &mut FieldSink<'_>);
}

/// Where fields are put. Later values of a key replace earlier ones when the event is sent.
///
/// ```
/// use honey::{FieldSink, HoneyFields, ToField};
///
/// struct Page(Vec<u32>);
///
/// impl HoneyFields for Page {
///     fn record(&self, out: &mut FieldSink<'_>) {
///         out.put("page.rows", self.0.len().to_field());
///         out.prefixed("page.", |out| out.put_named("first", self.0.first().to_field()));
///     }
/// }
///
/// honey::current().add(&Page(vec![7]));
/// ```
pub struct FieldSink<'a> {
    buffer: &'a mut FieldBuffer,
    trouble: &'a mut Trouble,
    prefix: Prefix<'a>,
}

/// Prefixes around prefixes, without joining them until a key is written.
#[derive(Clone, Copy)]
enum Prefix<'a> {
    None,
    Inner(&'a str, &'a Prefix<'a>),
}

impl<'a> FieldSink<'a> {
    /// `buffer` must be one that user code cannot reach by any other way.
    pub(crate) fn new(buffer: &'a mut FieldBuffer, trouble: &'a mut Trouble) -> Self {
        Self {
            buffer,
            trouble,
            prefix: Prefix::None,
        }
    }

    /// Adds one field; [`Value::None`] adds nothing.
    #[inline]
    pub fn put(&mut self, key: &'static str, value: Value<'_>) {
        match self.prefix {
            Prefix::None => value::put(self.buffer, KeyRef::Static(key), value, self.trouble),
            Prefix::Inner(..) => self.put_named(key, value),
        }
    }

    /// Adds one field whose name is made at run time; the name is copied.
    pub fn put_named(&mut self, key: &str, value: Value<'_>) {
        if matches!(value, Value::None) {
            return;
        }
        let (whole, span) = self.buffer.write(|out| {
            self.prefix
                .write(out)
                .and_then(|()| std::fmt::Write::write_str(out, key))
        });
        self.put_stored(whole.is_ok(), span, value);
    }

    /// Adds one field by a key of either kind.
    pub(crate) fn put_key(&mut self, key: &Key, value: Value<'_>) {
        match &key.0 {
            Cow::Borrowed(name) => self.put(name, value),
            Cow::Owned(name) => self.put_named(name, value),
        }
    }

    /// Lets `record` put fields whose names all begin with `prefix`, after the prefixes already in force.
    pub fn prefixed(&mut self, prefix: &str, record: impl FnOnce(&mut FieldSink<'_>)) {
        let outer = self.prefix;
        record(&mut FieldSink {
            buffer: self.buffer,
            trouble: self.trouble,
            prefix: Prefix::Inner(prefix, &outer),
        });
    }

    fn put_stored(&mut self, whole: bool, key: Span, value: Value<'_>) {
        if whole {
            value::put(self.buffer, KeyRef::Text(key), value, self.trouble);
        } else {
            self.trouble.refused_fields += 1;
        }
    }

    /// Adds fields that were recorded before; prefixes do not reach them.
    pub(crate) fn append(&mut self, recorded: &FieldBuffer) {
        if !self.buffer.append(recorded.view()) {
            self.trouble.refused_fields += 1;
        }
    }

    pub(crate) fn count(&mut self, trouble: Trouble) {
        self.trouble.add(trouble);
    }

    /// Begins a field whose JSON is written piece by piece.
    pub(crate) fn begin_json(
        &mut self,
        key: &str,
    ) -> Result<(KeyRef, JsonWriter<'_>), std::fmt::Error> {
        let (whole, span) = self.buffer.write(|out| {
            self.prefix.write(out)?;
            std::fmt::Write::write_str(out, key)
        });
        whole?;
        Ok((
            KeyRef::Text(span),
            JsonWriter::new(self.buffer, self.trouble),
        ))
    }

    pub(crate) fn count_bad_value(&mut self) {
        self.trouble.bad_values += 1;
    }
}

impl Prefix<'_> {
    fn write(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self {
            Prefix::None => Ok(()),
            Prefix::Inner(text, outer) => {
                outer.write(out)?;
                out.write_str(text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_nest_outermost_first() {
        let mut buffer = FieldBuffer::new();
        let mut trouble = Trouble::default();
        let mut sink = FieldSink::new(&mut buffer, &mut trouble);
        sink.prefixed("order.", |sink| {
            sink.prefixed("customer.", |sink| sink.put("id", Value::U64(7)));
            sink.put("total", Value::F64(f64::NAN));
        });
        sink.put("plain", Value::None);
        let view = buffer.view();
        let keys: Vec<&str> = view
            .fields
            .iter()
            .map(|field| field.key.of(view.text))
            .collect();
        assert_eq!(keys, ["order.customer.id"]);
        assert_eq!(
            trouble,
            Trouble {
                bad_values: 1,
                ..Trouble::default()
            }
        );
    }
}
