//! A snapshot's fields as JSON, made once for all the events that saw it.

use super::key_table::{self, KeyTable};
use super::{reserved, value};
use crate::record::{Snapshot, SnapshotField, SnapshotJson, Span};
use crate::sync::{AtomicU64, Ordering};

/// The JSON of the snapshot's fields, made by the first event that needs it.
pub(super) fn encoded<'a>(snapshot: &'a Snapshot, table: &mut KeyTable) -> &'a SnapshotJson {
    snapshot.encoded.get_or_init(|| encode(snapshot, table))
}

fn encode(snapshot: &Snapshot, table: &mut KeyTable) -> SnapshotJson {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let view = snapshot.fields.view();
    let mut made = SnapshotJson {
        number: NUMBER.fetch_add(1, Ordering::Relaxed),
        ..SnapshotJson::default()
    };
    let taken = reserved::Taken::by_timed(snapshot.shape);
    let key_at = |place: usize| view.fields[place].key.of(view.text);
    table.clear_for(view.fields.len());
    // Of two with the same name the later one stays.
    let mut is_last = vec![false; view.fields.len()];
    for place in (0..view.fields.len()).rev() {
        let (found, free) = table.find("", key_at(place), |other| key_at(other) == key_at(place));
        is_last[place] = found.is_none();
        if found.is_none() {
            *free = key_table::entry(place);
        }
    }
    let lasting = view.fields.iter().enumerate().zip(is_last);
    for ((index, recorded), _) in lasting.filter(|(_, is_last)| *is_last) {
        let key = key_at(index);
        let start = made.json.len();
        if !value::whole(&mut made.json, key, recorded.value, view.text) {
            made.bad_values += 1;
            continue;
        }
        made.has_long |= key.len() > value::MAX_STRING_BYTES || !value::is_short(recorded.value);
        let mark = reserved::mark(key);
        made.marks |= mark;
        made.has_reserved |= taken.has(key);
        made.fields.push(SnapshotField {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            mark,
            json: Span {
                start: u32::try_from(start).unwrap_or(u32::MAX),
                len: u32::try_from(made.json.len() - start).unwrap_or(u32::MAX),
            },
        });
    }
    made
}
