//! Events by hand, as libhoney has them: new, add, send.

use std::any::Any;
use std::borrow::Cow;
use std::time::{Instant, SystemTime};

use serde::Serialize;

use super::dynamic::run_dynamic_fields;
use super::edit::{aside_fields, aside_json};
use super::finish::{finish, finish_manual, give_up};
use super::local::Local;
use super::open::OpenEvent;
use super::put::put_own;
use super::start::{Begun, begin, no_client};
use crate::client::{Inner, live};
use crate::dispatch::Loss;
use crate::fields::HoneyFields;
use crate::isolate;
use crate::record::{Destination, Snapshot, unix_ns_of};
use crate::response::DiscardReason;
use crate::sync::Arc;
use crate::value::{Key, ToField, ms};

/// One event made by hand: fields are added, then it is sent. It has no trace ids and is never [`current`](crate::current).
///
/// It takes the fields of its scope as they are when it is made. `send` takes the event, so nothing changes after it; an event
/// that is dropped unsent is counted as `discarded`. While no client is live, all of it does nothing.
///
/// ```
/// let mut event = honey::Event::new();
/// event.add_field("method", "GET");
/// event.add_field("duration_ms", 153.12);
/// event.send();
/// ```
#[must_use = "an event that is not sent is discarded"]
pub struct Event {
    event: Option<Box<OpenEvent>>,
}

impl Event {
    /// An event with the global scope's fields, at this time.
    #[inline]
    pub fn new() -> Self {
        let event = if live::any() { begin(new_here) } else { None };
        Self { event }
    }

    /// An event of a Builder.
    pub(crate) fn of_builder(client: &Arc<Inner>, snapshot: &Arc<Snapshot>) -> Self {
        if isolate::is_inside() {
            return Self { event: None };
        }
        let buffer = Local::with(|local| {
            local.refresh();
            local.buffer()
        });
        let mut event = buffer.unwrap_or_else(OpenEvent::new);
        drop(event.give_to_builder(client, snapshot));
        begin_manual(&mut event);
        Self { event: Some(event) }
    }

    /// Adds one field; a later value of the same key wins.
    #[inline]
    pub fn add_field(&mut self, key: impl Into<Key>, value: impl ToField) {
        if let Some(event) = &mut self.event {
            put_own(event, key.into(), value.to_field());
        }
    }

    /// Adds all fields of `fields`.
    pub fn add(&mut self, fields: &impl HoneyFields) {
        if let Some(event) = &mut self.event {
            aside_fields(fields, |edit| event.apply(edit));
        }
    }

    /// Spreads a serializable value over fields: a struct's or map's members, nested ones joined with `.` up to
    /// [`Config::flatten_depth`](crate::Config::flatten_depth), arrays as JSON; anything else under `value`. Integers over 64 bits
    /// become strings, NaN is left out (`null` in an array) and counted; what cannot be serialized costs its own field only.
    pub fn add_json(&mut self, value: &(impl Serialize + ?Sized)) {
        if let Some(event) = &mut self.event {
            aside_json(value, event.shape().flatten_depth, |edit| event.apply(edit));
        }
    }

    /// Keeps something that is not sent, to be found again in the event's [`Response`](crate::Response).
    pub fn add_metadata(&mut self, key: impl Into<Cow<'static, str>>, value: impl Any + Send) {
        if let Some(event) = &mut self.event {
            event
                .make_rare()
                .metadata
                .push((key.into(), Box::new(value)));
        }
    }

    /// The event's time, instead of the time it was made.
    ///
    /// Honeycomb stores best what is near the present and near its neighbours: do not mix very different times in one go. A
    /// time more than an hour ahead is replaced by the time of receipt.
    pub fn set_timestamp(&mut self, time: SystemTime) {
        if let Some(event) = &mut self.event {
            event.make_rare().unix_ns = Some(unix_ns_of(time));
        }
    }

    /// Keeps 1 in `rate` such events, decided at random by `send`, and tells the server so. 0 and 1 keep all.
    pub fn set_sample_rate(&mut self, rate: u32) {
        if let Some(event) = &mut self.event {
            event.sample_rate = rate.max(1);
        }
    }

