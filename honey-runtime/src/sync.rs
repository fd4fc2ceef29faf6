//! The locks the seam stands on: std's, with poison ignored.
//!
//! A panic while one of our locks is held can only come from our own code, and every state behind a lock is valid between
//! two statements; refusing to go on would turn one lost event into the loss of all of them.
//!
//! With `--cfg honey_model` the tests of the models get shuttle's, which tries schedule after schedule; its waits never time out, so
//! that a wake-up that is lost shows.

#[cfg(all(test, honey_model))]
use shuttle as all;
#[cfg(not(all(test, honey_model)))]
use std as all;

use all::sync as system;
pub(crate) use std::sync::{Arc, Weak};
pub(crate) use system::atomic::{
    AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering,
};
pub(crate) use system::{MutexGuard, RwLockReadGuard, RwLockWriteGuard};

use std::ops::{Deref, DerefMut};
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

/// A value that one thread at a time has in hand: a [`Mutex`] that costs less to open, for its opening is a plain store, which waits
/// for nothing that was written before. A `Mutex` is opened by a locked instruction, and that waits until what was written inside has
/// arrived: when another processor had that memory last, as long as all the rest takes.
///
/// Who waits does so by looking again, so it is for what is held for less than a microsecond. The value is never freed.
pub(crate) struct Baton<T: 'static>(Place<T>);

/// Where it lies while nobody has it: taken by a swap, put back by a store that frees nothing.
#[cfg(not(all(test, honey_model)))]
type Place<T> = AtomicCell<Option<&'static mut T>>;

/// Otherwise opening would cost what it is to save.
#[cfg(not(all(test, honey_model)))]
const _: () = assert!(Place::<u64>::is_lock_free());

/// The same for the models.
#[cfg(all(test, honey_model))]
struct Place<T: 'static>(Mutex<Option<&'static mut T>>);

#[cfg(all(test, honey_model))]
impl<T> Place<T> {
    fn new(value: Option<&'static mut T>) -> Self {
        Self(Mutex::new(value))
    }

    fn take(&self) -> Option<&'static mut T> {
        self.0.lock().take()
    }

    fn store(&self, value: Option<&'static mut T>) {
        *self.0.lock() = value;
    }
}

/// The value of a [`Baton`], to be given back.
pub(crate) struct Held<'a, T: 'static> {
    from: &'a Baton<T>,
    /// `None` only while this is being dropped.
    value: Option<&'static mut T>,
}

impl<T: Send> Baton<T> {
    /// So many looks before others get the processor, and so many before it sleeps in between.
    const LOOKS_AWAKE: u32 = 64;
    const LOOKS: u32 = 128;
    const PAUSE: Duration = Duration::from_micros(50);

    pub(crate) fn new(value: T) -> Self {
        Self(Place::new(Some(Box::leak(Box::new(value)))))
    }

    /// The value, if nobody has it at this moment; never waits.
    #[inline]
    pub(crate) fn try_lock(&self) -> Option<Held<'_, T>> {
        let value = Some(self.0.take()?);
        Some(Held { from: self, value })
    }

    pub(crate) fn lock(&self) -> Held<'_, T> {
        let mut looks = 0;
        loop {
            if let Some(held) = self.try_lock() {
                return held;
            }
            looks = Self::LOOKS.min(looks + 1);
            if looks < Self::LOOKS_AWAKE {
                all::hint::spin_loop();
            } else if looks < Self::LOOKS {
                all::thread::yield_now();
            } else {
                // Its holder was pushed aside by another thread.
                all::thread::sleep(Self::PAUSE);
            }
        }
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        match &self.value {
            Some(value) => value,
            None => unreachable!("given back when it is dropped"),
        }
    }
}

impl<T> DerefMut for Held<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.value {
            Some(value) => value,
            None => unreachable!("given back when it is dropped"),
        }
    }
}

impl<T> Drop for Held<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(value) = self.value.take() {
            self.from.0.store(Some(value));
        }
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
pub(crate) struct OnceRef<T: 'static>(AtomicCell<Option<Made<T>>>);

/// Where the value is.
struct Made<T: 'static>(&'static T);

impl<T> Clone for Made<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Made<T> {}

impl<T> PartialEq for Made<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T> Eq for Made<T> {}

impl<T> OnceRef<T> {
    /// It is one pointer, which the processor changes in one piece.
    const IS_LOCK_FREE: () = assert!(AtomicCell::<Option<Made<T>>>::is_lock_free());

    pub(crate) const fn new() -> Self {
        let () = Self::IS_LOCK_FREE;
        Self(AtomicCell::new(None))
    }

    #[inline]
    pub(crate) fn get(&self) -> Option<&'static T> {
        self.0.load().map(|made| made.0)
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
        match self.0.compare_exchange(None, Some(Made(value))) {
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
    fn a_baton_is_in_one_hand_at_a_time_and_comes_back_from_a_panic() {
        static ROUNDS: u64 = 20_000;
        let baton = Baton::new((0_u64, 0_u64));
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| {
                    for _ in 0..ROUNDS {
                        let mut held = baton.lock();
                        assert_eq!(held.0, held.1);
                        held.0 += 1;
                        assert!(baton.try_lock().is_none(), "it is in this hand");
                        held.1 += 1;
                    }
                });
            }
            let panicked = threads.spawn(|| {
                let _held = baton.lock();
                unreachable!("on purpose: with the baton held");
            });
            assert!(panicked.join().is_err());
        });
        assert_eq!(*baton.lock(), (3 * ROUNDS, 3 * ROUNDS));
    }

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
        let (refused, is_refused) = std::sync::mpsc::channel();
        let waited = thread::scope(|threads| {
            let waiting = threads.spawn(|| {
                let _ = refused.send(mutex.try_lock().is_none());
                mutex.lock_until(far).is_some()
            });
            assert_eq!(is_refused.recv(), Ok(true));
            // As a rule it looks more than once.
            (0..100).for_each(|_| thread::yield_now());
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
