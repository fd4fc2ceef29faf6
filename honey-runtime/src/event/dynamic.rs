//! Evaluating the scope's dynamic fields, on the thread that begins the event.

use std::cell::Cell;
use std::time::Duration;

use super::edit::aside;
use super::open::OpenEvent;
use crate::diagnostics::DiagnosticKind;
use crate::record::{Snapshot, monotonic_ns};
use crate::sync::Arc;

/// A call that takes this long is worth a word: ten thousand times what an event costs.
const SLOW: Duration = Duration::from_millis(1);
/// Of this many events of a thread, the calls for one are timed: two looks at the clock a field would cost more than most fields.
const EVENTS_PER_TIMED: u8 = 16;

thread_local! {
    static WATCH: Cell<Watch> = const { Cell::new(Watch { events_to_go: 0, was_slow: false }) };
}

/// When a thread looks next how long the calls take.
#[derive(Clone, Copy)]
struct Watch {
    events_to_go: u8,
    /// One slow call may be the scheduler's doing; the next event tells.
    was_slow: bool,
}

/// Evaluates the scope's dynamic fields, for events that will be sent.
#[inline]
pub(super) fn run_dynamic_fields(event: &mut OpenEvent) {
    let has_some = |snapshot: &Arc<Snapshot>| !snapshot.dynamic.is_empty();
    if event.is_sampled && event.snapshot.as_ref().is_some_and(has_some) {
        run_all(event);
    }
}

#[inline(never)]
fn run_all(event: &mut OpenEvent) {
    let Some(snapshot) = event.snapshot.clone() else {
        return;
    };
    let watch = WATCH.try_with(|watch| {
        let mut next = watch.get();
        next.events_to_go = next
            .events_to_go
            .checked_sub(1)
            .unwrap_or(EVENTS_PER_TIMED - 1);
        watch.replace(next)
    });
    if let Ok(Watch {
        events_to_go: 0,
        was_slow,
    }) = watch
    {
        run_timed(event, &snapshot, was_slow);
    } else {
        for source in &snapshot.dynamic {
            aside(|out| source(out), |edit| event.apply(edit));
        }
    }
}

/// Times each call; the second time running that one is slow is said.
#[cold]
fn run_timed(event: &mut OpenEvent, snapshot: &Snapshot, was_slow: bool) {
    let mut slowest = SLOW;
    let mut found = None;
    for source in &snapshot.dynamic {
        let began_ns = monotonic_ns();
        aside(
            |out| source(out),
            |edit| {
                let took = Duration::from_nanos(monotonic_ns().saturating_sub(began_ns));
                if took >= slowest {
                    slowest = took;
                    found = Some(edit.key().map(str::to_owned));
                }
                event.apply(edit);
            },
        );
    }
    let _ = WATCH.try_with(|watch| {
        let is_slow = found.is_some();
        let events_to_go = if is_slow && !was_slow {
            0
        } else {
            watch.get().events_to_go
        };
        watch.set(Watch {
            events_to_go,
            was_slow: is_slow,
        });
    });
    if let (Some(key), Some(client), true) = (found, &event.client, was_slow) {
        client.diagnostics.report(DiagnosticKind::SlowField, || {
            let which = key.map_or_else(|| "a dynamic field".to_owned(), |key| format!("the dynamic field {key:?}"));
            format!(
                "{which} took {slowest:.1?} on the thread that began an event: let it be called rarely \
                 (`#[honey::dynamic_field(every = \"1s\")]`), or keep its value in an atomic that another thread updates"
            )
        });
    }
}
