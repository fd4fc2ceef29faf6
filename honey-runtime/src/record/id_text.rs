//! Trace ids from outside that are not 32 hex digits: their texts, kept for as long as somebody needs them, so that an id is 16 bytes
//! all the same.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::process::PerProcess;
use crate::sync::{AtomicU32, Mutex, Ordering};

/// The text of an id. Whoever holds one keeps it findable.
pub(crate) type IdText = Arc<str>;

/// Texts that are kept although nobody holds them: for handles of events that have ended, and for what begins below those.
const IDLE_KEPT: usize = 4_096;
/// How many of the oldest are looked at, to make room for one.
const OLDEST_LOOKED_AT: usize = 8;

static KNOWN: PerProcess<Mutex<Known>> = PerProcess::new(Mutex::default);
/// Not begun anew after a fork, so that an id of before never means a text of after.
static NEXT: AtomicU32 = AtomicU32::new(0);

#[derive(Default)]
struct Known {
    /// With what stands for it.
    by_text: HashMap<IdText, u64>,
    by_number: HashMap<u64, IdText>,
    oldest_first: VecDeque<u64>,
}

/// Keeps a text: returns a number that stands for it, with its hash in the upper half.
pub(super) fn keep(text: &str) -> (u64, IdText) {
    let mut known = KNOWN.lock();
    if let Some((kept, number)) = known.by_text.get_key_value(text) {
        return (*number, Arc::clone(kept));
    }
    known.make_room();
    let serial = NEXT.fetch_add(1, Ordering::Relaxed);
    let number = (u64::from(hash(text.as_bytes())) << 32) | u64::from(serial);
    let text: IdText = text.into();
    known.by_text.insert(Arc::clone(&text), number);
    known.by_number.insert(number, Arc::clone(&text));
    known.oldest_first.push_back(number);
    (number, text)
}

/// The text that a number stands for.
pub(super) fn find(number: u64) -> Option<IdText> {
    KNOWN.lock().by_number.get(&number).map(Arc::clone)
}

/// The hash of the text that a number stands for.
pub(super) fn hash_in(number: u64) -> u32 {
    (number >> 32) as u32
}

/// The first four bytes of a text's SHA-1, big-endian.
pub(super) fn hash(text: &[u8]) -> u32 {
    hashes(text).0
}

/// The first four bytes and the second four.
pub(super) fn hashes(text: &[u8]) -> (u32, u32) {
    let digest = sha1_smol::Sha1::from(text).digest().bytes();
    let number = |at: usize| {
        u32::from_be_bytes([digest[at], digest[at + 1], digest[at + 2], digest[at + 3]])
    };
    (number(0), number(4))
}

impl Known {
    /// Forgets the oldest that nobody holds, once there are many.
    fn make_room(&mut self) {
        if self.oldest_first.len() < IDLE_KEPT {
            return;
        }
        for _ in 0..OLDEST_LOOKED_AT {
            let Some(number) = self.oldest_first.pop_front() else {
                return;
            };
            let in_use = self
                .by_number
                .get(&number)
                .is_some_and(|text| Arc::strong_count(text) > 2);
            if in_use {
                self.oldest_first.push_back(number);
            } else {
                if let Some(text) = self.by_number.remove(&number) {
                    self.by_text.remove(&text);
                }
                return;
            }
        }
    }
}
