//! Running the body of a function.

use super::{EventHandle, Started};

/// The event, with its handle.
#[inline]
pub fn with_handle(event: Started) -> (Started, EventHandle) {
    let handle = event.handle();
    (event, handle)
}

/// Calls `body`. The bound makes the closure one that may give away what it captured, as the function's own body may.
#[inline]
pub fn call_once<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// Calls `closure` with `value`, with a lifetime that the result may borrow for.
#[inline]
pub fn project<'a, T: ?Sized, R>(value: &'a T, closure: impl FnOnce(&'a T) -> R) -> R {
    closure(value)
}

/// The operand of a `return` that never runs but tells the compiler the type.
#[cold]
#[must_use]
pub fn no_value<T>() -> T {
    unreachable!("generated code never calls this")
}
