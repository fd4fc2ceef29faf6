//! A timed event that no guard on a stack holds: it may be current on several threads at once, each time for a while, and ends when it
//! is told to. What a span of the crate `tracing` becomes.

use super::context::Target;
use super::edit::aside;
use super::finish::finish;
use super::handle::EventHandle;
use super::local::Local;
use super::open::OpenEvent;
use super::start::{StartOptions, Subject, start_subject};
use super::timed::Started;
use crate::client::live;
use crate::fields::FieldSink;
use crate::isolate;
use crate::process::Origin;
use crate::record::monotonic_ns;
use crate::response::Ending;
use crate::sync::{AtomicU64, Mutex, Ordering};
use crate::value::Key;

/// See the module. Dropped without [`end`](Self::end), it ends as cancelled.
pub(crate) struct SharedEvent {
    target: Target,
    began_unwinding: bool,
    /// When it was left last, on the monotonic clock; 0: never.
    left_ns: AtomicU64,
    state: Mutex<State>,
    origin: Origin,
}

struct State {
    started: Started,
    /// It was said to be ok: no error changes that.
    is_surely_ok: bool,
}

impl SharedEvent {
    /// Begins an event of this name, written in this module; `record` puts its first fields, and may run user code. The clock starts.
    /// `None`: no client is live, the filter silences it, or this is code that honey itself runs.
    pub(crate) fn start(
        name: &'static str,
        module: &'static str,
        options: StartOptions,
        record: impl FnOnce(&mut FieldSink<'_>),
    ) -> Option<Self> {
        if !live::any() {
            return None;
        }
        let mut started = start_subject(Subject::Elsewhere { name, module }, options);
        let event = started.event_mut()?;
        if event.is_sampled {
            // Nobody else knows it yet, so that user code cannot reach its buffer.
            event.record(record);
        }
        event.start_clock();
        let target = event.target;
        let began_unwinding = event.began_unwinding;
        Some(Self {
            target,
            began_unwinding,
            left_ns: AtomicU64::new(0),
            state: Mutex::new(State {
                started,
                is_surely_ok: false,
            }),
            origin: Origin::here(),
        })
    }

    /// A handle of the event.
    pub(crate) fn handle(&self) -> EventHandle {
        EventHandle::to(self.target)
    }

    /// Whether `handle` means this event.
    pub(crate) fn is(&self, handle: &EventHandle) -> bool {
        handle
            .target()
            .is_some_and(|target| self.target.is(target.cell, target.generation))
    }

    /// Makes it the current event of this thread, until it is left there as often as it was entered.
    pub(crate) fn enter(&self) {
        let _ = Local::with(|local| local.adopt(self.target));
    }

    /// Undoes one `enter` on this thread.
    pub(crate) fn leave(&self) {
        let _ = Local::with(|local| local.abandon(&self.target));
        if !self.is_recorded() {
            return;
        }
        self.left_ns.fetch_max(monotonic_ns(), Ordering::Relaxed);
        if std::thread::panicking() && !self.began_unwinding {
            self.change(|event, _| event.end_as(Ending::Panic));
        }
    }

    /// Adds fields that no user code makes. False: they have to go by the [handle](Self::handle), after what others wrote there.
    pub(crate) fn record_plain(&self, record: impl FnOnce(&mut FieldSink<'_>)) -> bool {
        if isolate::is_inside() {
            return false;
        }
        let mut is_here = true;
        self.change(|event, _| {
            is_here = !self.target.cell.has_others(self.target.generation);
            if is_here {
                record(&mut event.sink());
            }
        });
        is_here
    }

    /// Another name.
    pub(crate) fn set_name(&self, name: String) {
        self.change(|event, _| event.set_name(&Key::from(name)));
    }

    /// It failed, perhaps with this text; unless it is said to be ok, or has panicked. A later text replaces an earlier one.
    pub(crate) fn fail(&self, message: Option<&str>) {
        self.change(|event, is_surely_ok| {
            if *is_surely_ok || event.timed.ending == Ending::Panic {
                return;
            }
            event.timed.ending = Ending::Error;
            if let Some(message) = message {
                event.set_error_message(message);
            }
        });
    }

    /// It is ok whatever was said, or will be.
    pub(crate) fn settle_ok(&self) {
        self.change(|event, is_surely_ok| {
            *is_surely_ok = true;
            if event.timed.ending == Ending::Error {
                event.timed.ending = Ending::Ok;
                event.timed.error_message = None;
            }
        });
    }

    /// Ends it, as of when it was left last.
    pub(crate) fn end(mut self) {
        if std::thread::panicking() && !self.began_unwinding {
            self.change(|event, _| event.end_as(Ending::Panic));
        }
        let left_ns = *self.left_ns.get_mut();
        if let Some(mut event) = self.state.get_mut().started.take_event() {
            event.over_ns = left_ns;
            finish(event);
        }
    }

    /// Whether what is written to it will be sent.
    pub(crate) fn is_recorded(&self) -> bool {
        self.target.context.sampling.is_kept()
    }

    /// Changes the event itself; `change` runs no user code.
    fn change(&self, change: impl FnOnce(&mut OpenEvent, &mut bool)) {
        if !self.is_recorded() {
            return;
        }
        let Some(mut state) = self.origin.lock(&self.state) else {
            return;
        };
        let State {
            started,
            is_surely_ok,
        } = &mut *state;
        if let Some(event) = started.event_mut() {
            change(event, is_surely_ok);
        }
    }
}

impl EventHandle {
    /// Adds fields; `record` may run user code.
    pub(crate) fn record(&self, record: impl FnOnce(&mut FieldSink<'_>)) {
        if let Some(target) = self.recording() {
            aside(record, |edit| target.edit(edit));
        }
    }
}

impl OpenEvent {
    /// Lets user code put fields straight into an event that it cannot reach otherwise.
    fn record(&mut self, record: impl FnOnce(&mut FieldSink<'_>)) {
        if isolate::run(|| record(&mut self.sink())).is_none() {
            self.trouble.user_panics += 1;
        }
    }

    fn sink(&mut self) -> FieldSink<'_> {
        self.forget_replaced();
        FieldSink::new(&mut self.fields, &mut self.trouble)
    }
}
