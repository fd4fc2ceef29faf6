//! Running user code from inside honey: a panic stays here, and events made inside are not recorded.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IN_USER_CODE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside user code that honey runs, or is one of honey's own.
#[inline]
pub(crate) fn is_inside() -> bool {
    IN_USER_CODE.try_with(Cell::get).unwrap_or(true)
}

/// Marks this thread as honey's own: its events are never recorded.
pub(crate) fn own_thread() {
    let _ = IN_USER_CODE.try_with(|inside| inside.set(true));
}

/// Runs user code; `None` when it panicked. The user's panic hook has run by then; with `panic = "abort"` nothing is isolated.
pub(crate) fn run<T>(code: impl FnOnce() -> T) -> Option<T> {
    let outside = IN_USER_CODE
        .try_with(|inside| inside.replace(true))
        .unwrap_or(true);
    let result = catch_unwind(AssertUnwindSafe(code));
    let result = match result {
        Ok(value) => Some(value),
        Err(payload) => {
            // Its `Drop` is user code too; what panics twice is left lying.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
                std::mem::forget(again);
            }
            None
        }
    };
    let _ = IN_USER_CODE.try_with(|inside| inside.set(outside));
    result
}

/// Drops what holds values of users: their `Drop` is user code. Never under a lock or borrow of ours.
pub(crate) fn discard<T>(value: T) {
    let _ = run(|| drop(value));
}
