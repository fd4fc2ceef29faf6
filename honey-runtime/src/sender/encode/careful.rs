//! The events that need a second look: each key once, taken names renamed, everything cut to the limits and marked.

use super::fit;
use super::keys::{Choice, Keys};
use super::timed;
use super::value::{self, Limits, Written};
use super::{MAX_FIELDS, Notes, OPENING, Refusal, json, reserved};
use crate::record::{EventView, Scalar};

/// Strings shorter than this are not cut to make an event fit: there is nothing to win.
const MIN_CUT_BYTES: usize = 32;
/// What the marker may take of an event; further names are only counted in it.
const MAX_MARKER_BYTES: usize = 1_024;
/// `"meta.truncated":"",` and `+2000 more`.
const MARKER_FRAME_BYTES: usize = 40;
/// How much of a name the marker shows.
const MARKER_NAME_BYTES: usize = 64;

/// Writes such events; keeps its tables between them.
#[derive(Default)]
pub(super) struct Careful {
    keys: Keys,
    lengths: Vec<usize>,
    marker: Marker,
}

impl Careful {
    /// Appends the opening and the fields, a comma after each, in at most `max_bytes`.
    pub(super) fn append(
        &mut self,
        out: &mut Vec<u8>,
        event: &EventView<'_>,
        max_bytes: usize,
        notes: &mut Notes,
    ) -> Result<(), Refusal> {
        let start = out.len();
        let automatic = match &event.record.timed {
            Some(timed) => timed::fields(timed, event.record.outside_ids(), event.snapshot.shape),
            None => 0,
        };
        let room = MAX_FIELDS - automatic;
        self.marker.max_bytes = MAX_MARKER_BYTES.min(max_bytes / 8);
        let mut counts = self.write(out, event, max_bytes, room)?;
        // The marker takes a field's place only where there is something to mark, and none free.
        if !self.marker.is_empty() && self.keys.chosen().len() == room {
            out.truncate(start);
            counts = self.write(out, event, max_bytes, room - 1)?;
        }
        notes.add(&counts, self.keys.chosen(), event, &self.marker);
        Ok(())
    }

    /// The same with at most so many fields that are not automatic; leaves `out` as it was when they do not fit.
    fn write(
        &mut self,
        out: &mut Vec<u8>,
        event: &EventView<'_>,
        max_bytes: usize,
        most: usize,
    ) -> Result<Counts, Refusal> {
        let start = out.len();
        let left_out = self.keys.choose(event, most);
        let mut pass = Pass {
            event,
            choices: self.keys.chosen(),
            marker: &mut self.marker,
            lengths: &mut self.lengths,
        };
        let mut counts = pass.write(out, left_out, Limits::SERVER);
        let excess = (out.len() - start).saturating_sub(max_bytes);
        if excess > 0 {
            let marker = pass.marker.max_bytes + MARKER_FRAME_BYTES;
            let level = fit::cut_at(pass.lengths, excess + marker).ok_or(Refusal::TooLarge);
            out.truncate(start);
            counts = pass.write(
                out,
                left_out,
                Limits {
                    encoded: level?,
                    ..Limits::SERVER
                },
            );
            if out.len() - start > max_bytes {
                out.truncate(start);
                return Err(Refusal::TooLarge);
            }
        }
        Ok(counts)
    }
}

/// What one writing of an event had to change.
#[derive(Default)]
struct Counts {
    bad_values: u64,
}

struct Pass<'p, 'e> {
    event: &'p EventView<'e>,
    choices: &'p [Choice],
    marker: &'p mut Marker,
    /// Bytes of JSON of each string that may be cut. Short ones stay whole: there is nothing to win.
    lengths: &'p mut Vec<usize>,
}

