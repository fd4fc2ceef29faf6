//! Which process this is: a child that came by fork has its parent's memory, but none of its threads, and so locks that nobody will
//! ever open.
//!
//! Asking the system for the process's number costs more than recording an event. So it is asked only where a lock would be waited
//! for, or where little is lost by asking; a child that is found to be one begins anew, and forgets what it has inherited.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::{
    Baton, Held, Mutex, MutexGuard, OnceRef, RwLock, RwLockReadGuard, RwLockWriteGuard,
};

/// How many forks led here, as far as they were noticed (upper half), and this process's number (lower half; 0: never asked).
/// Not behind `sync`: a model of the threads has no processes.
static STATE: AtomicU64 = AtomicU64::new(0);
static WHEN_FORKED: OnceRef<fn()> = OnceRef::new();

/// The field that says which process an event is from, and that a child must not take over.
pub(crate) const PID_FIELD: &str = "process.pid";

/// Notes that there is something that a fork would leave behind; `when_forked` sees to it in the child.
pub(crate) fn watch(when_forked: fn()) {
    let _ = WHEN_FORKED.get_or_make(|| when_forked);
    let state = STATE.load(Ordering::Acquire);
    if number_of(state) == 0 {
        let _ = STATE.compare_exchange(
            state,
            pack(generation_of(state), std::process::id()),
            Ordering::AcqRel,
            Ordering::Acquire,
        );
    }
}

/// Whether this process came by a fork since that was last noticed. Changes nothing.
pub(crate) fn has_forked() -> bool {
    let known = number_of(STATE.load(Ordering::Acquire));
    known != 0 && known != std::process::id()
}

/// Notices a fork. What was inherited is forgotten when this returns (to the first thread that asks; others may be early).
pub(crate) fn notice_fork() {
    let state = STATE.load(Ordering::Acquire);
    let (known, here) = (number_of(state), std::process::id());
    if known == 0 || known == here {
        return;
    }
    let next = pack(generation_of(state).wrapping_add(1), here);
    let is_first = STATE
        .compare_exchange(state, next, Ordering::AcqRel, Ordering::Acquire)
        .is_ok();
    if let Some(when_forked) = WHEN_FORKED.get().filter(|_| is_first) {
        when_forked();
    }
}

fn pack(generation: u32, number: u32) -> u64 {
    u64::from(generation) << 32 | u64::from(number)
}

fn generation_of(state: u64) -> u32 {
    (state >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half")]
fn number_of(state: u64) -> u32 {
    state as u32
}

/// The process that something was made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin(u32);

impl Origin {
    /// The process that began the program, before any fork.
    pub(crate) const FIRST: Self = Self(0);

    /// This process, as far as forks were noticed: one load.
    #[inline]
    pub(crate) fn here() -> Self {
        Self(generation_of(STATE.load(Ordering::Relaxed)))
    }

    /// Whether it was made here, as far as forks were noticed: one load.
    #[inline]
    pub(crate) fn is_here(self) -> bool {
        self == Self::here()
    }

    /// Whether it was inherited by a fork. Asks the system.
    pub(crate) fn is_elsewhere(self) -> bool {
        notice_fork();
        !self.is_here()
    }

    /// Locks what was made there; `None` when a thread may hold it that is not in this process.
    pub(crate) fn lock<T>(self, mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
        mutex
            .try_lock()
            .or_else(|| (!self.is_elsewhere()).then(|| mutex.lock()))
    }

    /// The same for a baton.
    pub(crate) fn hold<T: Send>(self, baton: &Baton<T>) -> Option<Held<'_, T>> {
        baton
            .try_lock()
            .or_else(|| (!self.is_elsewhere()).then(|| baton.lock()))
    }
}

/// A static that each process has for itself: a child begins with a new one, for its parent's may be locked for ever.
pub(crate) struct PerProcess<T: 'static> {
    make: fn() -> T,
    first: OnceRef<Link<T>>,
}

