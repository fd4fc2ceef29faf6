//! `every` and `once`: a dynamic field's values, kept for the events of a while.

use std::sync::RwLock;

use super::cell::recorded;
use crate::fields::FieldSink;
use crate::record::{DynamicSource, FieldBuffer, monotonic_ns};
use crate::sync::{Arc, AtomicBool, AtomicU64, Ordering};
use crate::value::Trouble;

/// Values that are as old as they may be, with the moment they are too old.
struct Kept {
    record: fn(&mut FieldSink<'_>),
    every_ns: u64,
    due_ns: AtomicU64,
    held: RwLock<Arc<FieldBuffer>>,
    /// What went wrong at the start, for the first event to count.
    trouble: Trouble,
    is_counted: AtomicBool,
}

/// A source that calls `record` now, and again for the first event after each `every_ns`; never again for `u64::MAX`.
///
/// Nobody waits: while one thread calls the function, the others record what there was before.
pub(super) fn kept(record: fn(&mut FieldSink<'_>), every_ns: u64) -> DynamicSource {
    let (held, trouble) = recorded(record);
    let kept = Kept {
        record,
        every_ns,
        due_ns: AtomicU64::new(monotonic_ns().saturating_add(every_ns)),
        held: RwLock::new(Arc::new(held)),
        trouble,
        is_counted: AtomicBool::new(trouble.is_none()),
    };
    Arc::new(move |out: &mut FieldSink<'_>| kept.put(out))
}

impl Kept {
    fn put(&self, out: &mut FieldSink<'_>) {
        if !self.is_counted.load(Ordering::Relaxed)
            && !self.is_counted.swap(true, Ordering::Relaxed)
        {
            out.count(self.trouble);
        }
        if self.every_ns != u64::MAX && self.is_due() {
            self.refresh(out);
        }
        // A writer holds it for the length of one assignment.
        if let Ok(held) = self.held.try_read() {
            out.append(&held);
        }
    }

    /// Whether it is time, and this thread's task: the first to ask moves the time on.
    fn is_due(&self) -> bool {
        let due = self.due_ns.load(Ordering::Relaxed);
        let now = monotonic_ns();
        let next = now.saturating_add(self.every_ns);
        let exchange = Ordering::Relaxed;
        now >= due
            && self
                .due_ns
                .compare_exchange(due, next, exchange, exchange)
                .is_ok()
    }

    /// A function that panics leaves the field out until the next time.
    fn refresh(&self, out: &mut FieldSink<'_>) {
        let (fresh, trouble) = recorded(self.record);
        out.count(trouble);
        let fresh = Arc::new(fresh);
        if let Ok(mut held) = self.held.try_write() {
            let before = std::mem::replace(&mut *held, fresh);
            drop(held);
            drop(before);
        } else {
            // Somebody is reading: the next event tries again.
            self.due_ns.store(0, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64 as Counter;

    static CALLS: Counter = Counter::new(0);

    fn count_calls(out: &mut FieldSink<'_>) {
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        out.put("call", crate::value::Value::U64(call));
    }

    fn put(source: &DynamicSource) -> FieldBuffer {
        let (fields, trouble) = recorded(|out| source(out));
        assert!(trouble.is_none());
        fields
    }

    #[test]
    fn the_function_is_called_when_its_time_has_come_and_not_before() {
        let once = kept(count_calls, u64::MAX);
        let hourly = kept(count_calls, 3_600_000_000_000);
        for _ in 0..10 {
            assert_eq!((put(&once).len(), put(&hourly).len()), (1, 1));
        }
        assert_eq!(CALLS.load(Ordering::Relaxed), 2);
        let always = kept(count_calls, 0);
        assert_eq!((put(&always).len(), put(&always).len()), (1, 1));
        assert_eq!(CALLS.load(Ordering::Relaxed), 5);
    }
}
