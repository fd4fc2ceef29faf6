//! `every` and `once`: a dynamic field's values, kept for the events of a while.

use std::sync::{RwLock, TryLockError};

use super::cell::recorded;
use crate::fields::FieldSink;
use crate::record::{DynamicSource, FieldBuffer, monotonic_ns};
use crate::sync::{Arc, AtomicBool, AtomicU64, AtomicUsize, Ordering};
use crate::value::Trouble;

/// A place can be taken only while a refresh writes to it, which it does to the one that nobody is sent to: whoever meets that was
/// sent there a refresh ago, and finds the other one at the next look.
const LOOKS: usize = 8;

/// Values that are as old as they may be, with the moment they are too old.
struct Kept {
    record: fn(&mut FieldSink<'_>),
    every_ns: u64,
    due_ns: AtomicU64,
    is_refreshing: AtomicBool,
    /// The values that count stand in one place while the next ones are written to the other.
    places: [RwLock<FieldBuffer>; 2],
    /// Which place counts.
    current: AtomicUsize,
    /// What went wrong at the start, for the first event to count.
    trouble: Trouble,
    is_counted: AtomicBool,
}

/// A source that calls `record` now, and again for the first event after each `every_ns`; never again for `u64::MAX`.
///
/// One thread at a time calls it, and nobody waits for that one: the others record the values that were there before.
pub(super) fn kept(record: fn(&mut FieldSink<'_>), every_ns: u64) -> DynamicSource {
    let kept = Kept::new(record, every_ns);
    Arc::new(move |out: &mut FieldSink<'_>| kept.put(out))
}

impl Kept {
    fn new(record: fn(&mut FieldSink<'_>), every_ns: u64) -> Self {
        let (first, trouble) = recorded(record);
        Self {
            record,
            every_ns,
            due_ns: AtomicU64::new(monotonic_ns().saturating_add(every_ns)),
            is_refreshing: AtomicBool::new(false),
            places: [RwLock::new(first), RwLock::default()],
            current: AtomicUsize::new(0),
            trouble,
            is_counted: AtomicBool::new(trouble.is_none()),
        }
    }

    fn put(&self, out: &mut FieldSink<'_>) {
        if !self.is_counted.load(Ordering::Relaxed)
            && !self.is_counted.swap(true, Ordering::Relaxed)
        {
            out.count(self.trouble);
        }
        if self.every_ns != u64::MAX && self.is_mine_to_refresh() {
            self.refresh(out);
            self.is_refreshing.store(false, Ordering::Release);
        }
        self.copy(out);
    }

    /// Whether it is time, and this thread is the one to do it: the first to ask, who moves the time on.
    fn is_mine_to_refresh(&self) -> bool {
        let now = monotonic_ns();
        let is_due = || now >= self.due_ns.load(Ordering::Relaxed);
        if !is_due() || self.is_refreshing.swap(true, Ordering::Acquire) {
            return false;
        }
        // Somebody may have come and gone between the two questions.
        let is_still_due = is_due();
        if is_still_due {
            let next = now.saturating_add(self.every_ns);
            self.due_ns.store(next, Ordering::Relaxed);
        } else {
            self.is_refreshing.store(false, Ordering::Release);
        }
        is_still_due
    }

    /// A function that panics leaves the field out until the next time.
    fn refresh(&self, out: &mut FieldSink<'_>) {
        let (fresh, trouble) = recorded(self.record);
        out.count(trouble);
        let spare = 1 - self.current.load(Ordering::Relaxed);
        // Refused only when a thread has been stopped in the midst of copying since the refresh before this one: then the values
        // stay until the next.
        if let Ok(mut place) = self.places[spare].try_write() {
            *place = fresh;
            drop(place);
            self.current.store(spare, Ordering::Release);
        }
    }

    fn copy(&self, out: &mut FieldSink<'_>) {
        for _ in 0..LOOKS {
            match self.places[self.current.load(Ordering::Acquire)].try_read() {
                Ok(values) => return out.append(&values),
                Err(TryLockError::Poisoned(poisoned)) => return out.append(poisoned.get_ref()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::sync::{Barrier, Mutex, PoisonError};

    use crate::record::Scalar;
    use crate::value::Value;

    fn put(kept: &Kept) -> FieldBuffer {
        let (fields, trouble) = recorded(|out| kept.put(out));
        assert!(trouble.is_none());
        fields
    }

    /// The only field's number.
    fn number(fields: &FieldBuffer) -> u64 {
        match fields.view().fields {
            [field] => match field.value {
                Scalar::U64(number) => number,
                _ => u64::MAX,
            },
            _ => u64::MAX,
        }
    }

    #[test]
    fn the_function_is_called_when_its_time_has_come_and_not_before() {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        fn count_calls(out: &mut FieldSink<'_>) {
            out.put("call", Value::U64(CALLS.fetch_add(1, Ordering::Relaxed)));
        }
        let once = Kept::new(count_calls, u64::MAX);
        let hourly = Kept::new(count_calls, 3_600_000_000_000);
        for _ in 0..10 {
            assert_eq!((number(&put(&once)), number(&put(&hourly))), (0, 1));
        }
        let always = Kept::new(count_calls, 0);
        assert_eq!((number(&put(&always)), number(&put(&always))), (3, 4));
    }

    #[test]
    fn one_thread_refreshes_and_every_event_has_a_value() {
        const THREADS: usize = 4;
        const ROUNDS: u64 = 500;
        static CALLS: AtomicU64 = AtomicU64::new(0);
        fn count_calls(out: &mut FieldSink<'_>) {
            out.put("call", Value::U64(CALLS.fetch_add(1, Ordering::Relaxed)));
        }
        let kept = Kept::new(count_calls, 3_600_000_000_000);
        let barrier = Barrier::new(THREADS);
        std::thread::scope(|threads| {
            for _ in 0..THREADS {
                threads.spawn(|| {
                    for round in 1..=ROUNDS {
                        if barrier.wait().is_leader() {
                            kept.due_ns.store(0, Ordering::Relaxed);
                        }
                        barrier.wait();
                        let number = number(&put(&kept));
                        assert!(
                            number == round || number == round - 1,
                            "{number} in {round}"
                        );
                        barrier.wait();
                        assert_eq!(CALLS.load(Ordering::Relaxed), round + 1, "calls");
                    }
                });
            }
        });
    }

    #[test]
    fn a_refresh_that_takes_its_time_keeps_nobody_waiting_and_is_not_joined() {
        type Gate = Mutex<Option<(Sender<()>, Receiver<()>)>>;
        static GATE: Gate = Mutex::new(None);
        static CALLS: AtomicU64 = AtomicU64::new(0);
        fn stops_at_the_gate(out: &mut FieldSink<'_>) {
            let call = CALLS.fetch_add(1, Ordering::Relaxed);
            if let Some((entered, open)) = &*GATE.lock().unwrap_or_else(PoisonError::into_inner) {
                let _ = entered.send(());
                let _ = open.recv();
            }
            out.put("call", Value::U64(call));
        }
        let kept = Kept::new(stops_at_the_gate, 0);
        let (entered, has_entered) = channel();
        let (opened, open) = channel();
        *GATE.lock().unwrap_or_else(PoisonError::into_inner) = Some((entered, open));
        std::thread::scope(|threads| {
            let refreshing = threads.spawn(|| number(&put(&kept)));
            assert!(has_entered.recv().is_ok());
            // It is due at every look, but somebody is at it.
            assert_eq!([number(&put(&kept)), number(&put(&kept))], [0, 0]);
            drop(opened);
            assert_eq!(refreshing.join().unwrap_or(u64::MAX), 1);
        });
        assert_eq!(CALLS.load(Ordering::Relaxed), 2);
    }
}
