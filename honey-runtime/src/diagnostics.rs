//! What honey tells the operator: the first failure of each kind at once, then at most one line a minute with a count.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use crate::process::Origin;
use crate::record::monotonic_ns;
use crate::sync::{Arc, Mutex};

/// The least time between two messages of one kind.
const REPEAT_INTERVAL: Duration = Duration::from_secs(60);

/// A kind of trouble, each reported once and then rarely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The server does not know the key, or it may not send events.
    Unauthorized,
    /// The server refused events or whole requests.
    Rejected,
    /// The server could not be reached.
    Unreachable,
    /// The server was reached, and has trouble of its own: 5xx.
    ServerTrouble,
    /// The transmission of `Config::transmission` failed, panicked, or left events unsettled.
    Transmission,
    /// The TLS handshake failed.
    Tls,
    /// The server asked to slow down.
    Throttled,
    /// Events were lost because the queue was full.
    QueueFull,
    /// Events or values were cut, renamed or left out.
    BadData,
    /// User code that honey was running panicked.
    UserPanic,
    /// A dynamic field takes a millisecond or more of the thread that begins an event.
    SlowField,
    /// honey is used in a way that loses events.
    Misuse,
    /// honey's own thread failed.
    Internal,
}

/// A user's function for messages.
pub(crate) type Handler = Arc<dyn Fn(DiagnosticKind, &str) + Send + Sync>;

/// Who gets the messages.
#[derive(Clone, Default)]
pub(crate) enum DiagnosticsTarget {
    #[default]
    Stderr,
    Silent,
    Handler(Handler),
}

/// The messages of one client.
pub(crate) struct Diagnostics {
    target: DiagnosticsTarget,
    said: Mutex<Vec<Said>>,
    origin: Origin,
}

struct Said {
    kind: DiagnosticKind,
    at_ns: u64,
    kept_back: u64,
}

impl Diagnostics {
    pub(crate) fn new(target: DiagnosticsTarget) -> Arc<Self> {
        Arc::new(Self {
            target,
            said: Mutex::new(Vec::new()),
            origin: Origin::here(),
        })
    }

    /// Reports trouble with its cause and what to do; `message` runs only when the line is printed.
    pub(crate) fn report(&self, kind: DiagnosticKind, message: impl FnOnce() -> String) {
        if matches!(self.target, DiagnosticsTarget::Silent) {
            return;
        }
        let Some(kept_back) = self.due(kind, monotonic_ns()) else {
            return;
        };
        let mut text = message();
        if kept_back > 0 {
            let _ = write!(
                text,
                " (and {kept_back} more like it since the last message)"
            );
        }
        match &self.target {
            DiagnosticsTarget::Silent => {}
            // Not `eprintln!`, which panics when stderr is closed.
            DiagnosticsTarget::Stderr => {
                let _ = writeln!(std::io::stderr().lock(), "honey: {text}");
            }
            DiagnosticsTarget::Handler(handler) => {
                crate::isolate::run(|| handler(kind, &text));
            }
        }
    }

    /// How many messages of this kind were kept back, if it is time for one.
    fn due(&self, kind: DiagnosticKind, now_ns: u64) -> Option<u64> {
        let mut said = self.origin.lock(&self.said)?;
        let Some(last) = said.iter_mut().find(|said| said.kind == kind) else {
            said.push(Said {
                kind,
                at_ns: now_ns,
                kept_back: 0,
            });
            return Some(0);
        };
        if u128::from(now_ns.saturating_sub(last.at_ns)) < REPEAT_INTERVAL.as_nanos() {
            last.kept_back += 1;
            return None;
        }
        last.at_ns = now_ns;
        Some(std::mem::take(&mut last.kept_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_said_once_a_minute_and_counts_what_it_kept_back() {
        let diagnostics = Diagnostics::new(DiagnosticsTarget::Silent);
        let minute = 60_000_000_000;
        assert_eq!(diagnostics.due(DiagnosticKind::Tls, 5), Some(0));
        assert_eq!(diagnostics.due(DiagnosticKind::Tls, 6), None);
        assert_eq!(diagnostics.due(DiagnosticKind::QueueFull, 6), Some(0));
        assert_eq!(diagnostics.due(DiagnosticKind::Tls, 4 + minute), None);
        assert_eq!(diagnostics.due(DiagnosticKind::Tls, 5 + minute), Some(2));
    }
}
