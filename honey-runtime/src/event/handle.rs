//! Reaching an open event from anywhere: `current()`, `root()`, and what they return.

use std::any::type_name;
use std::fmt::{self, Display, Write as _};

use serde::Serialize;

use super::annotation;
use super::cell::OpenCell;
use super::context::{Context, Target};
use super::edit::{Edit, aside_fields, aside_json, with_detached};
use super::local::Local;
use super::open::OpenEvent;
use super::outside::{EventRef, Meant};
use super::timer::EventTimer;
use crate::client::{Inner, live};
use crate::diagnostics::DiagnosticKind;
use crate::fields::HoneyFields;
use crate::isolate;
use crate::record::{SpanId, TraceId};
use crate::sync::{Arc, Ordering};
use crate::value::{Key, ToField};

/// The innermost event that is open here: on this thread, or in this future while it is polled.
///
/// Bound to a variable it stays that event. Without one, everything done with the handle does nothing, at the cost of a look.
///
/// ```
/// fn load_cart() {
///     honey::current().add_field("cart.items", 3);
/// }
/// ```
#[inline]
#[must_use]
pub fn current() -> EventHandle {
    let mut handle = EventHandle::none();
    if live::any() {
        // Not by way of an `Option`: a handle that is used at once is then never made as a whole.
        let _ = Local::look(|local| handle = local.current());
    }
    handle
}

/// The local root: the outermost open event of the current trace in this process, which stands for the whole request.
///
/// ```
/// fn authenticate() {
///     honey::root().add_field("customer.tier", "gold");
/// }
/// ```
#[must_use]
pub fn root() -> EventHandle {
    current().root()
}

/// A reference to an event: small, `Copy`, usable from any thread, also after the event has ended.
///
/// Fields written where the event is open go straight into it; from other threads they are put aside and merged at its end.
/// Written after its end they are lost, and counted (`Stats::late_fields`), also after the client was closed.
///
/// ```
/// let event = honey::current(); // of no event here: all of it does nothing
/// event.add_field("cart.items", 3);
/// event.add(&[("customer.tier", "gold")]);
/// event.add_json(&serde_json::json!({ "cart": { "total_usd": 9.5 } })); // cart.total_usd
/// event.incr("db.calls", 1);
/// event.set_error("the card was declined");
/// std::thread::spawn(move || event.add_field("in.thread", true));
/// assert!(!event.is_recording() && event.trace_id().is_none());
/// ```
#[derive(Clone, Copy)]
pub struct EventHandle {
    target: Target,
    /// The client that goes where the handle goes: the override in force where it was taken, else the event's own; 0 for none.
    client: u64,
}

impl EventHandle {
    /// A handle of no event.
    #[inline]
    #[must_use]
    pub const fn none() -> Self {
        Self {
            target: Target::nowhere(),
            client: 0,
        }
    }

    pub(crate) fn of(event: &OpenEvent) -> Self {
        Self {
            target: event.target().copied().unwrap_or_else(Target::nowhere),
            client: event.client.as_ref().map_or(0, |client| client.id),
        }
    }

    #[cfg(feature = "tracing")]
    pub(super) fn to(target: Target) -> Self {
        Self::going_to(target, target.context.client)
    }

    /// A handle of an event, with which this client goes; 0: none.
    #[inline]
    pub(super) const fn going_to(target: Target, client: u64) -> Self {
        Self { target, client }
    }

    pub(crate) fn target(&self) -> Option<&Target> {
        self.target.is_somewhere().then_some(&self.target)
    }

    pub(crate) fn context(&self) -> Option<&Context> {
        self.target().map(|target| &target.context)
    }

