//! Randomness of our own: a program that seeds `fastrand` for its tests must not make all trace ids the same, nor may honey take
//! numbers out of its sequence.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};

use fastrand::Rng;

thread_local! {
    static RNG: RefCell<Option<Rng>> = const { RefCell::new(None) };
}

pub(super) fn u64() -> u64 {
    with(|rng| rng.u64(..))
}

pub(super) fn u128() -> u128 {
    with(|rng| rng.u128(..))
}

/// A number below `bound`, which is at least 1.
pub(super) fn below(bound: u32) -> u32 {
    with(|rng| rng.u32(..bound.max(1)))
}

#[inline]
fn with<T>(draw: impl FnOnce(&mut Rng) -> T) -> T {
    RNG.with_borrow_mut(|rng| draw(rng.get_or_insert_with(fresh)))
}

/// In a child process: draws other numbers than the parent's thread does.
pub(super) fn reseed() {
    RNG.set(None);
}

/// The operating system's randomness, by way of the standard library's hash keys; these a child process has in common with its
/// parent.
fn fresh() -> Rng {
    let here = (std::process::id(), std::thread::current().id());
    Rng::with_seed(RandomState::new().hash_one(here))
}
