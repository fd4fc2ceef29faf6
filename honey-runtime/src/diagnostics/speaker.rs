//! Says messages on a thread that lives as long as there is something to say.
//!
//! A listener may take its time: stderr is often a pipe, and a pipe that nobody reads takes no more. Then this thread waits, and
//! neither the application's threads nor honey's others.

use std::collections::VecDeque;
use std::io::Write as _;
use std::time::Instant;

use super::{DiagnosticKind, DiagnosticsTarget};
use crate::isolate;
use crate::process::Origin;
use crate::sync::{Arc, Condvar, Mutex};

/// Messages that wait for a listener; more than there are kinds would say nothing new.
const MAX_WAITING: usize = 32;

pub(super) struct Speaker {
    target: DiagnosticsTarget,
    speech: Mutex<Speech>,
    origin: Origin,
    ended: Condvar,
}

#[derive(Default)]
struct Speech {
    waiting: VecDeque<(DiagnosticKind, String)>,
    has_thread: bool,
}

impl Speaker {
    pub(super) fn new(target: DiagnosticsTarget) -> Arc<Self> {
        Arc::new(Self {
            target,
            speech: Mutex::default(),
            origin: Origin::here(),
            ended: Condvar::default(),
        })
    }

    pub(super) fn say(self: &Arc<Self>, kind: DiagnosticKind, text: String) {
        {
            // In a process that forked, the client that came along says nothing.
            let Some(mut speech) = self.origin.lock(&self.speech) else {
                return;
            };
            if speech.waiting.len() >= MAX_WAITING {
                return;
            }
            speech.waiting.push_back((kind, text));
            if std::mem::replace(&mut speech.has_thread, true) {
                return;
            }
        }
        let this = Arc::clone(self);
        let thread = std::thread::Builder::new()
            .name("honey-say".to_owned())
            .spawn(move || {
                isolate::own_thread();
                while let Some((kind, text)) = this.next() {
                    this.speak(kind, &text);
                }
            });
        if thread.is_err() {
            // What waits is said with the next message.
            self.speech.lock().has_thread = false;
        }
    }

    fn next(&self) -> Option<(DiagnosticKind, String)> {
        let mut speech = self.speech.lock();
        let next = speech.waiting.pop_front();
        if next.is_none() {
            speech.has_thread = false;
            self.ended.notify_all();
        }
        next
    }

    fn speak(&self, kind: DiagnosticKind, text: &str) {
        match &self.target {
            DiagnosticsTarget::Silent => {}
            DiagnosticsTarget::Stderr => write_to_stderr(text),
            DiagnosticsTarget::Handler(handler) => {
                isolate::run(|| handler(kind, text));
            }
        }
    }

    /// Waits until all has been said, at most until `deadline`.
    pub(super) fn wait(&self, deadline: Instant) {
        let Some(mut speech) = self.origin.lock(&self.speech) else {
            return;
        };
        while speech.has_thread && Instant::now() < deadline {
            speech = self.ended.wait_until(speech, deadline);
        }
    }
}

/// Not `eprintln!`, which panics when stderr is closed. And not through std's lock where that can be helped: in a child process a
/// thread of the parent's may have it for ever.
pub(super) fn write_to_stderr(text: &str) {
    let line = format!("honey: {text}\n");
    let line = line.as_bytes();
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        let own = std::io::stderr().as_fd().try_clone_to_owned();
        if let Ok(own) = own {
            let _ = std::fs::File::from(own).write_all(line);
            return;
        }
    }
    let _ = std::io::stderr().write_all(line);
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_listener_who_does_not_listen_holds_up_nobody() {
        let (go_on, wait) = mpsc::channel::<()>();
        let (heard, hear) = mpsc::channel();
        let wait = Mutex::new(wait);
        let speaker = Speaker::new(DiagnosticsTarget::Handler(Arc::new(
            move |_, text: &str| {
                let _ = heard.send(text.to_owned());
                let _ = wait.lock().recv();
            },
        )));
        for n in 0..1_000 {
            speaker.say(DiagnosticKind::Tls, n.to_string());
        }
        speaker.wait(Instant::now());
        drop(go_on);
        speaker.wait(Instant::now() + Duration::from_secs(60));
        let heard: Vec<_> = hear.try_iter().collect();
        assert!((32..=33).contains(&heard.len()), "{heard:?}");
        // And speaks again.
        speaker.say(DiagnosticKind::Tls, "again".to_owned());
        speaker.wait(Instant::now() + Duration::from_secs(60));
        assert_eq!(hear.try_recv().as_deref(), Ok("again"));
    }
}
