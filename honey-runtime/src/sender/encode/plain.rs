//! The events that need no second look: no name of honey's own, nothing over a limit.

use super::layout::Layouts;
use super::value::Limits;
use super::{MAX_FIELDS, Notes, OPENING, reserved, scope, timed, value};
use crate::record::EventView;

/// At least as many as a timed event sets itself.
const MAX_AUTOMATIC_FIELDS: usize = 16;

/// Appends the opening and the fields, a comma after each. False, with `out` in any state, when the event is not plain.
pub(super) fn append(
    out: &mut Vec<u8>,
    event: &EventView<'_>,
    layouts: &mut Layouts,
    notes: &mut Notes,
) -> bool {
    let (own, text) = (event.fields.fields, event.fields.text);
    let taken = reserved::Taken::by(event);
    let scope = scope::encoded(event.snapshot, layouts.table());
    if scope.has_long || (taken != reserved::Taken::Nothing && scope.has_reserved) {
        return false;
    }
    if own.len() + scope.fields.len() + MAX_AUTOMATIC_FIELDS > MAX_FIELDS {
        return false;
    }
    let Some((layout, table)) = layouts.of(event.fields, taken) else {
        return false;
    };
    out.extend_from_slice(OPENING);
    layout.append_scope(out, event.snapshot, scope, table);
    notes.bad_values += u64::from(scope.bad_values);
    for (key, field) in layout.going_out(own) {
        if !value::is_short(field.value) {
            return false;
        }
        let start = out.len();
        out.extend_from_slice(key);
        if value::bare(out, field.value, text) {
            out.push(b',');
        } else {
            out.truncate(start);
            notes.bad_values += 1;
        }
    }
    let Some(automatic) = &event.record.timed else {
        return true;
    };
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
