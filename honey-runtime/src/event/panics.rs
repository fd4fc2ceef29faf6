//! Panics, for clients that ask: a guard sees that one is under way, but not which, and some panics meet no guard at all.
//!
//! All of this runs inside a panic hook, where a second panic would abort the process. So no user code runs here, dynamic fields
//! included, and nothing of this thread's is touched while it is borrowed.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{self, Location, PanicHookInfo};
use std::thread;
use std::time::Duration;

use super::annotation;
use super::context::Target;
use super::edit::aside;
use super::finish::finish;
use super::local::Local;
use super::open::OpenEvent;
use super::stack::Innermost;
use crate::client::{Inner, live};
use crate::fields::FieldSink;
use crate::isolate;
use crate::response::Ending;
use crate::sync::{Arc, AtomicBool, Ordering};
use crate::value::Value;

/// How long a process that is about to abort waits for its last events to be sent.
const LAST_FLUSH: Duration = Duration::from_secs(2);

/// What the standard library says when it aborts instead of unwinding on.
const CANNOT_UNWIND: [&str; 2] = [
    "panic in a function that cannot unwind",
    "panic in a destructor during cleanup",
];

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

/// Installs a panic hook, once per process, that records the panic and calls the hook that was there before.
pub(crate) fn capture_panics() {
    if IS_INSTALLED.swap(true, Ordering::Relaxed) {
        return;
    }
    let earlier = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let seen = Seen::of(info);
        note(&seen);
        let client = record(&seen);
        let aborts = seen.aborts();
        if aborts {
            end_open();
        }
        earlier(info);
        if let Some(client) = client.filter(|_| aborts) {
            let _ = client.flush(LAST_FLUSH);
        }
    }));
}

/// A panic, as its hook sees it.
struct Seen<'a> {
    text: &'a str,
    place: Option<&'a Location<'a>>,
}

impl<'a> Seen<'a> {
    fn of(info: &'a PanicHookInfo<'_>) -> Self {
        let payload = info.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self {
            text: text.unwrap_or("a panic without text"),
            place: info.location(),
        }
    }

    /// `text (file:line:column)`
    fn message(&self) -> String {
        match self.place {
            Some(place) => format!("{} ({place})", self.text),
            None => self.text.to_owned(),
        }
    }

    /// Whether the process ends with it, and no guard will see it.
    fn aborts(&self) -> bool {
        cfg!(panic = "abort") || CANNOT_UNWIND.contains(&self.text)
    }

    /// Where it was, by OpenTelemetry's names.
    fn put(&self, out: &mut FieldSink<'_>) {
        if let Some(place) = self.place {
            out.put("code.file.path", Value::Str(place.file()));
            out.put("code.line.number", Value::U64(place.line().into()));
            out.put("code.column.number", Value::U64(place.column().into()));
        }
        if let Some(name) = thread::current().name() {
            out.put("thread.name", Value::Str(name));
        }
        // Made only where RUST_BACKTRACE or RUST_LIB_BACKTRACE asks for it.
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            out.put("exception.stacktrace", Value::Display(&backtrace));
        }
    }
}

/// Records the panic on the current event, else as an event of its own; returns the client that has it.
fn record(seen: &Seen<'_>) -> Option<Arc<Inner>> {
    // The panics of user code that honey runs are counted elsewhere.
    if !live::any() || isolate::is_inside() {
        return None;
    }
    let current = Local::with(|local| {
        local.is_at_rest().then(|| {
            let target = local.with_innermost(|innermost| match innermost {
                Innermost::Event(target) => Some(*target),
                Innermost::None | Innermost::Outside(_) => None,
            });
            (target, local.current_client())
        })
    });
    let (target, client) = current.flatten()?;
    let client = match &target {
        Some(target) => live::find(target.context.client),
        None => client,
    };
    let client = client.filter(|client| client.captures_panics)?;
    match target {
        Some(target) => on_event(seen, &target),
        None => on_its_own(seen, &client),
    }
    Some(client)
}

fn on_event(seen: &Seen<'_>, target: &Target) {
    if target.context.sampling.is_kept() {
        annotation::exception(target, |out| {
            out.put("exception.type", Value::Str("panic"));
            out.put("exception.message", Value::Str(seen.text));
            seen.put(out);
        });
    }
}

fn on_its_own(seen: &Seen<'_>, client: &Arc<Inner>) {
    let message = seen.message();
    let mut event = Local::with(Local::buffer).unwrap_or_else(OpenEvent::new);
    drop(event.give_to(client));
    event.begin();
    event.sample_rate = 1;
    event.start_clock();
    let fields = |out: &mut FieldSink<'_>| {
        out.put("name", Value::Str("panic"));
        out.put("error", Value::Bool(true));
        out.put("error.type", Value::Str("panic"));
        out.put("error.message", Value::Str(&message));
        seen.put(out);
    };
    aside(fields, |edit| event.apply(edit));
    finish(event);
}

/// Ends what is open on this thread, innermost first: nobody else will.
fn end_open() {
    let _ = Local::with(|local| {
        if local.is_at_rest() {
            local.end_open(Ending::Panic);
        }
    });
}

/// Keeps the text and place for the events that the panic will end.
fn note(seen: &Seen<'_>) {
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            // What the library says at the end of a panic tells nothing of its cause.
            if last.is_none() || !CANNOT_UNWIND.contains(&seen.text) {
                *last = Some(seen.message());
            }
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
