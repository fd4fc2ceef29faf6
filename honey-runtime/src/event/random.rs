//! Randomness of our own: a program that seeds `fastrand` for its tests must not make all trace ids the same, nor may honey take
//! numbers out of its sequence.

use std::cell::Cell;
use std::hash::{BuildHasher as _, RandomState};

use fastrand::Rng;

thread_local! {
    /// The generator's state; 0: not seeded yet.
    static SEED: Cell<u64> = const { Cell::new(0) };
}

#[inline]
pub(super) fn u64() -> u64 {
    with(|rng| rng.u64(..))
}

#[inline]
pub(super) fn three() -> [u64; 3] {
    with(|rng| [rng.u64(..), rng.u64(..), rng.u64(..)])
}

/// A number below `bound`, which is at least 1.
#[inline]
pub(super) fn below(bound: u32) -> u32 {
    with(|rng| rng.u32(..bound.max(1)))
}

#[inline]
fn with<T>(draw: impl FnOnce(&mut Rng) -> T) -> T {
    // Never an error: there is nothing to drop. `try_with` is inlined, `with` is not.
    let state = SEED.try_with(Cell::get).unwrap_or(0);
    let mut rng = if state == 0 {
        fresh()
    } else {
        Rng::with_seed(state)
    };
    let drawn = draw(&mut rng);
    let _ = SEED.try_with(|state| state.set(rng.get_seed()));
    drawn
}

/// In a child process: draws other numbers than the parent's thread does.
pub(super) fn reseed() {
    SEED.set(0);
}

/// The operating system's randomness, by way of the standard library's hash keys; these a child process has in common with its
/// parent.
#[cold]
fn fresh() -> Rng {
    let here = (std::process::id(), std::thread::current().id());
    Rng::with_seed(RandomState::new().hash_one(here))
}
