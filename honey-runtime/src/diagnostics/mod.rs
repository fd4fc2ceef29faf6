//! What honey tells the operator: the first failure of each kind at once, then at most one message a minute with a count.

mod gate;
mod kind;
mod speaker;

use std::fmt::Write as _;
use std::time::Instant;

pub use kind::DiagnosticKind;

use crate::record::monotonic_ns;
use crate::sync::Arc;
use gate::Gate;
use speaker::Speaker;

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
    is_silent: bool,
    gates: [Gate; DiagnosticKind::COUNT],
    speaker: Arc<Speaker>,
}

impl Diagnostics {
    pub(crate) fn new(target: DiagnosticsTarget) -> Arc<Self> {
        Arc::new(Self {
            is_silent: matches!(target, DiagnosticsTarget::Silent),
            gates: std::array::from_fn(|_| Gate::default()),
            speaker: Speaker::new(target),
        })
    }

    /// Reports trouble with its cause and what to do; `message` runs only when there is something to say. Never waits for
    /// whoever listens, and costs a clock read and an addition while nothing is to be said.
    pub(crate) fn report(&self, kind: DiagnosticKind, message: impl FnOnce() -> String) {
        if self.is_silent {
            return;
        }
        let Some(kept_back) = self.gates[kind as usize].pass(monotonic_ns()) else {
            return;
        };
        let mut text = message();
        if kept_back > 0 {
            let _ = write!(
                text,
                " (and {kept_back} more like it since the last message)"
            );
        }
        self.speaker.say(kind, printable(text));
    }

    /// Waits until all has been said. A listener who does not listen is left alone at the deadline.
    pub(crate) fn wait_until_said(&self, deadline: Instant) {
        self.speaker.wait(deadline);
    }
}

/// Servers and users word some of it: a terminal must not obey them, nor a log take it for two lines.
fn printable(text: String) -> String {
    if text.contains(char::is_control) {
        text.replace(char::is_control, " ")
    } else {
        text
    }
}
