//! MessagePack: request bodies from the encoder's JSON, and answers back to JSON.
//!
//! Bodies are split, bisected and kept as JSON, with all limits applied; this is the last step before compression.

mod read;
mod write;

pub(super) use read::to_json;

use crate::sender::courtesy::Courtesy;
use crate::sender::encode::Body;
use crate::sender::events::Events;
use crate::transmission::data_of;
use write::Writer;

const NS_PER_SECOND: i64 = 1_000_000_000;

/// A batch: an array of `{"time": timestamp 96, "samplerate": n, "data": {…}}`, as libhoney-go 1.27 writes it.
pub(super) fn batch(body: &Body, events: &Events, mut courtesy: Courtesy) -> Vec<u8> {
    let mut out = Writer::new(body.bytes());
    out.array(body.len());
    for (place, record) in events.records().enumerate().take(body.len()) {
        out.map(3);
        out.string("time");
        let seconds = record.unix_ns.div_euclid(NS_PER_SECOND);
        // Below 10^9, so it fits.
        let ns = u32::try_from(record.unix_ns.rem_euclid(NS_PER_SECOND)).unwrap_or(0);
        out.timestamp(seconds, ns);
        out.string("samplerate");
        out.unsigned(record.sample_rate.into());
        out.string("data");
        out.json(data_of(body.piece(place)));
        courtesy.at(out.bytes());
    }
    out.finish()
}
