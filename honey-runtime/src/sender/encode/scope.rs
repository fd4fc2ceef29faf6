//! A snapshot's fields as JSON, made once for all the events that saw it.

use super::{reserved, value};
use crate::record::{Snapshot, SnapshotField, SnapshotJson, Span};

/// The JSON of the snapshot's fields, made by the first event that needs it.
pub(super) fn encoded(snapshot: &Snapshot) -> &SnapshotJson {
    snapshot.encoded.get_or_init(|| encode(snapshot))
}

fn encode(snapshot: &Snapshot) -> SnapshotJson {
    let view = snapshot.fields.view();
    let mut made = SnapshotJson::default();
    let taken = reserved::Taken::by_timed(snapshot.shape);
    for (index, recorded) in view.fields.iter().enumerate() {
        let key = recorded.key.of(view.text);
        let later = &view.fields[index + 1..];
        if later.iter().any(|other| other.key.of(view.text) == key) {
            continue;
        }
        let start = made.json.len();
        if !value::whole(&mut made.json, key, recorded.value, view.text) {
            made.bad_values += 1;
            continue;
        }
        made.has_long |= !value::is_short(key, recorded.value);
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
