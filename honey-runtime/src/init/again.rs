//! What a child process that came by fork has instead of its parent's clients.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Kind, build};
use crate::client::{Inner, LAST_WORDS, live};
use crate::config::Config;
use crate::diagnostics::{DiagnosticKind, Diagnostics};
use crate::isolate;
use crate::sync::Arc;

/// How long the program waits until it has its clients. It takes milliseconds, unless a lock that is not honey's stays locked for
/// ever: the standard library's, or the program's own.
const LONGEST: Duration = Duration::from_secs(10);
const SLOW: &str = "10 s did not suffice to make one. Making it may need a lock of the program's or of the standard library's that a \
                    thread had at the fork, and that thread is not in this process: see `honey::after_fork`.";

/// Puts a new client in the place of each that the parent had. What cannot be made anew is gone, as if there had never been one.
pub(super) fn begin_anew() {
    let inherited = Arc::new(live::forget_inherited());
    let to_replace = Arc::clone(&inherited);
    let (is_done, done) = mpsc::channel::<()>();
    // Not on this thread, which must not wait for ever. What takes longer is there when it is there.
    let helper = thread::Builder::new().name("honey-fork".to_owned());
    let helper = helper.spawn(move || {
        let _is_done = is_done;
        isolate::own_thread();
        for (inherited, is_global) in &*to_replace {
            replace(inherited, *is_global);
        }
    });
    match helper {
        Ok(_) => {
            if done.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
                say(&inherited, SLOW);
            }
        }
        Err(error) => {
            for (inherited, _) in &*inherited {
                inherited.forget(None);
            }
            say(&inherited, &format!("no thread could be had ({error})."));
        }
    }
    live::look_again();
}

/// A thread that says it may not begin either.
fn say(inherited: &[(Arc<Inner>, bool)], why: &str) {
    let mut targets = inherited
        .iter()
        .filter_map(|(client, _)| Some(&client.config.as_ref()?.diagnostics));
    let _ = targets.any(|target| {
        target.say_here(&format!(
            "after a fork, this process has no client, and its events are lost: {why}"
        ))
    });
}

fn replace(inherited: &Arc<Inner>, is_global: bool) {
    let kind = if is_global {
        Kind::Global
    } else {
        Kind::Isolated
    };
    let successor = inherited
        .config
        .as_ref()
        .and_then(|config| build_again(config.clone(), kind, inherited))
        .filter(|successor| !is_global || is_only_global(successor));
    inherited.forget(successor);
}

/// False: the program did not wait so long, and has made another.
fn is_only_global(successor: &Arc<Inner>) -> bool {
    let is_only = live::set_global(successor);
    if !is_only {
        successor.close(Duration::ZERO);
    }
    is_only
}

fn build_again(config: Config, kind: Kind, inherited: &Inner) -> Option<Arc<Inner>> {
    let diagnostics = Diagnostics::new(config.diagnostics.clone());
    match build(config, kind, inherited.id) {
        Ok(successor) => {
            successor.scope.inherit(&inherited.scope);
            Some(successor)
        }
        Err(error) => {
            diagnostics.report(DiagnosticKind::Misuse, || {
                format!("after a fork, this process has no client: {error}")
            });
            // There is no client whose closing would.
            diagnostics.wait_until_said(Instant::now() + LAST_WORDS);
            None
        }
    }
}
