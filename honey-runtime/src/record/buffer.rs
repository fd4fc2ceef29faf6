//! The fields of one open event or scope: records and their text.

use std::collections::HashSet;
use std::{fmt, io};

use super::field::{Field, KeyRef, Scalar, Span};

/// Text an event may hold before further text is refused: far above what a server takes, far below what hurts the host.
pub(crate) const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Fields an event may hold, duplicates included. Servers take 2,000 distinct ones.
pub(crate) const MAX_FIELDS: usize = 8_192;
/// What is kept of a text that does not fit: twice the longest string of the wire.
const MAX_STORED_BYTES: usize = 128 * 1024;

/// Room for so many is made with the first.
const FIRST_FIELDS: usize = 8;

/// Fields in the order they were added, with one arena for their text.
#[derive(Debug, Default, Clone)]
pub(crate) struct FieldBuffer {
    fields: Vec<Field>,
    text: String,
    /// Looking for replaced values again is not worth it before the buffer is empty: nearly all of it is in use.
    is_packed: bool,
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
            is_packed: false,
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
        self.is_packed = false;
    }

    /// Whether values that were replaced by later ones should make room: the buffer is full, or its text is half of what it may
    /// be, and the last time it helped.
    #[inline]
    pub(crate) fn wants_packing(&self) -> bool {
        (self.fields.len() >= MAX_FIELDS || self.text.len() > MAX_TEXT_BYTES / 2) && !self.is_packed
    }

    /// A copy without the values that later ones replaced.
    pub(crate) fn packed(&self) -> Self {
        let mut seen = HashSet::new();
        let newest_first = self.fields.iter().rev();
        let mut kept: Vec<Field> = newest_first
            .filter(|field| seen.insert(field.key.of(&self.text)))
            .copied()
            .collect();
        kept.reverse();
        let mut packed = Self::new();
        packed.append(FieldsView {
            fields: &kept,
            text: &self.text,
        });
        packed.is_packed =
            packed.fields.len() > MAX_FIELDS * 3 / 4 || packed.text.len() > MAX_TEXT_BYTES / 4;
        packed
    }

    /// Bytes held, used or not: what a pool looks at before it keeps a buffer.
    pub(crate) fn capacity_bytes(&self) -> usize {
        self.fields.capacity() * size_of::<Field>() + self.text.capacity()
    }

    /// Bytes used.
    pub(crate) fn used_bytes(&self) -> usize {
        size_of_val(self.fields.as_slice()) + self.text.len()
    }

    /// Copies `text` into the arena, the beginning of it when it is too long for that; `None` when the arena is full.
    #[inline]
    pub(crate) fn store(&mut self, text: &str) -> Option<Span> {
        let start = self.text.len();
        if start + text.len() > MAX_TEXT_BYTES {
            return self.store_beginning(text);
        }
        self.text.push_str(text);
        Some(Span {
            start: narrow(start),
            len: narrow(text.len()),
        })
    }

    /// More than any server takes of one string: the encoder cuts it further, and says so in the event.
    #[cold]
    fn store_beginning(&mut self, text: &str) -> Option<Span> {
        if text.len() <= MAX_STORED_BYTES {
            return None;
        }
        let end = (0..=MAX_STORED_BYTES)
            .rev()
            .find(|end| text.is_char_boundary(*end))?;
        self.store(text.get(..end)?)
    }

    /// Lets `write` append to the arena; returns what it says and what it wrote.
    pub(crate) fn write<T>(&mut self, write: impl FnOnce(&mut Arena<'_>) -> T) -> (T, Span) {
        let start = self.text.len();
        let result = write(&mut Arena(&mut self.text));
        (result, self.span_from(start))
    }

    /// Appends to the arena's last piece; an error when the arena is full.
    pub(crate) fn append_text(&mut self, text: &str) -> fmt::Result {
        fmt::Write::write_str(&mut Arena(&mut self.text), text)
    }

    /// Where the arena ends.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// What was written from `start` on.
    pub(crate) fn span_from(&self, start: usize) -> Span {
        Span {
            start: narrow(start),
            len: narrow(self.text.len() - start),
        }
    }

    /// The same as text.
    pub(crate) fn text_from(&self, start: usize) -> &str {
        self.text.get(start..).unwrap_or_default()
    }

    /// Takes back what was written from `start` on.
    pub(crate) fn truncate_text(&mut self, start: usize) {
        self.text.truncate(start);
    }

    /// Puts `text` in the place of the arena's last piece.
    pub(crate) fn replace(&mut self, last: Span, text: &str) -> Option<Span> {
        self.text.truncate(last.start as usize);
        self.store(text)
    }

    /// Whether [`Self::push`] will have to make room.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.fields.len() == self.fields.capacity()
    }

    /// Adds a field whose text, if any, is in this arena already. False when the buffer is full.
    #[inline]
    pub(crate) fn push(&mut self, key: KeyRef, value: Scalar) -> bool {
        // The limit is looked at when there is no room: room never goes beyond it.
        if self.is_full() && !self.make_room() {
            return false;
        }
        self.push_within(key, value);
        true
    }

    /// The same where there is room.
    #[inline]
    pub(crate) fn push_within(&mut self, key: KeyRef, value: Scalar) {
        self.fields.push(Field { key, value });
    }

    /// Whether a field with this text can be added as it is, far from all limits.
    #[inline]
    pub(crate) fn has_room_for(&self, text: &str) -> bool {
        text.len() <= self.text.capacity() - self.text.len()
            && self.text.capacity() <= MAX_TEXT_BYTES / 2
            && !self.is_full()
    }

    /// Adds it.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "both are far below 4 GiB, where there is room for the text"
    )]
    pub(crate) fn push_text_within(&mut self, key: &'static str, text: &str) {
        let start = self.text.len() as u32;
        let len = text.len() as u32;
        // First, for then it is known that there is room; the copy might have changed that, for all the compiler knows.
        self.push_within(KeyRef::Static(key), Scalar::Text(Span { start, len }));
        self.text.push_str(text);
    }

    /// Makes room for more fields; false: there are as many as there may be.
    #[cold]
    fn make_room(&mut self) -> bool {
        let len = self.fields.len();
        let more = len.max(FIRST_FIELDS).min(MAX_FIELDS.saturating_sub(len));
        self.fields.reserve_exact(more);
        more > 0
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

    /// Appends `newer`, and forgets the values that it replaces: for scopes, which live long and change often.
    pub(crate) fn replace_with(&mut self, newer: FieldsView<'_>) -> bool {
        let is_replaced = |key: &str| {
            newer
                .fields
                .iter()
                .any(|field| field.key.of(newer.text) == key)
        };
        if self
            .fields
            .iter()
            .any(|field| is_replaced(field.key.of(&self.text)))
        {
            let kept: Vec<Field> = self
                .fields
                .iter()
                .filter(|field| !is_replaced(field.key.of(&self.text)))
                .copied()
                .collect();
            let mut compact = Self::new();
            compact.append(FieldsView {
                fields: &kept,
                text: &self.text,
            });
            *self = compact;
        }
        self.append(newer)
    }

    /// Forgets all values of `key`; their text stays in the arena. False: there was none.
    pub(crate) fn remove(&mut self, key: &str) -> bool {
        let Self { fields, text, .. } = self;
        let before = fields.len();
        fields.retain(|field| field.key.of(text) != key);
        fields.len() < before
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

    /// The same for a key in two pieces.
    pub(crate) fn last_joined_mut(&mut self, start: &str, end: &str) -> Option<&mut Scalar> {
        let text = self.text.as_str();
        let is_it = |key: &str| {
            key.len() == start.len() + end.len() && key.starts_with(start) && key.ends_with(end)
        };
        self.fields
            .iter_mut()
            .rev()
            .find(|field| is_it(field.key.of(text)))
            .map(|field| &mut field.value)
    }

    /// Copies two pieces into the arena, as one.
    pub(crate) fn store_joined(&mut self, start: &str, end: &str) -> Option<Span> {
        let first = self.store(start)?;
        let second = self.store(end)?;
        Some(Span {
            start: first.start,
            len: first.len + second.len,
        })
    }

    /// The whole arena: the text itself, where nothing else was stored.
    pub(crate) fn all_text(&self) -> &str {
        &self.text
    }

    pub(crate) fn view(&self) -> FieldsView<'_> {
        FieldsView {
            fields: &self.fields,
            text: &self.text,
        }
    }
}

