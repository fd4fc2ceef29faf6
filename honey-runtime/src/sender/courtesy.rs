//! The application goes first: long work is done in short pieces, and between two of them the core is offered to others.
//!
//! A batch takes a millisecond or two to write and compress, and what rules and `before_send` look at no less. While both cores are busy, a thread of the application that becomes
//! ready waits for that long, for the system lets who runs go on to the end of its time. Who is behind does not give way: what
//! cannot be sent is lost.

use std::thread;

use crate::dispatch::Budget;

/// Between two offers: some 20 µs of writing.
const PIECE_BYTES: usize = 16 * 1024;

/// How a piece of work behaves towards the application's threads. Each begins with a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Courtesy {
    /// With so much done comes the next offer.
    next_bytes: usize,
}

impl Courtesy {
    /// Makes no offers.
    pub(super) const HURRY: Self = Self {
        next_bytes: usize::MAX,
    };

    pub(super) const GIVE_WAY: Self = Self {
        next_bytes: PIECE_BYTES,
    };

    /// Gives way while the queue is nearly empty and nobody waits for what is in it.
    pub(super) fn towards(budget: &Budget, somebody_waits: bool) -> Self {
        if somebody_waits || budget.is_quarter_taken() {
            Self::HURRY
        } else {
            Self::GIVE_WAY
        }
    }

    /// Of this work so much is done.
    #[inline]
    pub(super) fn at(&mut self, bytes: usize) {
        if bytes >= self.next_bytes {
            self.next_bytes = bytes + PIECE_BYTES;
            thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Grant;

    #[test]
    fn gives_way_until_a_quarter_is_taken_or_somebody_waits() {
        for (bytes, events, somebody_waits, expected) in [
            (0, 0, false, Courtesy::GIVE_WAY),
            (0, 0, true, Courtesy::HURRY),
            (249, 24, false, Courtesy::GIVE_WAY),
            (250, 0, false, Courtesy::HURRY),
            (0, 25, false, Courtesy::HURRY),
            (1_000, 100, true, Courtesy::HURRY),
        ] {
            let budget = Budget::new(1_000, 100);
            assert!(budget.take(Grant { bytes, events }));
            let courtesy = Courtesy::towards(&budget, somebody_waits);
            assert_eq!(courtesy, expected, "{bytes} bytes, {events} events");
        }
    }

    #[test]
    fn an_offer_a_piece() {
        let mut courtesy = Courtesy::GIVE_WAY;
        courtesy.at(PIECE_BYTES - 1);
        assert_eq!(courtesy, Courtesy::GIVE_WAY);
        courtesy.at(PIECE_BYTES);
        assert_eq!(courtesy.next_bytes, 2 * PIECE_BYTES);
        courtesy.at(2 * PIECE_BYTES + 7);
        assert_eq!(courtesy.next_bytes, 3 * PIECE_BYTES + 7);
        let mut hurried = Courtesy::HURRY;
        hurried.at(usize::MAX - 1);
        assert_eq!(hurried, Courtesy::HURRY);
    }
}
