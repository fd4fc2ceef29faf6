//! The fields of one open event or scope: records and their text.

use super::field::{Field, KeyRef, Scalar, Span};

/// Text an event may hold before further text is refused: far above what a server takes, far below what hurts the host.
pub(crate) const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Fields an event may hold, duplicates included. Servers take 2,000 distinct ones.
pub(crate) const MAX_FIELDS: usize = 8_192;

/// Fields in the order they were added, with one arena for their text.
#[derive(Debug, Default, Clone)]
pub(crate) struct FieldBuffer {
    fields: Vec<Field>,
    text: String,
}

/// A read-only look at the fields of one event or scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldsView<'a> {
    pub(crate) fields: &'a [Field],
    pub(crate) text: &'a str,
}

impl FieldBuffer {
    pub(crate) const fn new() -> Self {
        Self {
            fields: Vec::new(),
            text: String::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.fields.clear();
        self.text.clear();
    }

    /// Bytes held, used or not: what a pool looks at before it keeps a buffer.
    pub(crate) fn capacity_bytes(&self) -> usize {
        self.fields.capacity() * size_of::<Field>() + self.text.capacity()
    }

    /// Bytes used.
    pub(crate) fn used_bytes(&self) -> usize {
        size_of_val(self.fields.as_slice()) + self.text.len()
    }

    /// Copies `text` into the arena; `None` when the arena is full.
    pub(crate) fn store(&mut self, text: &str) -> Option<Span> {
        let start = self.text.len();
        if start + text.len() > MAX_TEXT_BYTES {
            return None;
        }
        self.text.push_str(text);
        Some(Span {
            start: u32::try_from(start).ok()?,
            len: u32::try_from(text.len()).ok()?,
        })
    }

    /// Adds a field whose text, if any, is in this arena already. False when the buffer is full.
    #[inline]
    pub(crate) fn push(&mut self, key: KeyRef, value: Scalar) -> bool {
        if self.fields.len() >= MAX_FIELDS {
            return false;
        }
        self.fields.push(Field { key, value });
        true
    }

    /// Appends all fields of `other`. False when some did not fit.
    pub(crate) fn append(&mut self, other: FieldsView<'_>) -> bool {
        let mut whole = true;
        for field in other.fields {
            let key = match field.key {
                KeyRef::Static(_) => Some(field.key),
                KeyRef::Text(span) => self.store(span.of(other.text)).map(KeyRef::Text),
            };
            let value = match field.value {
                Scalar::Text(span) => self.store(span.of(other.text)).map(Scalar::Text),
                Scalar::Json(span) => self.store(span.of(other.text)).map(Scalar::Json),
                plain => Some(plain),
            };
            whole &= match (key, value) {
                (Some(key), Some(value)) => self.push(key, value),
                _ => false,
            };
        }
        whole
    }

    /// The value last given to `key`, to be changed in place.
    pub(crate) fn last_mut(&mut self, key: &str) -> Option<&mut Scalar> {
        let text = self.text.as_str();
        self.fields
            .iter_mut()
            .rev()
            .find(|field| field.key.of(text) == key)
            .map(|field| &mut field.value)
    }

    pub(crate) fn view(&self) -> FieldsView<'_> {
        FieldsView {
            fields: &self.fields,
            text: &self.text,
        }
    }
}
