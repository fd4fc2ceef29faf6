//! Guards of a timed event: begun, entered, ended.

#[cfg(feature = "tower")]
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use super::cell::OpenCell;
use super::edit::{Edit, aside_fields, aside_prefixed, aside_value, with_detached};
use super::finish::{finish, finish_timed};
use super::handle::EventHandle;
use super::local::Local;
use super::open::OpenEvent;
use super::panics::last_panic;
use super::put::put_own;
use crate::fields::HoneyFields;
#[cfg(feature = "tower")]
use crate::filter::Verdict;
use crate::isolate;
use crate::record::KeyRef;
use crate::response::Ending;
use crate::value::{self, Key, Value};

/// An event that has begun and is nobody's current one: before it is entered, or between two polls of its future.
///
/// Dropped after it was entered, it ends: cancelled, or by the panic under way. Dropped before, it is as if it had never been,
/// unless a panic is under way: then a field's expression panicked, and the event says so.
#[must_use]
pub struct Started {
    pub(super) event: Option<Box<OpenEvent>>,
}

impl Started {
    /// No event: everything done with it does nothing.
    #[inline]
    pub const fn none() -> Self {
        Self { event: None }
    }

    /// The event itself.
    #[cfg(feature = "tracing")]
    pub(super) fn event_mut(&mut self) -> Option<&mut OpenEvent> {
        self.event.as_deref_mut()
    }

    /// The event itself, for whoever ends it.
    #[cfg(feature = "tracing")]
    pub(super) fn take_event(&mut self) -> Option<Box<OpenEvent>> {
        self.event.take()
    }

    /// Whether fields are worth making: there is an event, and sampling keeps it.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.event.as_ref().is_some_and(|event| event.is_sampled)
    }

    /// Whether its clock runs: it was entered once.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.event
            .as_ref()
            .is_some_and(|event| event.started_ns != 0)
    }

    /// A handle of the event.
    #[must_use]
    pub fn handle(&self) -> EventHandle {
        self.event
            .as_ref()
            .map_or(EventHandle::none(), |event| EventHandle::of(event))
    }

    /// Adds one field.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `put_own`")]
    pub fn put(&mut self, key: &'static str, value: Value<'_>) {
        if let Some(event) = &mut self.event {
            put_own(event, Key::from(key), value);
        }
    }

    /// Adds many fields.
    pub fn add(&mut self, fields: &dyn HoneyFields) {
        if let Some(event) = &mut self.event {
            aside_fields(fields, |edit| event.apply(edit));
        }
    }

    /// Adds many fields, their names after `prefix`.
    pub fn add_prefixed(&mut self, prefix: &'static str, fields: &dyn HoneyFields) {
        if let Some(event) = &mut self.event {
            aside_prefixed(prefix, fields, |edit| event.apply(edit));
        }
    }

    /// Gives it the name that `write` writes, before it is entered. What the client's filter says of that name holds then.
    #[cfg(feature = "tower")]
    pub(crate) fn rename(&mut self, write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) {
        let Some(event) = &mut self.event else {
            return;
        };
        match event.rename(write) {
            Verdict::AsAnnotated => {}
            Verdict::OneIn(rate) => event.sample(rate),
            // Never entered, it is as if it had never been.
            Verdict::Off => *self = Self::none(),
        }
    }

    /// It failed, with an error of this type.
    #[cfg(feature = "tower")]
    pub(crate) fn set_error(&mut self, error_type: &'static str) {
        if let Some(event) = &mut self.event {
            event.set_error(error_type);
        }
    }

    /// Ends it as an [`Entered`] that is dropped would.
    #[cfg(feature = "tower")]
    pub(crate) fn end(mut self) {
        if let Some(event) = self.event.take() {
            finish_dropped(event);
        }
    }

    /// Makes it the current event of this thread. The first time starts the clock.
    #[inline]
    pub fn enter(mut self) -> Entered {
        let Some(event) = self.event.take() else {
            return Entered::NOWHERE;
        };
        let place = Place {
            cell: event.target.cell,
            generation: event.target.generation,
            is_sampled: event.is_sampled,
        };
        let homeless = Local::perhaps(|local| enter(local, event));
        Entered {
            place: Some(place),
            homeless: ManuallyDrop::new(homeless),
            not_send: PhantomData,
        }
    }
}

impl Drop for Started {
    #[inline]
    fn drop(&mut self) {
        if let Some(event) = self.event.take() {
            drop_outside(event);
        }
    }
}

/// The guard of an event that is on no thread's stack is gone.
#[cold]
fn drop_outside(mut event: Box<OpenEvent>) {
    let ending = event.ending_by_unwind(Ending::Cancelled);
    if event.started_ns == 0 && ending != Ending::Panic {
        event.target.close(|_| {});
        let _ = Local::with(|local| local.keep(event));
        return;
    }
    event.start_clock();
    event.end_as(ending);
    finish(event);
}

/// The current event of this thread while it lives. Dropped, the event ends: ok, unless it was told otherwise or a panic is
/// under way.
#[must_use]
pub struct Entered {
    place: Option<Place>,
    /// The event itself, on a thread that is past the destruction of its stack: current to nobody, but timed and sent. Taken out
    /// wherever this ends, and so never looked at in each caller's code.
    homeless: ManuallyDrop<Option<Box<OpenEvent>>>,
    /// It stands on its thread's stack.
    not_send: PhantomData<*const ()>,
}

