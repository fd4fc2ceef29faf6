//! Finds a future that hides behind a type's name.

use std::future::Future;
use std::ops::Deref;

/// A value that was never made, to ask for its type. Never run: generated code stands behind `if false`.
pub struct FutureProbe<'a, T>(pub &'a T);

impl<T: Future> FutureProbe<'_, T> {
    /// Found first when the type is a future; using it is the warning.
    #[deprecated(
        note = "this function returns a future: only its construction is timed; add `future` (or `sync`)"
    )]
    pub fn returned_future(&self) {}
}

/// What is no future.
pub struct NoFuture;

impl NoFuture {
    /// Found otherwise: nothing to say.
    #[expect(clippy::unused_self, reason = "found by the search for a method")]
    pub fn returned_future(&self) {}
}

impl<T> Deref for FutureProbe<'_, T> {
    type Target = NoFuture;

    fn deref(&self) -> &NoFuture {
        &NoFuture
    }
}
