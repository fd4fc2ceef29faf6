//! Lists of keys that were seen before: what is to be known about one is found out once, and the JSON of its keys made once.
//!
//! Events from one place in a program mostly have the same keys in the same order. Static ones are told by their address and
//! length, so that an event whose list is known costs two comparisons a field.

use super::key_table::{self, KeyTable};
use super::reserved::{self, Taken};
use super::{json, value};
use crate::record::{Field, FieldsView, KeyRef, Snapshot, SnapshotJson, Span};

/// Lists that are kept, in pairs: a list may be in either place of its pair.
const PAIRS: usize = 32;
/// A list that is longer, or whose keys have more bytes, is looked at for each event again: all of them together must stay small.
const MAX_KEPT_KEYS: usize = 256;
const MAX_KEPT_BYTES: usize = 16 * 1024;
/// Up to this many keys, comparing with each is cheaper than a table.
const MAX_COMPARED: usize = 16;

/// The lists seen last.
pub(super) struct Layouts {
    pairs: Vec<[Layout; 2]>,
    /// Where a new list is looked at.
    fresh: Layout,
    table: KeyTable,
}

/// One list of keys, and what follows from it.
#[derive(Default)]
pub(super) struct Layout {
    hash: u64,
    taken: Taken,
    keys: Vec<Known>,
    /// Of the keys that are not static.
    text: String,
    /// `"key":` of each that goes out.
    json: Vec<u8>,
    /// All of the keys' marks.
    marks: u64,
    /// No name that is taken, and none over the server's limit.
    is_plain: bool,
    /// The scope whose fields were last looked at, and the parts of its JSON that no key of this list overrides.
    scope: u64,
    left: Vec<Span>,
}

/// One key.
struct Known {
    key: KeyRef,
    /// `"key":`; empty when a later key has the same name, so that this one does not go out.
    json: Span,
}

impl Default for Layouts {
    fn default() -> Self {
        Self {
            pairs: std::iter::repeat_with(Default::default)
                .take(PAIRS)
                .collect(),
            fresh: Layout::default(),
            table: KeyTable::default(),
        }
    }
}

impl Layouts {
    /// The layout of an event's own fields, and a table to work with; `None` when one of its names is taken or too long.
    pub(super) fn of(
        &mut self,
        fields: FieldsView<'_>,
        taken: Taken,
    ) -> Option<(&mut Layout, &mut KeyTable)> {
        let hash = hash_of(fields);
        let pair = &mut self.pairs[(hash & 0xffff_ffff) as usize % PAIRS];
        let is_it = |layout: &Layout| layout.hash == hash && layout.is_of(fields, taken);
        let layout = if let Some(place) = pair.iter().position(is_it) {
            &mut pair[place]
        } else {
            self.fresh.learn(fields, taken, hash, &mut self.table);
            if self.fresh.is_large() {
                &mut self.fresh
            } else {
                // The older of the two goes, and leaves its memory to the next.
                let [newer, older] = pair;
                std::mem::swap(newer, older);
                std::mem::swap(newer, &mut self.fresh);
                newer
            }
        };
        layout.is_plain.then_some((layout, &mut self.table))
    }

    /// What a scope's keys are looked up with.
    pub(super) fn table(&mut self) -> &mut KeyTable {
        &mut self.table
    }
}

impl Layout {
    /// The JSON of the scope's fields that the event does not have itself, a comma after each.
    pub(super) fn append_scope(
        &mut self,
        out: &mut Vec<u8>,
        snapshot: &Snapshot,
        scope: &SnapshotJson,
        table: &mut KeyTable,
    ) {
        if scope.marks & self.marks == 0 {
            return out.extend_from_slice(&scope.json);
        }
        if self.scope != scope.number {
            self.look_at(snapshot, scope, table);
        }
        for part in &self.left {
            out.extend_from_slice(&scope.json[range(*part)]);
        }
    }