/// The value of one process, and the way to its child's.
struct Link<T: 'static> {
    value: T,
    next: OnceRef<Link<T>>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self {
            make,
            first: OnceRef::new(),
        }
    }

    /// This process's.
    pub(crate) fn get(&'static self) -> &'static T {
        self.nth(Origin::here().0)
    }

    /// What the process had that forked this one.
    pub(crate) fn inherited(&'static self) -> Option<&'static T> {
        Some(self.nth(Origin::here().0.checked_sub(1)?))
    }

    fn nth(&'static self, forks: u32) -> &'static T {
        let mut place = &self.first;
        for _ in 0..forks {
            place = &self.link(place).next;
        }
        &self.link(place).value
    }

    fn link(&self, place: &OnceRef<Link<T>>) -> &'static Link<T> {
        place.get_or_make(|| Link {
            value: (self.make)(),
            next: OnceRef::new(),
        })
    }
}

impl<T> PerProcess<Mutex<T>> {
    /// Waits only for threads of this process.
    pub(crate) fn lock(&'static self) -> MutexGuard<'static, T> {
        self.get().try_lock().unwrap_or_else(|| {
            notice_fork();
            self.get().lock()
        })
    }
}

impl<T> PerProcess<RwLock<T>> {
    /// Waits only for threads of this process.
    pub(crate) fn read(&'static self) -> RwLockReadGuard<'static, T> {
        self.get().try_read().unwrap_or_else(|| {
            notice_fork();
            self.get().read()
        })
    }

    /// Waits only for threads of this process.
    pub(crate) fn write(&'static self) -> RwLockWriteGuard<'static, T> {
        self.get().try_write().unwrap_or_else(|| {
            notice_fork();
            self.get().write()
        })
    }
}

/// Makes the next run of a model find everything as a new process does.
#[cfg(all(test, honey_model))]
pub(crate) fn begin_anew() {
    STATE.fetch_add(1 << 32, Ordering::SeqCst);
}

/// For tests of what a child process does: they need no fork, but a process of their own.
#[cfg(all(test, not(honey_model)))]
pub(crate) mod testing {
    use std::env;
    use std::process::Command;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::{Ordering, STATE, generation_of, pack};

    /// Names the test that has this process for itself.
    const ALONE: &str = "HONEY_TEST_ALONE";
    /// More than a test takes that does not hang.
    const LONGEST: Duration = Duration::from_secs(60);

    /// Runs `test`, whose full name is `name`, in a process of its own, and fails where it fails or hangs.
    #[track_caller]
    pub(crate) fn alone(name: &str, test: fn()) {
        if env::var(ALONE).as_deref() == Ok(name) {
            // What hangs ends with its process.
            let (end, ended) = mpsc::channel::<()>();
            let test = thread::spawn(move || {
                let _end = end;
                test();
            });
            let in_time = ended.recv_timeout(LONGEST) == Err(mpsc::RecvTimeoutError::Disconnected);
            assert!(in_time, "it hangs");
            return assert!(test.join().is_ok());
        }
        let output = env::current_exe().and_then(|program| {
            Command::new(program)
                .args(["--exact", name, "--nocapture", "--test-threads=1"])
                .env(ALONE, name)
                .output()
        });
        let Ok(output) = output else {
            unreachable!("{output:?}")
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}{complained}");
        assert!(said.contains("1 passed"), "{name} is no test: {said}");
    }

    /// From now on this process is as a child of a fork that nobody has noticed.
    pub(crate) fn fork() {
        let generation = generation_of(STATE.load(Ordering::SeqCst));
        let parent = std::process::id().wrapping_add(1);
        STATE.store(pack(generation, parent), Ordering::SeqCst);
    }

    /// Begins a thread that does `hold`, which is given what never returns. As after a fork: it stands there for ever.
    pub(crate) fn hold_for_ever(hold: impl FnOnce(&dyn Fn()) + Send + 'static) {
        let (begun, has_begun) = mpsc::channel();
        thread::spawn(move || {
            hold(&|| {
                let _ = begun.send(());
                loop {
                    thread::park();
                }
            });
        });
        assert!(has_begun.recv().is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Mutex;

    #[cfg(not(honey_model))]
    #[test]
    fn a_child_waits_for_nothing_that_a_thread_of_its_parent_holds() {
        testing::alone(
            "process::tests::a_child_waits_for_nothing_that_a_thread_of_its_parent_holds",
            held_locks,
        );
    }

    /// What threads of the parent hold, and its process.
    #[cfg(not(honey_model))]
    type Parts = (&'static Mutex<()>, &'static Baton<u32>, Origin);

    #[cfg(not(honey_model))]
    fn held_locks() {
        static NOTICED: AtomicU64 = AtomicU64::new(0);
        static MUTEX: PerProcess<Mutex<u32>> = PerProcess::new(Mutex::default);
        static READ: PerProcess<RwLock<u32>> = PerProcess::new(RwLock::default);
        static WRITTEN: PerProcess<RwLock<u32>> = PerProcess::new(RwLock::default);
        watch(|| {
            NOTICED.fetch_add(1, Ordering::SeqCst);
        });
        let free: &'static Mutex<()> = Box::leak(Box::default());
        let mutex: &'static Mutex<()> = Box::leak(Box::default());
        let baton: &'static Baton<u32> = Box::leak(Box::new(Baton::new(0)));
        let origin = Origin::here();
        // Each of them alone: the first that notices a fork spares the others.
        let checks: [(fn(&dyn Fn(), Parts), fn(Parts) -> bool); 5] = [
            (
                |stand, (mutex, ..)| {
                    let _held = mutex.lock();
                    stand();
                },
                |(mutex, _, origin)| origin.lock(mutex).is_none(),
            ),
            (
                |stand, (_, baton, _)| {
                    let _held = baton.lock();
                    stand();
                },
                |(_, baton, origin)| origin.hold(baton).is_none(),
            ),
            (
                |stand, _| {
                    let mut held = MUTEX.lock();
                    *held = 1;
                    stand();
                },
                |_| *MUTEX.lock() == 0,
            ),
            (
                |stand, _| {
                    let mut held = READ.write();
                    *held = 1;
                    stand();
                },
                |_| *READ.read() == 0,
            ),
            (
                |stand, _| {
                    let mut held = WRITTEN.write();
                    *held = 1;
                    stand();
                },
                |_| *WRITTEN.write() == 0,
            ),
        ];
        for (forks, (hold, is_passed_by)) in (1..).zip(checks) {
            let parts = (mutex, baton, Origin::here());
            testing::hold_for_ever(move |stand| hold(stand, parts));
            testing::fork();
            assert!(origin.lock(free).is_some(), "nobody is asked");
            assert!(has_forked());
            assert!(is_passed_by(parts));
            assert!(!has_forked());
            assert_eq!(NOTICED.load(Ordering::SeqCst), forks);
        }
        assert!(origin.is_elsewhere());
        assert!(!Origin::here().is_elsewhere());
    }

    /// A thread that is making the process's value when the process forks never goes on in the child.
    #[test]
    fn nobody_waits_for_a_thread_that_makes_the_value() {
        use std::sync::mpsc::{Receiver, Sender, channel};

        type Ends = (Sender<()>, Receiver<()>);
        static SLOW: std::sync::Mutex<Option<Ends>> = std::sync::Mutex::new(None);
        static VALUE: PerProcess<Mutex<u32>> = PerProcess::new(|| {
            let slow = SLOW.lock().ok().and_then(|mut slow| slow.take());
            let is_slow = slow.is_some();
            if let Some((begun, wait)) = slow {
                let _ = begun.send(());
                let _ = wait.recv();
            }
            Mutex::new(u32::from(is_slow))
        });

        let ((begun, started), (go_on, wait)) = (channel(), channel());
        if let Ok(mut slow) = SLOW.lock() {
            *slow = Some((begun, wait));
        }
        let slow = std::thread::spawn(|| *VALUE.lock());
        assert!(started.recv().is_ok());
        assert_eq!(*VALUE.lock(), 0);
        drop(go_on);
        assert_eq!(slow.join().ok(), Some(0));
    }
}
