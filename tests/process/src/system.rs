//! What the standard library does not offer: fork, and limits.
#![expect(unsafe_code, reason = "calls of the operating system")]

use std::io::{Error, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Which of the two processes this is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forked {
    Child,
    /// With the child's number.
    Parent(i32),
}

/// Forks until there is a child in which threads can begin. Each of the standard library's threads takes a lock of the library's when it
/// begins and when it ends (what its handler for stack overflows knows about it). A fork while one of the parent's has that lock leaves
/// it locked in the child, and no thread ever begins there, with honey or without: one fork in some thousands, where threads come and
/// go all the time. Such a child shows nothing about honey.
pub(crate) fn fork() -> Forked {
    loop {
        let (ours, theirs) = UnixStream::pair().unwrap();
        // SAFETY: the child goes on with code that waits for none of the threads it does not have; that it may is what is tested.
        match unsafe { libc::fork() } {
            0 => {
                drop(ours);
                begin_a_thread_or_end();
                (&theirs).write_all(b"!").unwrap();
                return Forked::Child;
            }
            child if child > 0 => {
                drop(theirs);
                if (&ours).read_exact(&mut [0]).is_ok() {
                    return Forked::Parent(child);
                }
                assert_eq!(
                    end_of(child),
                    Some(NO_THREADS),
                    "the child failed at its first thread"
                );
            }
            _ => unreachable!("fork: {}", Error::last_os_error()),
        }
    }
}

/// What a child ends with in which no thread begins.
const NO_THREADS: i32 = 3;

fn begin_a_thread_or_end() {
    let (began, has_begun) = mpsc::channel();
    let thread = thread::spawn(move || began.send(()));
    if has_begun.recv_timeout(Duration::from_secs(20)).is_err() {
        // SAFETY: nothing of this process is used afterwards.
        unsafe { libc::_exit(NO_THREADS) }
    }
    let _ = thread.join();
}

/// Waits for a child's end; true when it returned from `main` with 0.
pub(crate) fn wait(child: i32) -> bool {
    end_of(child) == Some(0)
}

/// Waits for a child's end: what it returned, unless it was killed.
fn end_of(child: i32) -> Option<i32> {
    let mut status = 0;
    // SAFETY: `status` lives as long as the call.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    (waited == child && libc::WIFEXITED(status)).then(|| libc::WEXITSTATUS(status))
}

/// Ends this process as a server's child does that has no `main` to return from: no destructor runs.
pub(crate) fn end_at_once() -> ! {
    // SAFETY: nothing of this process is used afterwards.
    unsafe { libc::_exit(0) }
}

/// Descriptors that this process may have now.
pub(crate) fn descriptors() -> u64 {
    get_limit(libc::RLIMIT_NOFILE).rlim_cur
}

/// Lets no descriptor be made from this number on. Those that are there stay.
pub(crate) fn limit_descriptors(most: u64) {
    set_limit(libc::RLIMIT_NOFILE, most);
}

/// Lets this process's user have this many threads, at most. Binds nobody who is root.
pub(crate) fn limit_threads(most: u64) {
    set_limit(libc::RLIMIT_NPROC, most);
}

fn get_limit(what: libc::__rlimit_resource_t) -> libc::rlimit {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` lives as long as the call.
    let result = unsafe { libc::getrlimit(what, &raw mut limit) };
    assert_eq!(result, 0, "{}", Error::last_os_error());
    limit
}

/// The soft limit: it may be raised again.
fn set_limit(what: libc::__rlimit_resource_t, most: u64) {
    let limit = libc::rlimit {
        rlim_cur: most,
        ..get_limit(what)
    };
    // SAFETY: as above.
    let result = unsafe { libc::setrlimit(what, &raw const limit) };
    assert_eq!(result, 0, "{}", Error::last_os_error());
}

/// Becomes a user without privileges and without other processes, if it may.
pub(crate) fn become_nobody() {
    const OF_NOBODY_ELSE: u32 = 64_999;
    // SAFETY: reads and changes numbers of this process only.
    unsafe {
        if libc::geteuid() == 0 {
            assert_eq!(
                libc::setuid(OF_NOBODY_ELSE),
                0,
                "{}",
                Error::last_os_error()
            );
        }
    }
}