impl Pass<'_, '_> {
    fn write(&mut self, out: &mut Vec<u8>, left_out: usize, limits: Limits) -> Counts {
        let mut counts = Counts::default();
        self.lengths.clear();
        self.marker.clear(left_out);
        out.extend_from_slice(OPENING);
        let limits = Limits {
            encoded: limits.encoded.max(MIN_CUT_BYTES),
            ..limits
        };
        let mut own_marker = None;
        for choice in self.choices {
            let (key, recorded, text) = choice.field(self.event);
            let prefix = choice.prefix();
            if prefix.is_empty() && key == reserved::TRUNCATED {
                own_marker = Some((key, recorded, text));
                continue;
            }
            let start = out.len();
            match value::limited(out, (prefix, key), recorded, text, limits) {
                Written::Whole => {}
                Written::Cut | Written::TooLong => self.marker.add(key),
                Written::NotANumber => counts.bad_values += 1,
            }
            if matches!(recorded, Scalar::Text(_)) {
                let value_bytes = (out.len() - start).saturating_sub(key.len() + r#""":"","#.len());
                self.may_be_cut(value_bytes);
            }
        }
        self.automatic(out, limits);
        if !self.marker.is_empty() {
            self.marker.append(out);
        } else if let Some((key, recorded, text)) = own_marker {
            value::limited(out, ("", key), recorded, text, limits);
        }
        counts
    }

    fn automatic(&mut self, out: &mut Vec<u8>, limits: Limits) {
        let Some(timed) = &self.event.record.timed else {
            return;
        };
        let text = self.event.fields.text;
        let outside = self.event.record.outside_ids();
        let shape = self.event.snapshot.shape;
        let taken = timed::append(out, timed, outside, text, limits, shape);
        let name = timed.name.of(text);
        self.may_be_cut(json::encoded_len(&name.as_bytes()[..taken.name]));
        if taken.name < name.len() {
            self.marker.add("name");
        }
        if let (Some(taken), Some(message)) = (taken.message, timed.error_message) {
            let message = message.of(text);
            self.may_be_cut(json::encoded_len(&message.as_bytes()[..taken]));
            if taken < message.len() {
                self.marker.add("error.message");
            }
        }
    }

    fn may_be_cut(&mut self, length: usize) {
        if length >= MIN_CUT_BYTES {
            self.lengths.push(length);
        }
    }
}

/// `meta.truncated`: the names of the fields that were cut or left out, as far as there is room.
#[derive(Default)]
struct Marker {
    max_bytes: usize,
    names: String,
    unnamed: usize,
}

impl Marker {
    fn clear(&mut self, unnamed: usize) {
        self.names.clear();
        self.unnamed = unnamed;
    }

    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.unnamed == 0
    }

    fn add(&mut self, name: &str) {
        let mut end = name.len().min(MARKER_NAME_BYTES);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let separator = if self.names.is_empty() { "" } else { "," };
        let shown = &name[..end];
        let needed = json::encoded_len(self.names.as_bytes()) + json::encoded_len(shown.as_bytes());
        // A field without a name can only be counted.
        if !shown.is_empty() && needed < self.max_bytes {
            self.names.push_str(separator);
            self.names.push_str(shown);
        } else {
            self.unnamed += 1;
        }
    }

    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#""meta.truncated":""#);
        let mut names = Vec::new();
        json::string(&mut names, &self.names);
        out.extend_from_slice(&names[1..names.len() - 1]);
        if self.unnamed > 0 {
            let separator = if self.names.is_empty() { "" } else { "," };
            out.extend_from_slice(format!("{separator}+{} more", self.unnamed).as_bytes());
        }
        out.extend_from_slice(br#"","#);
    }
}

impl Notes {
    fn add(&mut self, counts: &Counts, choices: &[Choice], event: &EventView<'_>, marker: &Marker) {
        self.bad_values += counts.bad_values;
        for choice in choices.iter().filter(|choice| choice.is_renamed()) {
            self.renamed_fields += 1;
            if self.first_renamed.is_none() {
                self.first_renamed = Some(choice.field(event).0.to_owned());
            }
        }
        if !marker.is_empty() {
            self.truncated += 1;
            self.first_truncated
                .get_or_insert_with(|| marker.names.clone());
        }
    }
}
