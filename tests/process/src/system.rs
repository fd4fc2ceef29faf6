//! What the standard library does not offer: fork, and limits.
#![expect(unsafe_code, reason = "calls of the operating system")]

use std::io::Error;

/// Which of the two processes this is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forked {
    Child,
    /// With the child's number.
    Parent(i32),
}

pub(crate) fn fork() -> Forked {
    // SAFETY: the child goes on with code that waits for none of the threads it does not have; that it may is what is tested.
    match unsafe { libc::fork() } {
        0 => Forked::Child,
        child if child > 0 => Forked::Parent(child),
        _ => unreachable!("fork: {}", Error::last_os_error()),
    }
}

/// Waits for a child's end; true when it returned from `main` with 0.
pub(crate) fn wait(child: i32) -> bool {
    let mut status = 0;
    // SAFETY: `status` lives as long as the call.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    waited == child && libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
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