    /// Sends to another dataset.
    pub fn set_dataset(&mut self, dataset: impl Into<Key>) {
        if let Some(event) = &mut self.event {
            event.set_dataset(&dataset.into());
        }
    }

    /// Sends with another key. One that no request can carry costs the event: see [`set_api_host`](Event::set_api_host).
    pub fn set_api_key(&mut self, api_key: impl Into<String>) {
        self.redirect(|to| api_key.into().trim().clone_into(&mut to.api_key));
    }

    /// Sends to another server, a base URL as in [`Config::api_host`](crate::Config::api_host); an empty one discards the event.
    ///
    /// A URL, key or dataset that cannot be used costs the event, which must not turn up elsewhere: it is dropped as
    /// [`Transport`](crate::DropReason::Transport), its response and a diagnostic message say what to write instead.
    pub fn set_api_host(&mut self, api_host: impl Into<String>) {
        self.redirect(|to| api_host.into().trim().clone_into(&mut to.api_host));
    }

    /// Measures until the guard drops, then adds `name` in milliseconds.
    ///
    /// ```
    /// let mut event = honey::Event::new();
    /// {
    ///     let _timer = event.timer("render_ms");
    ///     // … the work …
    /// }
    /// event.send();
    /// ```
    pub fn timer(&mut self, name: impl Into<Key>) -> Timer<'_> {
        Timer {
            event: self,
            name: name.into(),
            started: Instant::now(),
        }
    }

    /// Hands the event over, unless sampling leaves it out. Never waits (but see `block_on_send`), never fails: what becomes of
    /// it is in [`stats`](crate::stats) and [`responses`](crate::responses).
    #[inline]
    pub fn send(mut self) {
        if let Some(event) = self.event.take() {
            finish_manual(event);
        }
    }

    /// Hands over an event that the caller has sampled already: it is kept, and its rate is sent along.
    pub fn send_presampled(mut self) {
        if let Some(event) = self.event.take() {
            finish(event);
        }
    }

    fn redirect(&mut self, change: impl FnOnce(&mut Destination)) {
        let Some(event) = &mut self.event else { return };
        let own = event.make_rare().destination.take();
        let base = own.or_else(|| {
            event
                .snapshot
                .as_ref()
                .map(|snapshot| Arc::clone(&snapshot.destination))
        });
        event.make_rare().destination = base.map(|mut base| {
            change(Arc::make_mut(&mut base));
            base
        });
    }
}

/// An event of the current client; of the global one, where the thread is past the destruction of its state.
#[inline(never)]
fn new_here(local: Option<&Local>) -> Begun {
    let mut event = match local {
        Some(local) => {
            let mut event = local.buffer();
            if !local.furnish(&mut event, None) {
                return no_client(local, event, None);
            }
            event
        }
        None => OpenEvent::homeless()?,
    };
    begin_manual(&mut event);
    Some(event)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "twice in all, and for each event")]
fn begin_manual(event: &mut OpenEvent) {
    event.begin();
    event.sample_rate = event
        .snapshot
        .as_ref()
        .map_or(1, |snapshot| snapshot.sample_rate);
    event.start_clock();
    run_dynamic_fields(event);
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Event {
    #[inline]
    fn drop(&mut self) {
        if let Some(event) = self.event.take() {
            discard_unsent(event);
        }
    }
}

#[cold]
fn discard_unsent(event: Box<OpenEvent>) {
    give_up(event, Loss::Discarded(DiscardReason::Unsent));
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fields = self.event.as_ref().map_or(0, |event| event.fields.len());
        f.debug_struct("Event")
            .field("fields", &fields)
            .finish_non_exhaustive()
    }
}

/// Adds the time since it was made to its event when it drops; see [`Event::timer`].
///
/// ```
/// # fn render() {}
/// let mut event = honey::Event::new();
/// let timer = event.timer("render_ms");
/// render();
/// drop(timer); // now the event has it, and can be used again
/// event.send();
/// ```
#[derive(Debug)]
pub struct Timer<'a> {
    event: &'a mut Event,
    name: Key,
    started: Instant,
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        let elapsed = ms(self.started.elapsed());
        self.event.add_field(self.name.clone(), elapsed);
    }
}