    /// `"key":` of each field that goes out, with the field.
    pub(super) fn going_out<'a>(
        &'a self,
        fields: &'a [Field],
    ) -> impl Iterator<Item = (&'a [u8], &'a Field)> {
        let pairs = self.keys.iter().zip(fields);
        pairs
            .filter(|(known, _)| known.json.len > 0)
            .map(|(known, field)| (&self.json[range(known.json)], field))
    }

    fn is_of(&self, fields: FieldsView<'_>, taken: Taken) -> bool {
        let is_same = |(known, field): (&Known, &Field)| match (known.key, field.key) {
            (KeyRef::Static(one), KeyRef::Static(other)) => {
                one.len() == other.len() && (one.as_ptr() == other.as_ptr() || one == other)
            }
            (KeyRef::Text(one), KeyRef::Text(other)) => {
                one.len == other.len && one.of(&self.text) == other.of(fields.text)
            }
            _ => false,
        };
        self.taken == taken
            && self.keys.len() == fields.fields.len()
            && self.keys.iter().zip(fields.fields).all(is_same)
    }

    fn learn(&mut self, fields: FieldsView<'_>, taken: Taken, hash: u64, table: &mut KeyTable) {
        self.forget();
        self.hash = hash;
        self.taken = taken;
        self.is_plain = true;
        let key_at = |place: usize| fields.fields[place].key.of(fields.text);
        // From the end, for the last of a name is the one that goes out.
        table.clear_for(fields.fields.len());
        let nothing = Span { start: 0, len: 0 };
        self.keys.extend(fields.fields.iter().map(|field| Known {
            key: field.key,
            json: nothing,
        }));
        for place in (0..fields.fields.len()).rev() {
            let key = key_at(place);
            self.is_plain &= key.len() <= value::MAX_STRING_BYTES && !taken.has(key);
            self.marks |= reserved::mark(key);
            let (found, free) = table.find("", key, |other| key_at(other) == key);
            if found.is_none() {
                *free = key_table::entry(place);
                let start = self.json.len();
                json::string(&mut self.json, key);
                self.json.push(b':');
                self.keys[place].json = span(start, self.json.len());
            }
            if let KeyRef::Text(_) = self.keys[place].key {
                let start = self.text.len();
                self.text.push_str(key);
                self.keys[place].key = KeyRef::Text(span(start, self.text.len()));
            }
        }
    }

    /// Empties it but for its memory.
    fn forget(&mut self) {
        let Self {
            mut keys,
            mut text,
            mut json,
            mut left,
            ..
        } = std::mem::take(self);
        keys.clear();
        text.clear();
        json.clear();
        left.clear();
        *self = Self {
            keys,
            text,
            json,
            left,
            ..Self::default()
        };
    }

    fn is_large(&self) -> bool {
        self.keys.len() > MAX_KEPT_KEYS
            || self.text.capacity() + self.json.capacity() > MAX_KEPT_BYTES
    }

    /// Finds the parts of a scope's JSON that stay, those that touch as one.
    fn look_at(&mut self, snapshot: &Snapshot, scope: &SnapshotJson, table: &mut KeyTable) {
        self.left.clear();
        let view = snapshot.fields.view();
        let own = |place: usize| self.keys[place].key.of(&self.text);
        let are_few = self.keys.len() <= MAX_COMPARED;
        if !are_few {
            table.clear_for(self.keys.len());
            for place in 0..self.keys.len() {
                let (_, free) = table.find("", own(place), |_| false);
                *free = key_table::entry(place);
            }
        }
        for field in &scope.fields {
            let key = view.fields[field.index as usize].key.of(view.text);
            let is_overridden = field.mark & self.marks != 0
                && if are_few {
                    (0..self.keys.len()).any(|place| own(place) == key)
                } else {
                    table.find("", key, |place| own(place) == key).0.is_some()
                };
            if is_overridden {
                continue;
            }
            match self.left.last_mut() {
                Some(last) if last.start + last.len == field.json.start => {
                    last.len += field.json.len;
                }
                _ => self.left.push(field.json),
            }
        }
        self.scope = scope.number;
    }
}

/// A number that depends on where static keys stand, and on what others read.
fn hash_of(fields: FieldsView<'_>) -> u64 {
    let begin = fields.fields.len() as u64 + 1;
    fields
        .fields
        .iter()
        .fold(begin, |hash, field| match field.key {
            KeyRef::Static(key) => mix(hash, key.as_ptr().addr() as u64 ^ (key.len() as u64) << 56),
            KeyRef::Text(span) => {
                let key = span.of(fields.text).as_bytes();
                let words = key.chunks(8).map(|chunk| {
                    let mut word = [0; 8];
                    word[..chunk.len()].copy_from_slice(chunk);
                    u64::from_le_bytes(word)
                });
                words.fold(mix(hash, key.len() as u64), mix)
            }
        })
}

fn mix(hash: u64, word: u64) -> u64 {
    // The 64 bits of the golden ratio; the shift brings what it stirred back to the low bits.
    let stirred = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    stirred ^ (stirred >> 29)
}

fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.start as usize + span.len as usize
}

fn span(start: usize, end: usize) -> Span {
    // Keys come from a chunk, which is far smaller than 4 GiB.
    Span {
        start: u32::try_from(start).unwrap_or(u32::MAX),
        len: u32::try_from(end - start).unwrap_or(u32::MAX),
    }
}
