//! `let _ = honey::init(…)?` closes what it has just made, and everything after it would be silence. So the first event within a
//! second after such a close says what to write.

use std::time::Instant;

use super::{LAST_WORDS, live};
use crate::diagnostics::DiagnosticKind;
use crate::record::monotonic_ns;
use crate::sync::{AtomicU64, Ordering};

/// How long events are looked out for.
const WATCH_NS: u64 = 1_000_000_000;

/// Until when; 0: they are not.
static UNTIL_NS: AtomicU64 = AtomicU64::new(0);

/// Looks out for an event from now on. It would pass by where no client is live, so that one more is counted as live until then.
pub(crate) fn watch() {
    let until_ns = monotonic_ns().saturating_add(WATCH_NS);
    if UNTIL_NS.swap(until_ns, Ordering::SeqCst) == 0 {
        live::count_one_more();
    }
}

/// Looks out no more: there is a client again. Returns until when it would have.
pub(super) fn forget() -> Option<u64> {
    let until_ns = UNTIL_NS.swap(0, Ordering::SeqCst);
    if until_ns == 0 {
        return None;
    }
    live::count_one_less();
    Some(until_ns)
}

/// In a child process: what the parent looks out for is none of its business, nor counted there.
pub(super) fn leave_parent() {
    UNTIL_NS.store(0, Ordering::SeqCst);
}

/// There was an event, named `name`, and no client to take it.
#[cold]
pub(crate) fn notice(name: Option<&str>) {
    // The first after the second ends the watch, too late to be told.
    let is_in_time = forget().is_some_and(|until_ns| monotonic_ns() <= until_ns);
    let Some(closed) = live::last_global().filter(|_| is_in_time) else {
        return;
    };
    closed.diagnostics.report(DiagnosticKind::DroppedGuard, || {
        let event = name.map_or_else(|| "an event".to_owned(), |name| format!("the event {name:?}"));
        format!(
            "{event} is not recorded, nor is any other: the guard that `honey::init` returned was dropped at once, and honey closed \
             with it. Bind it for as long as the program runs: `let _guard = honey::init(…)?;` in `main`, not `let _ = …`"
        )
    });
    // Nobody else waits for it: the client is closed, and a program whose first event this is may be at its end.
    closed
        .diagnostics
        .wait_until_said(Instant::now() + LAST_WORDS);
    crate::isolate::discard(closed);
}
