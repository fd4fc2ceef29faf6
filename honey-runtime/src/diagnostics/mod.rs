//! What honey tells the operator: the first failure of each kind at once, then at most one message a minute with a count.

mod diagnostic;
mod gate;
mod kind;
mod speaker;

use std::fmt::Write as _;
use std::time::Instant;

pub use diagnostic::Diagnostic;
pub use kind::DiagnosticKind;

use crate::process::Origin;
use crate::record::{instant_of, monotonic_ns};
use crate::sync::{Arc, Mutex};
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

impl DiagnosticsTarget {
    /// Says it on this thread, which may have to wait for whoever reads stderr: where honey can have no thread. A handler is not called:
    /// it is the program's code, and may wait for ever here. False: nobody was told.
    pub(crate) fn say_here(&self, text: &str) -> bool {
        let is_stderr = matches!(self, Self::Stderr);
        if is_stderr {
            speaker::write_to_stderr(text);
        }
        is_stderr
    }
}

/// The messages of one client.
pub(crate) struct Diagnostics {
    is_silent: bool,
    gates: [Gate; DiagnosticKind::COUNT],
    /// What came through the gates last.
    texts: Mutex<[String; DiagnosticKind::COUNT]>,
    origin: Origin,
    speaker: Arc<Speaker>,
}

impl Diagnostics {
    pub(crate) fn new(target: DiagnosticsTarget) -> Arc<Self> {
        Arc::new(Self {
            is_silent: matches!(target, DiagnosticsTarget::Silent),
            gates: std::array::from_fn(|_| Gate::default()),
            texts: Mutex::default(),
            origin: Origin::here(),
            speaker: Speaker::new(target),
        })
    }

    /// Reports trouble with its cause and what to do; `message` runs only when there is something to say. Never waits for
    /// whoever listens, and costs a clock read and an addition while nothing is to be said.
    pub(crate) fn report(&self, kind: DiagnosticKind, message: impl FnOnce() -> String) {
        self.report_at(monotonic_ns(), kind, message);
    }

    fn report_at(&self, now_ns: u64, kind: DiagnosticKind, message: impl FnOnce() -> String) {
        let Some(kept_back) = self.gates[kind as usize].pass(now_ns) else {
            return;
        };
        let mut text = printable(message());
        if let Some(mut texts) = self.origin.lock(&self.texts) {
            texts[kind as usize].clone_from(&text);
        }
        if self.is_silent {
            return;
        }
        if kept_back > 0 {
            let _ = write!(
                text,
                " (and {kept_back} more like it since the last message)"
            );
        }
        self.speaker.say(kind, text);
    }

    /// What went wrong so far, what happened last first; silence changes nothing about it.
    pub(crate) fn so_far(&self) -> Vec<Diagnostic> {
        let Some(texts) = self.origin.lock(&self.texts) else {
            return Vec::new();
        };
        let mut so_far: Vec<_> = DiagnosticKind::ALL
            .into_iter()
            .zip(&self.gates)
            .zip(&*texts)
            .filter(|(_, text)| !text.is_empty())
            .map(|((kind, gate), text)| Diagnostic {
                kind,
                times: gate.times(),
                last: instant_of(gate.last_ns()),
                text: text.clone(),
            })
            .collect();
        drop(texts);
        so_far.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.last));
        so_far
    }

    /// Waits until all has been said. A listener who does not listen is left alone at the deadline.
    pub(crate) fn wait_until_said(&self, deadline: Instant) {
        self.speaker.wait(deadline);
    }
}

/// Servers and users word some of it: a terminal must not obey them, nor a log take it for two lines.
pub(crate) fn printable(text: String) -> String {
    if text.contains(char::is_control) {
        text.replace(char::is_control, " ")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sync::Mutex;

    const MINUTE_NS: u64 = 60_000_000_000;

    /// Three times at once and twice a minute later; another kind meanwhile.
    fn happen(diagnostics: &Diagnostics) {
        let words = |words: &str| {
            let words = words.to_owned();
            move || words
        };
        for text in ["first", "second", "third"] {
            diagnostics.report_at(1, DiagnosticKind::Tls, words(text));
        }
        diagnostics.report_at(2, DiagnosticKind::Proxy, words("another\r\nkind"));
        for text in ["fourth", "fifth"] {
            diagnostics.report_at(1 + MINUTE_NS, DiagnosticKind::Tls, words(text));
        }
    }

    fn so_far(diagnostics: &Diagnostics) -> Vec<(DiagnosticKind, u64, String)> {
        let so_far = diagnostics.so_far().into_iter();
        so_far.map(|one| (one.kind, one.times, one.text)).collect()
    }

    fn expected() -> [(DiagnosticKind, u64, String); 2] {
        [
            (DiagnosticKind::Tls, 5, "fourth".to_owned()),
            (DiagnosticKind::Proxy, 1, "another  kind".to_owned()),
        ]
    }

    #[test]
    fn the_first_of_each_kind_at_once_and_the_next_with_a_count_of_those_kept_back() {
        let said: Arc<Mutex<Vec<_>>> = Arc::default();
        let hear = Arc::clone(&said);
        let diagnostics = Diagnostics::new(DiagnosticsTarget::Handler(Arc::new(
            move |kind, text: &str| hear.lock().push((kind, text.to_owned())),
        )));
        assert_eq!(so_far(&diagnostics), []);
        happen(&diagnostics);
        diagnostics.wait_until_said(Instant::now() + Duration::from_secs(60));
        let text = "fourth (and 2 more like it since the last message)";
        assert_eq!(
            *said.lock(),
            [
                (DiagnosticKind::Tls, "first".to_owned()),
                (DiagnosticKind::Proxy, "another  kind".to_owned()),
                (DiagnosticKind::Tls, text.to_owned())
            ]
        );
        assert_eq!(so_far(&diagnostics), expected());
    }

    #[test]
    fn silence_keeps_nothing_from_the_stats() {
        let diagnostics = Diagnostics::new(DiagnosticsTarget::Silent);
        happen(&diagnostics);
        assert_eq!(so_far(&diagnostics), expected());
    }
}
