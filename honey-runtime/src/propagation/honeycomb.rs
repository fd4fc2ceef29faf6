//! `X-Honeycomb-Trace`, as the beelines write it: `1;trace_id=…,parent_id=…,dataset=…,context=…`.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Getter, Refused, Setter, X_HONEYCOMB_TRACE, base64, percent};
use crate::event::SpanContext;

/// A header longer than this is not looked at: servers take no longer ones.
const MAX_BYTES: usize = 16 * 1024;
/// Characters of an id, at most: enough for a UUID, and for what people make up.
const MAX_ID: usize = 128;

/// What the header says. `Ok(None)`: there is none.
pub(super) fn extract(from: &dyn Getter) -> Result<Option<SpanContext>, Refused> {
    let mut read = Ok(None);
    let mut seen = false;
    from.values(X_HONEYCOMB_TRACE, &mut |value| {
        read = if seen {
            Err("`X-Honeycomb-Trace` is there more than once")
        } else {
            parse(value).map(Some)
        };
        seen = true;
    });
    read
}

fn parse(value: &[u8]) -> Result<SpanContext, Refused> {
    if value.len() > MAX_BYTES {
        return Err("`X-Honeycomb-Trace` is longer than 16 KiB");
    }
    let value = std::str::from_utf8(value).map_err(|_| "`X-Honeycomb-Trace` is not ASCII")?;
    let Some(list) = value.trim_matches([' ', '\t']).strip_prefix("1;") else {
        return Err("`X-Honeycomb-Trace` is not of version 1: it begins with `1;`");
    };
    let (mut trace_id, mut parent_id, mut dataset, mut fields) = (None, "", None, Map::new());
    for pair in list.split(',') {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(
                "`X-Honeycomb-Trace` is not `1;` and pairs of `name=value` with commas between them",
            );
        };
        match key.trim_matches([' ', '\t']) {
            "trace_id" => trace_id = Some(id(value)?),
            "parent_id" => parent_id = id(value)?,
            "dataset" => dataset = percent::decode(value),
            // What others wrote into it is not worth losing the trace for.
            "context" => fields = context(value).unwrap_or_default(),
            _ => {}
        }
    }
    let trace_id = trace_id.ok_or("`X-Honeycomb-Trace` has no `trace_id`")?;
    let mut read = SpanContext::of_ids(trace_id, parent_id);
    let dataset = dataset.filter(|dataset| !dataset.is_empty());
    if dataset.is_some() || !fields.is_empty() {
        let along = Arc::make_mut(read.along.get_or_insert_default());
        along.dataset = dataset;
        along.fields = fields;
    }
    Ok(read)
}

/// Any text that can be written into the header again.
fn id(text: &str) -> Result<&str, Refused> {
    let fits =
        (1..=MAX_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(text)
    } else {
        Err("an id in `X-Honeycomb-Trace` is not of 1 to 128 printable ASCII characters")
    }
}

fn context(value: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&base64::decode(value)?).ok()
}

/// Writes the header.
pub(super) fn inject(context: &SpanContext, into: &mut dyn Setter) {
    let mut value = String::with_capacity(128);
    value.push_str("1;trace_id=");
    value.push_str(context.trace_id());
    if !context.span_id().is_empty() {
        value.push_str(",parent_id=");
        value.push_str(context.span_id());
    }
    if let Some(along) = &context.along {
        if let Some(dataset) = &along.dataset {
            value.push_str(",dataset=");
            percent::encode(dataset, &mut value);
        }
        if !along.fields.is_empty() {
            value.push_str(",context=");
            base64::encode(ascii_json(&along.fields).as_bytes(), &mut value);
        }
    }
    into.set(X_HONEYCOMB_TRACE, &value);
}

/// JSON in ASCII alone: not every beeline reads it as UTF-8.
fn ascii_json(fields: &Map<String, Value>) -> String {
    let json = serde_json::to_string(fields).unwrap_or_default();
    if json.is_ascii() {
        return json;
    }
    let mut escaped = String::with_capacity(2 * json.len());
    // What is not ASCII stands in strings only.
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}
