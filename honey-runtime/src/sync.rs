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
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_utils::atomic::AtomicCell;

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

    /// The guard, waiting for it until `deadline`: for a lock that nobody holds for long, unless it was inherited by a fork.
    pub(crate) fn lock_until(&self, deadline: Instant) -> Option<MutexGuard<'_, T>> {
        loop {
            let guard = self.try_lock();
            if guard.is_some() || Instant::now() >= deadline {
                return guard;
            }
            thread::yield_now();
        }
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

/// A value that is made once and stays. Nobody waits for a thread that is making it: what comes first counts. With std's cells
/// a child process would wait for ever, when a thread of its parent was at it during the fork.
pub(crate) struct OnceRef<T: 'static>(AtomicCell<Option<Place<T>>>);

/// Where the value is.
struct Place<T: 'static>(&'static T);

impl<T> Clone for Place<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Place<T> {}

impl<T> PartialEq for Place<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T> Eq for Place<T> {}

impl<T> OnceRef<T> {
    /// It is one pointer, which the processor changes in one piece.
    const IS_LOCK_FREE: () = assert!(AtomicCell::<Option<Place<T>>>::is_lock_free());

    pub(crate) const fn new() -> Self {
        let () = Self::IS_LOCK_FREE;
        Self(AtomicCell::new(None))
    }

    #[inline]
    pub(crate) fn get(&self) -> Option<&'static T> {
        self.0.load().map(|place| place.0)
    }

    /// The value; made now if there is none. Threads that come at once may all make one: those that are not needed are left lying.
    #[inline]
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &'static T {
        self.get().unwrap_or_else(|| self.put(make()))
    }

    /// False: there is one already.
    pub(crate) fn set(&self, value: T) -> bool {
        let value = Box::leak(Box::new(value));
        std::ptr::eq(self.offer(value), value)
    }

    #[cold]
    fn put(&self, value: T) -> &'static T {
        self.offer(Box::leak(Box::new(value)))
    }

    fn offer(&self, value: &'static T) -> &'static T {
        match self.0.compare_exchange(None, Some(Place(value))) {
            Err(Some(first)) => first.0,
            _ => value,
        }
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

    #[test]
    fn a_lock_is_waited_for_until_the_deadline() {
        let mutex = Mutex::new(1);
        let far = Instant::now() + Duration::from_secs(60);
        let held = mutex.lock();
        assert!(mutex.lock_until(Instant::now()).is_none());
        let waited = thread::scope(|threads| {
            let waiting = threads.spawn(|| mutex.lock_until(far).is_some());
            drop(held);
            waiting.join().unwrap_or(false)
        });
        assert!(waited);
    }

    /// As a child process would, whose parent forked while a thread was making the value: it comes, and the thread never goes on.
    #[test]
    fn nobody_waits_for_a_thread_that_makes_a_value() {
        let once = &OnceRef::new();
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let (begun, started) = std::sync::mpsc::channel();
        thread::scope(|threads| {
            let slow = threads.spawn(move || {
                *once.get_or_make(|| {
                    let _ = begun.send(());
                    let _ = wait.recv();
                    1
                })
            });
            assert!(started.recv().is_ok());
            assert_eq!(once.get(), None);
            assert_eq!(once.get_or_make(|| 2), &2);
            assert!(!once.set(3));
            drop(go_on);
            assert_eq!(slow.join().ok(), Some(2), "the first that came counts");
        });
        assert_eq!(once.get(), Some(&2));
    }
}
