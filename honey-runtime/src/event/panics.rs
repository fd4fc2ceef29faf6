//! The text and place of a panic, for clients that ask: a guard sees that a panic is under way, but not which.

use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

static INSTALL: Once = Once::new();

/// Installs a panic hook, once per process, that notes the panic and calls the hook that was there before.
pub(crate) fn capture_panics() {
    INSTALL.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            note(info);
            earlier(info);
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without text");
    let place = info
        .location()
        .map_or_else(String::new, |place| format!(" ({place})"));
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = Some(format!("{text}{place}"));
        }
    });
}

/// Forgets earlier panics of this thread: one that is raised again without the hook must not get their text.
pub(super) fn forget_panic() {
    let _ = LAST.try_with(|last| last.try_borrow_mut().map(|mut last| *last = None));
}

/// The last panic of this thread, if panics are captured.
pub(super) fn last_panic() -> Option<String> {
    LAST.try_with(|last| last.try_borrow().ok().and_then(|last| last.clone()))
        .ok()
        .flatten()
}
