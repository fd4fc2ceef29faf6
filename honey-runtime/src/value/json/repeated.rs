//! Objects whose `Serialize` names a key twice, as a flattened struct can: servers refuse the event, or keep either value.

use std::collections::HashMap;
use std::fmt;

use crate::record::FieldBuffer;

/// One of 64 bits that depends on the key alone: in most objects all keys have different ones, and nothing more is looked at.
pub(super) fn mark(key: &str) -> u64 {
    let mixed = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    1 << (mixed >> 58)
}

/// Leaves of an object's members, which begin at `start`, the last one of each key, in its place.
pub(super) fn keep_last(buffer: &mut FieldBuffer, start: usize) -> fmt::Result {
    let inside = buffer.text_from(start);
    let mut last = HashMap::new();
    let mut members = 0;
    for (place, member) in split(inside).enumerate() {
        members += 1;
        last.insert(key_of(member), place);
    }
    if last.len() == members {
        return Ok(());
    }
    let mut kept = String::with_capacity(inside.len());
    for (place, member) in split(inside).enumerate() {
        if last.get(key_of(member)) == Some(&place) {
            if !kept.is_empty() {
                kept.push(',');
            }
            kept.push_str(member);
        }
    }
    buffer.truncate_text(start);
    buffer.append_text(&kept)
}

/// `"key":value`, as they stand between commas. The text is the writer's own, so it is JSON without spaces.
fn split(inside: &str) -> impl Iterator<Item = &str> {
    let mut scan = Scan::default();
    inside.split(move |character| scan.passes(character) && character == ',' && scan.depth == 0)
}

fn key_of(member: &str) -> &str {
    let mut scan = Scan::default();
    let end = member.find(|character| scan.passes(character) && character == ':');
    &member[..end.unwrap_or(member.len())]
}

/// Where a reader of JSON is.
#[derive(Default)]
struct Scan {
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl Scan {
    /// Goes on behind a character; whether that was outside of strings.
    fn passes(&mut self, character: char) -> bool {
        if self.is_escaped {
            self.is_escaped = false;
            return false;
        }
        match (self.is_in_string, character) {
            (true, '\\') => self.is_escaped = true,
            (_, '"') => self.is_in_string = !self.is_in_string,
            (false, '{' | '[') => self.depth += 1,
            (false, '}' | ']') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        !self.is_in_string
    }
}
