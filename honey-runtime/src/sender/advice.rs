//! What the operator is told when sending fails: what happened, and what to do about it. Never the key.
//!
//! It is told before the book shows what came of it: who sees an event lost, or waiting, finds the reason in the stats.

use super::book::Expired;
use super::encode::Notes;
use super::queue::Queue;
use super::retry::Trouble;
use crate::diagnostics::{DiagnosticKind, Diagnostics};
use crate::stats::Waiting;

impl From<Trouble> for DiagnosticKind {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unauthorized => Self::Unauthorized,
            Trouble::Tls => Self::Tls,
            Trouble::Transport => Self::Unreachable,
            Trouble::UnknownHost => Self::UnknownHost,
            Trouble::Proxy => Self::Proxy,
            Trouble::Throttled => Self::Throttled,
            Trouble::Transmission => Self::Transmission,
            Trouble::Unavailable => Self::ServerTrouble,
        }
    }
}

pub(super) fn on_trouble(diagnostics: &Diagnostics, queue: &Queue, trouble: Trouble, why: &str) {
    let dataset = &queue.destination.dataset;
    diagnostics.report(trouble.into(), || match trouble {
        Trouble::Unauthorized => {
            format!(
                "the server refuses the API key for dataset {dataset:?} ({why}). Check the key given to `Config` (or \
                 HONEYCOMB_API_KEY): it must be an ingest key of this environment, and belong to the region of `api_host` (US or \
                 EU). Events wait, and one request a minute looks whether the key works."
            )
        }
        Trouble::Tls => {
            format!("{why}. Check the certificate, the host name in `api_host` and the machine's clock and CA store.")
        }
        Trouble::Transport => {
            format!("{why}. Events wait and are sent again. Is `api_host` right, and does anything listen there?")
        }
        Trouble::UnknownHost => {
            format!("{why}. Events wait and are sent again. Is `api_host` spelt right, and can this machine look up names?")
        }
        Trouble::Proxy => {
            format!(
                "the proxy refuses ({why}). Check the user and the password in its URL (HTTPS_PROXY or HTTP_PROXY). Events wait, \
                 and one request a minute looks whether it works."
            )
        }
        Trouble::Throttled => {
            format!("the server asks to slow down for dataset {dataset:?} ({why}). Events wait; consider sampling.")
        }
        Trouble::Transmission => {
            format!("the transmission asks to try again ({why}). Events wait and are given to it again.")
        }
        Trouble::Unavailable => {
            format!("the server has trouble of its own ({why}). Events wait and are sent again.")
        }
    });
}

pub(super) fn on_rejected(diagnostics: &Diagnostics, queue: &Queue, status: u16, text: &str) {
    let dataset = &queue.destination.dataset;
    let kind = match status {
        300..=399 => DiagnosticKind::Redirected,
        _ => DiagnosticKind::Rejected,
    };
    diagnostics.report(kind, || match status {
        300..=399 => format!(
            "{} answered with a redirect ({status}), which is never followed, since it would take the API key along. Set \
             `api_host` to the address it should be. The events are lost.",
            queue.route.host()
        ),
        404 => format!(
            "{} does not know the path or the dataset {dataset:?} (404). Check `api_host`. The events are lost.",
            queue.route.host()
        ),
        _ => format!("the server rejected events for dataset {dataset:?} ({status}): {text}"),
    });
}

pub(super) fn on_unsendable(diagnostics: &Diagnostics, queue: &Queue, why: &str) {
    let dataset = &queue.destination.dataset;
    diagnostics.report(DiagnosticKind::Unsendable, || {
        format!("events for dataset {dataset:?} cannot be sent: {why}. They are lost.")
    });
}

/// Over its share: what the others may hold stays theirs.
pub(super) fn on_over_share(diagnostics: &Diagnostics, dataset: &str) {
    diagnostics.report(DiagnosticKind::QueueFull, || {
        format!(
            "events for dataset {dataset:?} are dropped: it holds half of `max_pending_bytes`, and the rest is for the other \
             destinations. Its server is slow or away, or `max_pending_bytes` is too small."
        )
    });
}

pub(super) fn on_expired(diagnostics: &Diagnostics, expired: &Expired) {
    let Expired {
        events,
        destination,
        why,
    } = expired;
    diagnostics.report(DiagnosticKind::TooOld, || {
        let dataset = &destination.dataset;
        format!("{events} event(s) for dataset {dataset:?} were not delivered within `max_age` and are dropped: {why}.")
    });
}

pub(super) fn on_close_deadline(diagnostics: &Diagnostics, events: usize, waiting: &[Waiting]) {
    diagnostics.report(DiagnosticKind::CloseDeadline, || {
        let waiting: Vec<_> = waiting.iter().map(ToString::to_string).collect();
        format!(
            "{events} event(s) had no outcome when closing had to end, and are dropped; some may have arrived. {}. `close` takes a \
             longer deadline.",
            waiting.join("; ")
        )
    });
}

pub(super) fn on_transmission(diagnostics: &Diagnostics, lost: usize, why: &str) {
    diagnostics.report(DiagnosticKind::Transmission, || {
        format!("the transmission did not deliver {lost} event(s): {why}. They are lost.")
    });
}

/// It panicked outside a batch: nothing is lost that we know of.
pub(super) fn on_transmission_panic(diagnostics: &Diagnostics, doing: &str) {
    diagnostics.report(DiagnosticKind::Transmission, || {
        format!(
            "the transmission panicked in `{doing}`; the next batch is given to it all the same."
        )
    });
}

pub(super) fn on_refused(diagnostics: &Diagnostics, no_fields: usize, too_large: usize) {
    if no_fields > 0 {
        diagnostics.report(DiagnosticKind::NoFields, || {
            format!("{no_fields} event(s) without fields were not sent: the server refuses those.")
        });
    }
    if too_large > 0 {
        diagnostics.report(DiagnosticKind::TooLarge, || {
            format!(
                "{too_large} event(s) were not sent: over `max_event_bytes` even with their strings cut. Record fewer fields, or \
                 raise it (to 1,000,000 at most)."
            )
        });
    }
}

pub(super) fn on_notes(diagnostics: &Diagnostics, notes: &Notes) {
    if let Some(key) = &notes.first_renamed {
        diagnostics.report(DiagnosticKind::Renamed, || {
            format!("honey sets {key:?} itself on timed events, so the field of that name goes out as \"app.{key}\".")
        });
    }
    if let Some(names) = &notes.first_truncated {
        diagnostics.report(DiagnosticKind::BadData, || {
            format!("fields were cut or left out to fit the server's limits: {names:?}; see `meta.truncated` in the events.")
        });
    }
}

pub(super) fn on_panic(diagnostics: &Diagnostics) {
    diagnostics.report(DiagnosticKind::Internal, || {
        "honey's sending thread panicked; it goes on. Please report this.".to_owned()
    });
}

pub(super) fn on_last_panic(diagnostics: &Diagnostics, panics: u32) {
    diagnostics.report(DiagnosticKind::Stopped, || {
        format!(
            "honey's sending thread panicked {panics} times and is stopped: events are lost from now on. Please report this."
        )
    });
}
