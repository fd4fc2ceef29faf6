//! Events to JSON: `[{"data":{…},"samplerate":n,"time":"…Z"},…]`, written by hand into one buffer.
//!
//! Nearly all events go out as they were recorded ([`plain`]). One with a name that honey sets itself, or something over the
//! server's limits, is written again with everything looked at ([`careful`]).

mod body;
mod careful;
mod digits;
mod fit;
mod json;
mod key_table;
mod keys;
mod layout;
mod plain;
mod reserved;
mod scope;
mod time;
mod timed;
mod value;

pub(super) use body::{Body, Draft};

use careful::Careful;
use layout::Layouts;
use time::TimeWriter;

use crate::record::EventView;

/// Fields of one event that the server takes.
const MAX_FIELDS: usize = 2_000;

/// Why an event cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NoFields,
    TooLarge,
}

/// What had to be changed in the events, for the counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes {
    pub(super) bad_values: u64,
    pub(super) renamed_fields: u64,
    pub(super) truncated: u64,
    /// The first field that was renamed or cut, for the operator.
    pub(super) first_renamed: Option<String>,
    pub(super) first_truncated: Option<String>,
}

/// Writes events; keeps its tables between them, so that nothing is allocated per event.
pub(super) struct Encoder {
    max_event_bytes: usize,
    time: TimeWriter,
    layouts: Layouts,
    careful: Careful,
    notes: Notes,
}

impl Encoder {
    pub(super) fn new(max_event_bytes: usize) -> Self {
        Self {
            max_event_bytes,
            time: TimeWriter::default(),
            layouts: Layouts::default(),
            careful: Careful::default(),
            notes: Notes::default(),
        }
    }

    /// Appends one event to `out`; leaves `out` as it was when the event cannot be sent.
    #[inline(never)]
    pub(super) fn event(
        &mut self,
        out: &mut Vec<u8>,
        event: &EventView<'_>,
    ) -> Result<(), Refusal> {
        #[cfg(test)]
        super::testing::spring_trap(event);
        let start = out.len();
        let noted = self.notes.bad_values;
        if plain::append(out, event, &mut self.layouts, &mut self.notes) {
            drop_last_comma(out);
            self.close(out, event);
            if out.len() - start <= self.max_event_bytes {
                return unless_empty(out, start);
            }
        }
        out.truncate(start);
        self.notes.bad_values = noted;
        let mut tail = Vec::new();
        self.close(&mut tail, event);
        let max_data_bytes = self.max_event_bytes.saturating_sub(tail.len());
        self.careful
            .append(out, event, max_data_bytes, &mut self.notes)?;
        drop_last_comma(out);
        out.extend_from_slice(&tail);
        unless_empty(out, start)
    }

    /// What was changed since the last call.
    pub(super) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// Ends `{"data":{…` with what follows the fields.
    fn close(&mut self, out: &mut Vec<u8>, event: &EventView<'_>) {
        out.push(b'}');
        if event.record.sample_rate > 1 {
            out.extend_from_slice(br#","samplerate":"#);
            digits::unsigned(out, event.record.sample_rate.into());
        }
        out.extend_from_slice(br#","time":""#);
        self.time.append(out, event.record.unix_ns);
        out.extend_from_slice(br#""}"#);
    }
}

fn unless_empty(out: &mut Vec<u8>, start: usize) -> Result<(), Refusal> {
    if out[start..].starts_with(br#"{"data":{}"#) {
        out.truncate(start);
        return Err(Refusal::NoFields);
    }
    Ok(())
}

fn drop_last_comma(out: &mut Vec<u8>) {
    if out.last() == Some(&b',') {
        out.pop();
    }
}

/// How every event begins.
const OPENING: &[u8] = br#"{"data":{"#;

#[cfg(test)]
mod tests;
