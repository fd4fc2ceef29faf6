//! Finds keys by their text, in time linear in their number whatever they are.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Open addressing: a place is 0 while it is free, else one more than the number that was put there.
#[derive(Default)]
pub(super) struct KeyTable {
    places: Vec<u32>,
    hasher: RandomState,
}

impl KeyTable {
    /// Empties the table and makes room for so many keys. Keeps its memory.
    pub(super) fn clear_for(&mut self, keys: usize) {
        self.places.clear();
        self.places.resize((keys * 2).next_power_of_two(), 0);
    }

    /// The place of the key that reads `prefix` and `key` together: the first number there that `is_same` says yes to, or `None`
    /// and a place that is free.
    pub(super) fn find(
        &mut self,
        prefix: &str,
        key: &str,
        mut is_same: impl FnMut(usize) -> bool,
    ) -> (Option<usize>, &mut u32) {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(prefix.as_bytes());
        hasher.write(key.as_bytes());
        let mask = self.places.len() - 1;
        // Only the low bits matter: the table is far smaller than 2^32.
        let mut at = (hasher.finish() & 0xffff_ffff) as usize & mask;
        let mut found = None;
        while let Some(number) = (self.places[at] as usize).checked_sub(1) {
            if is_same(number) {
                found = Some(number);
                break;
            }
            at = (at + 1) & mask;
        }
        (found, &mut self.places[at])
    }
}

/// What stands in the table for `number`.
pub(super) fn entry(number: usize) -> u32 {
    u32::try_from(number + 1).unwrap_or(0)
}