/// The end of an arena, to be written to by formatting code; refuses what would pass the limit.
pub(crate) struct Arena<'a>(&'a mut String);

impl fmt::Write for Arena<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > MAX_TEXT_BYTES {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// For `serde_json`, which writes whole pieces of UTF-8.
impl io::Write for Arena<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        fmt::Write::write_str(self, text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Arenas stay below `MAX_TEXT_BYTES`, so this never saturates.
#[inline]
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appended_fields_carry_their_text_along() {
        let mut from = FieldBuffer::new();
        let key = from.store("key").map(KeyRef::Text);
        let value = from.store("value").map(Scalar::Text);
        assert!(from.push(
            key.unwrap_or(KeyRef::Static("")),
            value.unwrap_or(Scalar::Null)
        ));
        let mut to = FieldBuffer::new();
        assert!(to.store("something before").is_some());
        assert!(to.append(from.view()));
        let view = to.view();
        let field = view.fields[0];
        assert_eq!(field.key.of(view.text), "key");
        assert!(matches!(field.value, Scalar::Text(span) if span.of(view.text) == "value"));
    }

    #[test]
    fn a_scope_field_set_again_and_again_does_not_grow_the_scope() {
        let mut scope = FieldBuffer::new();
        for round in 0..20_000_u64 {
            let mut newer = FieldBuffer::new();
            let text = newer.store(&format!("round {round}")).map(Scalar::Text);
            assert!(newer.push(KeyRef::Static("heartbeat"), text.unwrap_or(Scalar::Null)));
            assert!(scope.replace_with(newer.view()));
        }
        assert_eq!((scope.len(), scope.all_text()), (1, "round 19999"));
    }

    #[test]
    fn limits_refuse_instead_of_growing() {
        let mut buffer = FieldBuffer::new();
        let most = "x".repeat(MAX_TEXT_BYTES);
        assert!(buffer.store(&most).is_some());
        assert!(buffer.store("y").is_none());
        for _ in 0..MAX_FIELDS {
            assert!(buffer.push(KeyRef::Static("k"), Scalar::Null));
        }
        assert!(!buffer.push(KeyRef::Static("k"), Scalar::Null));
    }
}