#[derive(Clone, Copy)]
struct Place {
    cell: &'static OpenCell,
    generation: u64,
    is_sampled: bool,
}

impl Entered {
    const NOWHERE: Self = Self {
        place: None,
        homeless: ManuallyDrop::new(None),
        not_send: PhantomData,
    };

    /// Whether fields are worth making.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.place.is_some_and(|place| place.is_sampled)
    }

    /// A handle of the event.
    #[must_use]
    pub fn handle(&self) -> EventHandle {
        if let Some(event) = &*self.homeless {
            return EventHandle::of(event);
        }
        let Some(place) = self.place else {
            return EventHandle::none();
        };
        let here = Local::with(|local| {
            local.with_open(place.cell, place.generation, |event| EventHandle::of(event))
        });
        here.flatten().unwrap_or(EventHandle::none())
    }

    /// Adds one field.
    #[inline]
    pub fn put(&mut self, key: &'static str, value: Value<'_>) {
        let key = Key::from(key);
        if value.is_plain() {
            self.apply(Edit::Field(&key, value));
        } else {
            aside_value(&key, value, |edit| self.apply(edit));
        }
    }

    /// Adds many fields.
    pub fn add(&mut self, fields: &dyn HoneyFields) {
        aside_fields(fields, |edit| self.apply(edit));
    }

    /// Adds many fields, their names after `prefix`.
    pub fn add_prefixed(&mut self, prefix: &'static str, fields: &dyn HoneyFields) {
        aside_prefixed(prefix, fields, |edit| self.apply(edit));
    }

    /// The event failed, with an error of this type.
    pub fn set_error(&mut self, error_type: &'static str) {
        self.with_event(|event| event.set_error(error_type));
    }

    /// The error's text, for `error.message`.
    pub fn set_error_message(&mut self, message: Value<'_>) {
        with_detached(|buffer, trouble| {
            isolate::run(|| value::put(buffer, KeyRef::Static("error.message"), message, trouble));
            self.with_event(|event| event.set_error_message(buffer.all_text()));
        });
    }

    /// Stops being current without ending: a future that is pending.
    #[inline]
    pub fn leave(mut self) -> Started {
        let event = self.take();
        // There is nothing left in it.
        std::mem::forget(self);
        Started { event }
    }

    fn apply(&mut self, edit: Edit<'_>) {
        self.with_event(|event| event.apply(edit));
    }

    fn with_event<T>(&mut self, use_it: impl FnOnce(&mut OpenEvent) -> T) -> Option<T> {
        if let Some(event) = &mut *self.homeless {
            return Some(use_it(event));
        }
        let place = self.place?;
        Local::with(|local| local.with_open(place.cell, place.generation, use_it)).flatten()
    }

    #[inline]
    fn take(&mut self) -> Option<Box<OpenEvent>> {
        let place = self.place.take()?;
        let here = Local::with(|local| local.take(place.cell, place.generation)).flatten();
        here.or_else(|| self.homeless.take())
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        if let Some(Place {
            cell, generation, ..
        }) = self.place.take()
        {
            if !Local::perhaps(|local| end(local, cell, generation)) {
                end_homeless(self.homeless.take());
            }
        }
    }
}

/// Makes an event the current one. It comes back where the thread is past the destruction of its stack.
#[inline(never)]
fn enter(local: Option<&Local>, mut event: Box<OpenEvent>) -> Option<Box<OpenEvent>> {
    event.start_clock();
    let Some(local) = local else {
        return Some(event);
    };
    local.push(event);
    None
}

/// Ends an event whose guard drops. False: it is not open here.
#[inline(never)]
fn end(local: Option<&Local>, cell: &'static OpenCell, generation: u64) -> bool {
    let Some(local) = local else {
        return false;
    };
    let Some(mut event) = local.take(cell, generation) else {
        return false;
    };
    if !event.is_left_out {
        let ending = event.ending_by_unwind(Ending::Ok);
        event.end_as(ending);
    }
    finish_timed(event, local);
    true
}

#[cold]
fn end_homeless(homeless: Option<Box<OpenEvent>>) {
    if let Some(event) = homeless {
        finish_dropped(event);
    }
}

/// Ends an event that is on no thread's stack as a guard that drops does.
fn finish_dropped(mut event: Box<OpenEvent>) {
    let ending = event.ending_by_unwind(Ending::Ok);
    event.end_as(ending);
    finish(event);
}

impl OpenEvent {
    /// How an event ends whose guard drops now: by the panic that began since it did, else as `otherwise`.
    #[inline]
    fn ending_by_unwind(&self, otherwise: Ending) -> Ending {
        if std::thread::panicking() && !self.began_unwinding {
            Ending::Panic
        } else {
            otherwise
        }
    }

    /// Ends as `ending`. An error that was set says more than that the future was dropped afterwards; a panic says more than an
    /// error before it.
    #[inline]
    pub(super) fn end_as(&mut self, ending: Ending) {
        let has_failed = self.timed.ending == Ending::Error;
        if ending == Ending::Ok || (ending == Ending::Cancelled && has_failed) {
            return;
        }
        self.end_badly(ending);
    }

    #[cold]
    fn end_badly(&mut self, ending: Ending) {
        self.timed.ending = ending;
        self.timed.error_type = None;
        self.timed.error_message = None;
        let wants_text = ending == Ending::Panic
            && self
                .client
                .as_ref()
                .is_some_and(|client| client.captures_panics);
        if let Some(text) = wants_text.then(last_panic).flatten() {
            self.set_error_message(&text);
        }
    }
}