    /// The client that goes with the handle. `Some(None)`: it is closed, so that there is none where the handle goes.
    #[expect(
        clippy::option_option,
        reason = "none to bring along, or one that is gone"
    )]
    pub(crate) fn client(&self) -> Option<Option<Arc<Inner>>> {
        (self.client != 0).then(|| live::find(self.client))
    }

    /// Whether fields written now will be sent: the event is open, and sampling keeps it.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        let target = &self.target;
        target.context.sampling.is_kept() && target.cell.is_open(target.generation)
    }

    /// Adds one field; a later value of the same key wins. Costs a few nanoseconds where the event is open on this thread.
    #[inline]
    pub fn add_field(&self, key: impl Into<Key>, value: impl ToField) {
        if let Some(target) = self.recording() {
            target.put(key.into(), value.to_field());
        }
    }

    /// Adds all fields of `fields`.
    pub fn add(&self, fields: &impl HoneyFields) {
        if let Some(target) = self.recording() {
            aside_fields(fields, |edit| target.edit(edit));
        }
    }

    /// Spreads a serializable value over fields: a struct's or map's members, nested ones joined with `.` up to
    /// [`Config::flatten_depth`](crate::Config::flatten_depth), arrays as JSON; anything else under `value`. Integers over 64 bits
    /// become strings, NaN is left out (`null` in an array) and counted; what cannot be serialized costs its own field only. The
    /// names are copied; for hot paths derive `HoneyFields`.
    pub fn add_json(&self, value: &(impl Serialize + ?Sized)) {
        if let Some(target) = self.recording() {
            aside_json(value, target.flatten_depth(), |edit| target.edit(edit));
        }
    }

    /// Adds `by` to an integer field that begins at 0; stops at the largest integer instead of overflowing.
    pub fn incr(&self, key: impl Into<Key>, by: i64) {
        if let Some(target) = self.recording() {
            target.edit(Edit::Incr(&key.into(), by));
        }
    }

    /// The event failed: its `outcome` becomes `error`, `error.type` the type's name, `error.message` the error's text.
    pub fn set_error<E: Display + ?Sized>(&self, error: &E) {
        if let Some(target) = self.recording() {
            target.set_error(type_name::<E>(), &error);
        }
    }

    /// Another name for the event than its function's.
    ///
    /// ```
    /// # let (method, route) = ("GET", "/cart");
    /// honey::root().set_name(format!("{method} {route}"));
    /// ```
    pub fn set_name(&self, name: impl Into<Key>) {
        if let Some(target) = self.recording() {
            target.edit(Edit::Name(&name.into()));
        }
    }

    /// Measures until the guard drops, then adds the time to `name`, in milliseconds: several times add up.
    ///
    /// ```
    /// for _ in 0..3 {
    ///     let _timer = honey::current().time("db_ms");
    ///     // … the query …
    /// }
    /// ```
    #[must_use = "the time is added when the guard is dropped: bind it, `let _timer = …`"]
    pub fn time(&self, name: impl Into<Key>) -> EventTimer {
        EventTimer::new(*self, name.into())
    }

    /// Runs `work` only when fields written now will be sent: for what is not worth computing otherwise.
    ///
    /// ```
    /// # fn checksum() -> u64 { 7 }
    /// honey::current().with(|event| event.add_field("body.checksum", checksum()));
    /// ```
    pub fn with(&self, work: impl FnOnce(&Self)) {
        if self.is_recording() {
            work(self);
        }
    }

    /// Keeps 1 in `rate` of such events, decided by the same hash of the trace's id as at the start, so that whole traces stay
    /// together. The largest rate wins: the parent's, the annotation's, or one given here. What begun below the event before is
    /// kept or not by the rate it began with.
    ///
    /// ```
    /// # let path = "/healthz";
    /// if path == "/healthz" {
    ///     honey::root().sample(1_000);
    /// }
    /// ```
    pub fn sample(&self, rate: u32) {
        if let Some(target) = self.recording() {
            target.edit(Edit::Sample(rate));
        }
    }

    /// Adds a span event: something that happened at this moment, with fields of its own. It is an event of its own below this
    /// one (`meta.annotation_type` is `span_event`), and Honeycomb shows it on this one's span.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// honey::current().add_span_event("retry", &BTreeMap::from([("attempt", 2)]));
    /// ```
    pub fn add_span_event(&self, name: impl Into<Key>, fields: &impl HoneyFields) {
        if let Some(target) = self.recording() {
            annotation::span_event(target, &name.into(), fields);
        }
    }

    /// Links this event to another, of any trace: a job to the request that queued it. The link is an event of its own
    /// (`meta.annotation_type` is `link`).
    ///
    /// ```
    /// fn work_off(queued_by: honey::EventHandle) {
    ///     honey::current().add_link(queued_by);
    /// }
    /// # work_off(honey::current());
    /// ```
    ///
    /// The other event may be one of another process: see [`propagation`](crate::propagation).
    pub fn add_link(&self, to: impl Into<EventRef>) {
        if let Some(target) = self.recording() {
            match to.into().0 {
                Meant::Here(handle) => {
                    if let Some(to) = handle.context() {
                        annotation::link(target, &to.trace_id, &to.span_id);
                    }
                }
                Meant::Elsewhere(to) => annotation::link(target, &to.trace_id(), &to.span_id()),
            }
        }
    }

    /// The same for ids that came from elsewhere, as text: lower-case hex, 32 and 16 digits.
    ///
    /// ```
    /// honey::current().add_link_to("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    /// ```
    pub fn add_link_to(&self, trace_id: &str, span_id: &str) {
        if let Some(target) = self.recording() {
            annotation::link(target, &trace_id, &span_id);
        }
    }

    /// Leaves the event out when it ends; it is counted as `discarded`.
    ///
    /// ```
    /// if "GET /healthz".ends_with("/healthz") {
    ///     honey::root().discard();
    /// }
    /// ```
    pub fn discard(&self) {
        if let Some(target) = self.recording() {
            target.edit(Edit::Discard);
        }
    }

    pub(super) fn add_ms(&self, key: &Key, by: f64) {
        if let Some(target) = self.recording() {
            target.edit(Edit::AddMs(key, by));
        }
    }

    /// The event, unless sampling leaves it out or there is none.
    #[inline]
    pub(super) fn recording(&self) -> Option<&Target> {
        self.target
            .context
            .sampling
            .is_kept()
            .then_some(&self.target)
    }

    /// The trace's id, to put into logs.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        self.context().map(|context| context.trace_id)
    }

    /// The event's id, to put into logs.
    #[must_use]
    pub fn span_id(&self) -> Option<SpanId> {
        self.context().map(|context| context.span_id)
    }

    /// The local root of this event's trace.
    #[must_use]
    pub fn root(&self) -> Self {
        Self {
            target: self.target.root(),
            ..*self
        }
    }
}

