//! The events that need no second look: no key twice, no name of honey's own, nothing over a limit.

use super::value::Limits;
use super::{MAX_PLAIN_FIELDS, Notes, OPENING, reserved, scope, timed, value};
use crate::record::{EventView, FieldsView, SnapshotJson};

/// Appends the opening and the fields, a comma after each. False, with `out` in any state, when the event is not plain.
pub(super) fn append(out: &mut Vec<u8>, event: &EventView<'_>, notes: &mut Notes) -> bool {
    let taken = reserved::Taken::by(event);
    let scope = scope::encoded(event.snapshot);
    if scope.has_long || (taken != reserved::Taken::Nothing && scope.has_reserved) {
        return false;
    }
    if event.fields.fields.len() > MAX_PLAIN_FIELDS || scope.fields.len() > super::MAX_FIELDS / 2 {
        return false;
    }
    let Some(marks) = marks_if_plain(event.fields, taken) else {
        return false;
    };
    out.extend_from_slice(OPENING);
    append_scope(out, event, scope, marks);
    notes.bad_values += u64::from(scope.bad_values);
    for field in event.fields.fields {
        let key = field.key.of(event.fields.text);
        if !value::whole(out, key, field.value, event.fields.text) {
            notes.bad_values += 1;
        }
    }
    let Some(automatic) = &event.record.timed else {
        return true;
    };
    let text = event.fields.text;
    let is_short = automatic.name.of(text).len() <= value::MAX_STRING_BYTES
        && automatic
            .error_message
            .is_none_or(|message| message.of(text).len() <= value::MAX_STRING_BYTES);
    if is_short {
        let outside = event.record.outside_ids();
        let shape = event.snapshot.shape;
        timed::append(out, automatic, outside, text, Limits::SERVER, shape);
    }
    is_short
}

/// The marks of all keys, if no key is there twice or taken, and nothing is too long.
fn marks_if_plain(fields: FieldsView<'_>, taken: reserved::Taken) -> Option<u64> {
    let mut marks = 0;
    for (place, field) in fields.fields.iter().enumerate() {
        let key = field.key.of(fields.text);
        let mark = reserved::mark(key);
        if marks & mark != 0 && is_among(key, &fields.fields[..place], fields.text) {
            return None;
        }
        if !value::is_short(key, field.value) || taken.has(key) {
            return None;
        }
        marks |= mark;
    }
    Some(marks)
}

/// Appends the scope's fields but for those the event has itself.
fn append_scope(out: &mut Vec<u8>, event: &EventView<'_>, scope: &SnapshotJson, marks: u64) {
    if scope.marks & marks == 0 {
        out.extend_from_slice(&scope.json);
        return;
    }
    let view = event.snapshot.fields.view();
    for field in &scope.fields {
        let is_overridden = field.mark & marks != 0 && {
            let key = view.fields[field.index as usize].key.of(view.text);
            is_among(key, event.fields.fields, event.fields.text)
        };
        if !is_overridden {
            let start = field.json.start as usize;
            out.extend_from_slice(&scope.json[start..start + field.json.len as usize]);
        }
    }
}

fn is_among(key: &str, fields: &[crate::record::Field], text: &str) -> bool {
    fields.iter().any(|field| field.key.of(text) == key)
}
