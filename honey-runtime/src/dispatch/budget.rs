//! How much may be pending: one pool of bytes and one of events, taken in blocks by the threads.
//!
//! A thread asks here once per block, not per event; what an event took is given back when the event has its outcome.

use std::time::{Duration, Instant};

use super::spares::Spares;
use crate::sync::{AtomicBool, AtomicI64, AtomicUsize, Condvar, Mutex, Ordering};

/// How often somebody who waits for room looks whether the client closes.
const CLOSE_CHECK_INTERVAL: Duration = Duration::from_millis(100);
/// Who waits for room goes on when one in so many parts of the budget is free. For less, every outcome would wake all who wait, for
/// what the first of them takes.
const ENOUGH_IS_ONE_IN: u64 = 16;
/// Spare chunks together have at most one in so many parts of the budget's bytes: they come on top of what is pending.
const SPARES_ARE_ONE_IN: usize = 4;

/// The capacity of one client.
pub(crate) struct Budget {
    size: Grant,
    free_bytes: AtomicI64,
    free_events: AtomicI64,
    closing: AtomicBool,
    waiting: AtomicUsize,
    turn: Mutex<()>,
    room: Condvar,
    spares: Spares,
}

/// A piece of the budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) bytes: u64,
    pub(crate) events: u64,
}

impl Budget {
    pub(crate) fn new(bytes: usize, events: usize) -> Self {
        Self {
            size: Grant {
                bytes: bytes as u64,
                events: events as u64,
            },
            free_bytes: AtomicI64::new(clamp(bytes as u64)),
            free_events: AtomicI64::new(clamp(events as u64)),
            closing: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            turn: Mutex::new(()),
            room: Condvar::new(),
            spares: Spares::new(bytes / SPARES_ARE_ONE_IN),
        }
    }

    /// All of it.
    pub(crate) fn size(&self) -> Grant {
        self.size
    }

    /// The chunks that came back and are free.
    pub(crate) fn spares(&self) -> &Spares {
        &self.spares
    }

    /// Takes `wanted` or nothing.
    pub(crate) fn take(&self, wanted: Grant) -> bool {
        if !take_from(&self.free_bytes, wanted.bytes) {
            return false;
        }
        if take_from(&self.free_events, wanted.events) {
            return true;
        }
        self.free_bytes
            .fetch_add(clamp(wanted.bytes), Ordering::Relaxed);
        false
    }

    /// Takes bytes that are in use already, whether there are so many or not.
    pub(crate) fn charge(&self, bytes: u64) {
        self.free_bytes.fetch_sub(clamp(bytes), Ordering::Relaxed);
    }

    /// Whether a quarter of it is taken, or more.
    pub(crate) fn is_quarter_taken(&self) -> bool {
        let quarter_taken = |free: &AtomicI64, size: u64| {
            let size = clamp(size);
            free.load(Ordering::Relaxed) <= size - size / 4
        };
        quarter_taken(&self.free_bytes, self.size.bytes)
            || quarter_taken(&self.free_events, self.size.events)
    }