impl Target {
    fn flatten_depth(&self) -> usize {
        let here =
            Local::with(|local| local.with_open(self.cell, self.generation, |event| event.shape()));
        let of_client =
            || live::find(self.context.client).map(|client| client.scope.snapshot().shape);
        here.flatten()
            .or_else(of_client)
            .unwrap_or_default()
            .flatten_depth
    }

    fn set_error(&self, error_type: &'static str, error: &dyn Display) {
        with_detached(|buffer, trouble| {
            if buffer
                .write(|out| isolate::run(|| write!(out, "{error}")))
                .0
                .is_none()
            {
                trouble.user_panics += 1;
            }
            self.edit(Edit::Error(error_type, buffer));
        });
    }

    #[inline]
    pub(super) fn edit(&self, edit: Edit<'_>) {
        edit_event(self.cell, self.generation, self.context.client, edit);
    }
}

/// Changes an event of the client where it is open, else puts the change aside, else counts it as late.
#[inline]
pub(crate) fn edit_event(cell: &'static OpenCell, generation: u64, client: u64, edit: Edit<'_>) {
    if isolate::is_inside() {
        return lost_inside(client);
    }
    let here = Local::with(|local| {
        let applied = local.with_open(cell, generation, |event| event.apply(edit));
        if matches!(edit, Edit::Sample(_)) {
            // What handles say.
            local.forget_current();
        }
        applied
    });
    if here.flatten().is_none() {
        edit_from_elsewhere(cell, generation, client, edit);
    }
}

#[cold]
fn lost_inside(client: u64) {
    live::with_even_closed(client, |client| {
        client.quirks.reentrant.fetch_add(1, Ordering::Relaxed);
    });
}

#[cold]
fn edit_from_elsewhere(cell: &'static OpenCell, generation: u64, client: u64, edit: Edit<'_>) {
    let Some(mut side) = cell.side(generation) else {
        return lost_late(client, edit);
    };
    let missed = side.apply(generation, client, edit);
    drop(side);
    if let Some(missed) = missed {
        count_late(missed.client, missed.changes, None);
    }
}

#[cold]
fn lost_late(client: u64, edit: Edit<'_>) {
    count_late(client, 1, edit.key());
}

#[cold]
fn count_late(client: u64, changes: u64, key: Option<&str>) {
    live::with_even_closed(client, |client| {
        client
            .quirks
            .late_fields
            .fetch_add(changes, Ordering::Relaxed);
        client.diagnostics.report(DiagnosticKind::LateFields, || {
            let what = key.map_or_else(String::new, |key| format!(" ({key:?})"));
            format!(
                "a field{what} was written to an event that had ended, and is lost: end the event later (await the task), or give \
                 the task an event of its own (`in_child_event`)"
            )
        });
    });
}

impl fmt::Debug for EventHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = self.context();
        f.debug_struct("EventHandle")
            .field("trace_id", &context.map(|context| context.trace_id))
            .field("span_id", &context.map(|context| context.span_id))
            .field("is_recording", &self.is_recording())
            .finish()
    }
}
