//! What fuzzing reaches here.

use super::{Borrowed, Format, Formats, extract};

/// Headers by name, as they came.
pub(crate) type Headers<'a> = [(&'a str, &'a [u8])];

/// Reads headers, and writes what they say in each format; `None` when they name no event.
pub(crate) fn written_again(headers: &Headers<'_>) -> Option<[Vec<(String, String)>; 2]> {
    let context = extract(headers)?;
    let written = [Format::W3c, Format::Honeycomb].map(|format| {
        let mut headers = Vec::new();
        context.inject_by(Formats::of([format]), &mut Borrowed(&mut headers));
        headers
    });
    Some(written)
}
