//! Ending in order when the process is asked to: the feature `signal-hook`.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::client::live;

/// What shells say of a process that a signal ended: this and the signal's number.
const ENDED_BY_SIGNAL: i32 = 128;

/// The process that listens, by its number; 0: none does.
static LISTENS_IN: AtomicU32 = AtomicU32::new(0);

/// From now on SIGTERM and SIGINT (Ctrl-C) end the process in order: the global client is closed, which sends what is there for at
/// most `timeout`, and the process exits with 128 + the signal's number, 143 or 130. A second signal ends it at once.
///
/// For programs that have nothing else to end: without it such a signal ends the process and loses what is pending. Events that are
/// open at that moment are lost. A server that lets requests end first waits for the signal itself (with tokio, `tokio::signal::unix`),
/// stops taking work, waits for what is open, and calls [`Guard::close`](crate::Guard::close) last: this would take the signal from it.
///
/// Choose a timeout well below what the supervisor waits before it kills: Kubernetes gives 30 s, Docker 10 s. As a container's first
/// process (pid 1) a program has no default handling of SIGTERM and would not end; with this it does. Call it after
/// [`init`](crate::init), early in `main`; a process that came by `fork` calls it for itself. It costs a thread that waits.
/// Destructors do not run, as with `std::process::exit`.
///
/// # Errors
/// When it was called in this process before, or the handlers or the thread cannot be had.
///
/// ```
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let _honey = honey::init_from_env!()?;
///     honey::exit_on_signal(Duration::from_secs(5))?;
///     // … the program …
///     Ok(())
/// }
/// ```
pub fn exit_on_signal(timeout: Duration) -> io::Result<()> {
    let here = std::process::id();
    if LISTENS_IN.swap(here, Ordering::SeqCst) == here {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "`honey::exit_on_signal` was called before: call it once, in `main`",
        ));
    }
    let listening = listen(timeout);
    if listening.is_err() {
        LISTENS_IN.store(0, Ordering::SeqCst);
    }
    listening
}

fn listen(timeout: Duration) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let thread = move || {
        let Some(first) = signals.forever().next() else {
            return;
        };
        // Whoever asks twice is in a hurry. Without the thread for it, closing is bounded all the same.
        let _ = spawn("honey-hurry", move || {
            if let Some(second) = signals.forever().next() {
                exit(second);
            }
        });
        if let Some(client) = live::global() {
            client.close(timeout);
        }
        exit(first);
    };
    spawn("honey-signal", thread)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(work).map(|_| ())
}

fn exit(signal: i32) {
    std::process::exit(ENDED_BY_SIGNAL.saturating_add(signal));
}
