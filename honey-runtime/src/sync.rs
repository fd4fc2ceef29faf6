//! The locks the seam stands on: std's, with poison ignored.
//!
//! A panic while one of our locks is held can only come from our own code, and every state behind a lock is valid between
//! two statements; refusing to go on would turn one lost event into the loss of all of them.
//!
//! With `--cfg honey_model` the tests of the models get shuttle's, which tries schedule after schedule; its waits never time out, so
//! that a wake-up that is lost shows.

#[cfg(all(test, honey_model))]
use shuttle::sync as system;
#[cfg(not(all(test, honey_model)))]
use std::sync as system;

pub(crate) use std::sync::{Arc, Weak};
pub(crate) use system::atomic::{
    AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering,
};
pub(crate) use system::{MutexGuard, RwLockReadGuard, RwLockWriteGuard};

use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
use std::time::{Duration, Instant};

/// A mutex whose guard comes back even when a holder panicked.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(system::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(system::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        whole(self.0.lock())
    }

    /// The guard if nobody holds the lock at this moment; never waits.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        free(self.0.try_lock())
    }

    /// What is inside, for the only one who has it.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        whole(self.0.get_mut())
    }
}

/// A lock that many may read at once, whose guards come back even when a writer panicked.
#[derive(Debug, Default)]
pub(crate) struct RwLock<T>(system::RwLock<T>);

impl<T> RwLock<T> {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
        whole(self.0.read())
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, T> {
        whole(self.0.write())
    }

    /// The guard if nobody writes at this moment; never waits.
    pub(crate) fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        free(self.0.try_read())
    }

    /// The guard if nobody reads or writes at this moment; never waits.
    pub(crate) fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
        free(self.0.try_write())
    }
}

fn whole<G>(result: LockResult<G>) -> G {
    result.unwrap_or_else(PoisonError::into_inner)
}

fn free<G>(result: TryLockResult<G>) -> Option<G> {
    match result {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// A condition variable for [`Mutex`], whose waits always have a deadline.
#[derive(Debug, Default)]
pub(crate) struct Condvar(system::Condvar);

impl Condvar {
    pub(crate) const fn new() -> Self {
        Self(system::Condvar::new())
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }

    /// Waits until notified or until `deadline`; spurious wake-ups happen.
    pub(crate) fn wait_until<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        deadline: Instant,
    ) -> MutexGuard<'a, T> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.wait_for(guard, left)
    }

    fn wait_for<'a, T>(&self, guard: MutexGuard<'a, T>, left: Duration) -> MutexGuard<'a, T> {
        self.0
            .wait_timeout(guard, left)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poisoned_lock_opens_all_the_same() {
        let mutex = Mutex::new(1);
        let panicked = std::thread::scope(|threads| {
            let holder = threads.spawn(|| {
                let _held = mutex.lock();
                unreachable!("on purpose: with the lock held");
            });
            holder.join().is_err()
        });
        assert!(panicked);
        *mutex.lock() += 1;
        assert_eq!(mutex.try_lock().map(|value| *value), Some(2));
    }
}