    /// Gives back what was taken, and lets those who wait look again when there is enough.
    pub(crate) fn give_back(&self, grant: Grant) {
        self.free_bytes
            .fetch_add(clamp(grant.bytes), Ordering::SeqCst);
        self.free_events
            .fetch_add(clamp(grant.events), Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 && self.has_enough(Grant::default()) {
            let _turn = self.turn.lock();
            self.room.notify_all();
        }
    }

    /// Waits until there may be enough for `wanted` and others' too, `deadline` passed, or the client closes. The caller tries
    /// [`Self::take`] again.
    pub(crate) fn wait_for_room(&self, wanted: Grant, deadline: Instant) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut turn = self.turn.lock();
        while !self.has_enough(wanted) && !self.is_closing() {
            let now = Instant::now();
            if now >= deadline {
                break;
            }
            turn = self
                .room
                .wait_until(turn, deadline.min(now + CLOSE_CHECK_INTERVAL));
        }
        drop(turn);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    /// Releases everybody who waits for room.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        let _turn = self.turn.lock();
        self.room.notify_all();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    #[cfg(all(test, not(honey_model)))]
    pub(super) fn free(&self) -> Grant {
        let free = |pool: &AtomicI64| u64::try_from(pool.load(Ordering::SeqCst)).unwrap_or(0);
        Grant {
            bytes: free(&self.free_bytes),
            events: free(&self.free_events),
        }
    }

    fn has_enough(&self, wanted: Grant) -> bool {
        let bytes = wanted.bytes.max(self.size.bytes / ENOUGH_IS_ONE_IN);
        let events = wanted.events.max(self.size.events / ENOUGH_IS_ONE_IN);
        self.free_bytes.load(Ordering::SeqCst) >= clamp(bytes)
            && self.free_events.load(Ordering::SeqCst) >= clamp(events)
    }
}

fn take_from(pool: &AtomicI64, amount: u64) -> bool {
    let amount = clamp(amount);
    pool.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| {
        (free >= amount).then_some(free - amount)
    })
    .is_ok()
}

fn clamp(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Chunk;

    #[test]
    fn takes_both_or_neither() {
        let budget = Budget::new(100, 2);
        let two = Grant {
            bytes: 10,
            events: 2,
        };
        assert!(budget.take(two));
        assert!(!budget.take(Grant {
            bytes: 10,
            events: 1
        }));
        assert!(
            budget.take(Grant {
                bytes: 90,
                events: 0
            }),
            "the refused bytes went back"
        );
        budget.give_back(two);
        assert!(budget.take(two));
    }

    #[test]
    fn who_waits_goes_on_for_a_part_of_the_budget_not_for_one_event() {
        let all = Grant {
            bytes: 1_600,
            events: 160,
        };
        let budget = Budget::new(1_600, 160);
        assert!(budget.take(all));
        let [small, large] = [1, 400].map(|bytes| Grant { bytes, events: 1 });
        let goes_on = |wanted| budget.has_enough(wanted);
        let give_back = |bytes, events| budget.give_back(Grant { bytes, events });
        give_back(99, 10);
        assert!(!goes_on(small));
        give_back(1, 0);
        assert!(goes_on(small));
        assert!(!goes_on(large));
        give_back(300, 0);
        assert!(goes_on(large));
        give_back(0, 150);
        let many = Grant {
            bytes: 1,
            events: 40,
        };
        assert!(budget.take(Grant {
            bytes: 0,
            events: 151
        }));
        assert!(!goes_on(small), "nine events are less than a sixteenth");
        give_back(0, 1);
        assert!(goes_on(small) && !goes_on(many));
        give_back(0, 30);
        assert!(goes_on(many));
        assert!(
            Budget::new(1, 1).has_enough(small),
            "a budget of one event is not less than enough"
        );
    }

    #[test]
    fn who_waits_goes_on_at_once_with_room_and_gives_up_at_the_deadline() {
        let far = Instant::now() + Duration::from_secs(600);
        let one = Grant {
            bytes: 1,
            events: 1,
        };
        let budget = Budget::new(1, 1);
        budget.wait_for_room(one, far);
        assert!(budget.take(one));
        budget.wait_for_room(one, Instant::now());
        assert_eq!(budget.waiting.load(Ordering::SeqCst), 0);
        assert!(Instant::now() < far);
    }

    #[test]
    fn spare_chunks_have_a_quarter_of_it_at_most() {
        let budget = Budget::new(12_000, 1);
        for _ in 0..5 {
            budget.spares().keep(Chunk::with_memory(1_000));
        }
        let kept = std::iter::from_fn(|| budget.spares().take()).count();
        assert_eq!(kept, 3);
    }

    #[test]
    fn close_releases_a_waiter_long_before_its_deadline() {
        let budget = Budget::new(0, 0);
        let started = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                budget.wait_for_room(
                    Grant {
                        bytes: 1,
                        events: 1,
                    },
                    started + Duration::from_secs(600),
                );
            });
            budget.close();
        });
        assert!(started.elapsed() < Duration::from_secs(60));
    }
}
