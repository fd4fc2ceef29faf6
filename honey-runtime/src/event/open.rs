//! An open event: its buffer and what its end will need.

use std::borrow::Cow;
#[cfg(feature = "tower")]
use std::fmt;

use super::cell::OpenCell;
use super::context::Target;
use super::rare::{Rare, Rarely};
use crate::client::{Inner, live};
#[cfg(feature = "tower")]
use crate::filter::Verdict;
use crate::isolate;
use crate::record::{FieldBuffer, KeyRef, Scalar, Shape, Snapshot, Timed, monotonic_ns};
use crate::response::Ending;
use crate::sync::Arc;
use crate::value::{self, Key, Trouble, Value};

/// An event that has begun and not ended. Boxed and pooled, so that beginning one allocates nothing.
#[expect(clippy::struct_excessive_bools, reason = "independent of one another")]
pub(crate) struct OpenEvent {
    /// What handles mean this event by. Its context is that of a timed event only.
    pub(crate) target: Target,
    /// The client and scope it belongs to; a pooled buffer keeps its last ones, to be compared by version.
    pub(crate) client: Option<Arc<Inner>>,
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    pub(crate) client_id: u64,
    /// The version of the client's own scope that `snapshot` is; 0 for a Builder's.
    pub(crate) scope_version: u64,
    /// What [`live::changes`] was when `client` was the global one, and `snapshot` its scope; 0: look again.
    pub(crate) seen: u64,
    pub(crate) fields: FieldBuffer,
    pub(crate) trouble: Trouble,
    /// Not a manual event, which is outside any trace.
    pub(crate) is_timed: bool,
    /// A panic was under way already when it began, so that one says nothing about it.
    pub(crate) began_unwinding: bool,
    /// What only timed events have; of a manual one it means nothing.
    pub(crate) timed: Timed,
    /// 1 in this many is kept.
    pub(crate) sample_rate: u32,
    pub(crate) is_sampled: bool,
    /// Its trace was not kept when it began, so that nothing can be written to it.
    pub(crate) is_left_out: bool,
    /// Monotonic; 0: the clock has not started.
    pub(crate) started_ns: u64,
    rare: Rarely,
    /// Monotonic: it was over before it is told to end; 0: it is over then.
    #[cfg(feature = "tracing")]
    pub(crate) over_ns: u64,
}

impl OpenEvent {
    pub(crate) fn new() -> Box<Self> {
        let cell = OpenCell::acquire();
        Box::new(Self {
            target: Target::new(cell, cell.generation()),
            client: None,
            snapshot: None,
            client_id: 0,
            scope_version: 0,
            seen: 0,
            fields: FieldBuffer::new(),
            trouble: Trouble::default(),
            is_timed: false,
            began_unwinding: false,
            timed: Timed::default(),
            sample_rate: 1,
            is_sampled: true,
            is_left_out: false,
            started_ns: 0,
            rare: Rarely::default(),
            #[cfg(feature = "tracing")]
            over_ns: 0,
        })
    }

    /// Gives this to a client, with the client's scope as it is now.
    ///
    /// Returns what it kept until now and needs no more, to be dropped where nothing is borrowed.
    #[must_use]
    pub(crate) fn give_to(&mut self, client: &Arc<Inner>) -> Displaced {
        let mut displaced = Displaced(self.change_client(client), None);
        let version = client.scope.version();
        if version != self.scope_version || self.snapshot.is_none() {
            displaced.1 = self.snapshot.replace(client.scope.snapshot());
            self.scope_version = version;
        }
        displaced
    }

    /// The same with a Builder's scope.
    #[must_use]
    pub(crate) fn give_to_builder(
        &mut self,
        client: &Arc<Inner>,
        scope: &Arc<Snapshot>,
    ) -> Displaced {
        let mut displaced = Displaced(self.change_client(client), None);
        let has_it = |kept: &Arc<Snapshot>| Arc::ptr_eq(kept, scope);
        if !self.snapshot.as_ref().is_some_and(has_it) {
            displaced.1 = self.snapshot.replace(Arc::clone(scope));
        }
        self.scope_version = 0;
        displaced
    }

    fn change_client(&mut self, client: &Arc<Inner>) -> Option<Arc<Inner>> {
        self.seen = 0;
        let is_it = |kept: &Arc<Inner>| Arc::ptr_eq(kept, client);
        if self.client.as_ref().is_some_and(is_it) {
            return None;
        }
        if !self.target.cell.is_here() {
            // A buffer that a child process inherited: the cell is the parent's, and may be locked for ever.
            self.target.cell = OpenCell::acquire();
        }
        self.client_id = client.id;
        self.scope_version = 0;
        self.client.replace(Arc::clone(client))
    }

    /// Begins, now that it has a client; returns its generation.
    #[inline]
    pub(crate) fn begin(&mut self) -> u64 {
        let generation = self.target.cell.open(self.client_id);
        self.target.generation = generation;
        generation
    }

    /// A buffer on a thread that is past the destruction of its state: the global client's, if there is one.
    #[cold]
    pub(crate) fn homeless() -> Option<Box<Self>> {
        let client = live::global()?;
        let mut event = Self::new();
        drop(event.give_to(&client));
        Some(event)
    }

    /// What few events have, if this one has any of it.
    #[inline]
    pub(super) fn rare(&self) -> Option<&Rare> {
        self.rare.get()
    }

    #[inline]
    pub(super) fn rare_mut(&mut self) -> Option<&mut Rare> {
        self.rare.get_mut()
    }

    /// The same, to be given something.
    #[inline]
    pub(super) fn make_rare(&mut self) -> &mut Rare {
        self.rare.used()
    }

    #[inline]
    pub(super) fn has_rare(&self) -> bool {
        self.rare.is_used()
    }

    /// Readies the buffer for its next event, keeping client, scope and memory.
    #[inline]
    pub(crate) fn reset(&mut self) {
        self.fields.clear();
        self.trouble = Trouble::default();
        self.is_timed = false;
        self.is_sampled = true;
        self.is_left_out = false;
        self.started_ns = 0;
        self.rare.clear();
        #[cfg(feature = "tracing")]
        {
            self.over_ns = 0;
        }
    }

    /// Lets go of a client that is closed.
    #[inline(never)]
    pub(crate) fn leave_closed_client(&mut self) {
        let is_closed = |client: &Arc<Inner>| client.is_closed();
        if self.client.as_ref().is_some_and(is_closed) {
            isolate::discard((self.client.take(), self.snapshot.take()));
        }
    }

    /// How the client's events are laid out.
    pub(crate) fn shape(&self) -> Shape {
        self.snapshot
            .as_ref()
            .map_or_else(Shape::default, |snapshot| snapshot.shape)
    }

    pub(crate) fn is(&self, cell: &'static OpenCell, generation: u64) -> bool {
        self.target.is(cell, generation)
    }

    /// What handles mean this event by; `None` for a manual one.
    #[inline]
    pub(crate) fn target(&self) -> Option<&Target> {
        self.is_timed.then_some(&self.target)
    }

    /// Starts the clock, if it does not run yet. Nobody reads that of an event which is not kept.
    #[inline]
    pub(crate) fn start_clock(&mut self) {
        if self.started_ns == 0 {
            self.started_ns = if self.is_sampled {
                monotonic_ns().max(1)
            } else {
                1
            };
        }
    }

    /// Adds a field whose value runs no user code.
    #[inline]
    pub(crate) fn put(&mut self, key: &Key, value: Value<'_>) {
        self.forget_replaced();
        match key_in(&mut self.fields, key) {
            Some(key) => value::put(&mut self.fields, key, value, &mut self.trouble),
            None => self.trouble.refused_fields += 1,
        }
    }

    /// Adds a field that needs no room for text, where there is room for the field. False: there is none.
    #[inline]
    pub(super) fn put_within(&mut self, key: &'static str, value: Scalar) -> bool {
        let has_room = !self.fields.is_full();
        if has_room {
            self.fields.push_within(KeyRef::Static(key), value);
        }
        has_room
    }

    /// The same for a text.
    #[inline]
    pub(super) fn put_text_within(&mut self, key: &'static str, text: &str) -> bool {
        let has_room = self.fields.has_room_for(text);
        if has_room {
            self.fields.push_text_within(key, text);
        }
        has_room
    }

    /// Adds fields that were recorded aside.
    pub(crate) fn append(&mut self, aside: &FieldBuffer, trouble: Trouble) {
        self.forget_replaced();
        self.trouble.add(trouble);
        if !self.fields.append(aside.view()) {
            self.trouble.refused_fields += 1;
        }
    }

    /// Makes room when little is left, so that an event that lives long keeps the newest value of each key.
    #[inline]
    pub(super) fn forget_replaced(&mut self) {
        if self.fields.wants_packing() {
            self.pack();
        }
    }

    #[cold]
    fn pack(&mut self) {
        let mut packed = self.fields.packed();
        let text = self.fields.all_text();
        if let Some(rare) = self.rare.get_mut() {
            if let Some(KeyRef::Text(dataset)) = rare.dataset {
                rare.dataset = packed.store(dataset.of(text)).map(KeyRef::Text);
            }
        }
        if self.is_timed {
            if let KeyRef::Text(name) = self.timed.name {
                self.timed.name = packed
                    .store(name.of(text))
                    .map_or(KeyRef::Static(""), KeyRef::Text);
            }
            let message = self.timed.error_message;
            self.timed.error_message = message.and_then(|message| packed.store(message.of(text)));
        }
        self.fields = packed;
    }

    /// Adds to an integer field, beginning at 0; a field of another kind is replaced.
    pub(crate) fn incr(&mut self, key: &Key, by: i64) {
        match self.fields.last_mut(key.as_ref()) {
            Some(Scalar::I64(sum)) => *sum = sum.saturating_add(by),
            Some(Scalar::U64(sum)) => *sum = sum.saturating_add_signed(by),
            Some(other) => *other = Scalar::I64(by),
            None => self.put(key, Value::I64(by)),
        }
    }

    /// Adds to a field of milliseconds, beginning at 0; a field of another kind is replaced.
    pub(crate) fn add_ms(&mut self, key: &Key, by: f64) {
        match self.fields.last_mut(key.as_ref()) {
            Some(Scalar::F64(sum)) => *sum += by,
            Some(other) => *other = Scalar::F64(by),
            None => self.put(key, Value::F64(by)),
        }
    }

    /// Another name than the one it began with.
    pub(crate) fn set_name(&mut self, name: &Key) {
        if let Some(name) = key_in(&mut self.fields, name) {
            self.timed.name = name;
        }
    }

    /// The same for a name that is written piece by piece; says what the client's filter makes of it.
    #[cfg(feature = "tower")]
    pub(crate) fn rename(
        &mut self,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Verdict {
        let (whole, name) = self.fields.write(|out| write(out));
        if whole.is_ok() {
            self.timed.name = KeyRef::Text(name);
        }
        let name = name.of(self.fields.view().text);
        self.client.as_ref().map_or(Verdict::AsAnnotated, |client| {
            client.filter.judge_name(name)
        })
    }

    /// Keeps 1 in `rate`, if that is fewer than are kept already, by the hash that would have decided at the start.
    pub(crate) fn sample(&mut self, rate: u32) {
        if self.is_timed && rate > self.target.context.sampling.rate {
            let context = &mut self.target.context;
            // What begins below it from now on has the same rate. One that a higher rate keeps, a lower one has kept.
            context.sampling = context.sampling.at_rate(context.trace_id, rate);
            self.sample_rate = context.sampling.stands_for();
            self.is_sampled = context.sampling.is_kept();
        }
    }

    /// Sends to this dataset; blanks around it do not count.
    pub(crate) fn set_dataset(&mut self, dataset: &Key) {
        let trimmed = Key(match &dataset.0 {
            Cow::Borrowed(name) => Cow::Borrowed(name.trim()),
            Cow::Owned(name) => Cow::Owned(name.trim().to_owned()),
        });
        if !trimmed.as_ref().is_empty() {
            self.rare.used().dataset = key_in(&mut self.fields, &trimmed);
        }
    }

    /// Lets handles on any thread see the dataset that was set on it.
    pub(crate) fn show_dataset(&self) {
        if let Some(dataset) = self.rare().and_then(|rare| rare.dataset) {
            let dataset = dataset.of(self.fields.view().text);
            self.target
                .cell
                .show_dataset(self.target.generation, dataset);
        }
    }

    /// Keeps `text` for `error.message`.
    pub(crate) fn set_error_message(&mut self, text: &str) {
        self.timed.error_message = self.fields.store(text);
    }

    pub(crate) fn set_error(&mut self, error_type: &'static str) {
        self.timed.ending = Ending::Error;
        self.timed.error_type = Some(error_type);
    }
}

/// References that were given up: the last one drops what users put into a scope.
pub(crate) struct Displaced(Option<Arc<Inner>>, Option<Arc<Snapshot>>);

impl Drop for Displaced {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() || self.1.is_some() {
            isolate::discard((self.0.take(), self.1.take()));
        }
    }
}

/// Gives the cell back, whichever way the buffer goes.
impl Drop for OpenEvent {
    fn drop(&mut self) {
        self.target.close(|_| {});
        self.target.cell.release();
        // What users put into scopes and events drops here, perhaps while a thread is destroyed, where a panic would abort.
        self.rare.clear();
        isolate::discard((self.client.take(), self.snapshot.take()));
    }
}

fn key_in(fields: &mut FieldBuffer, key: &Key) -> Option<KeyRef> {
    match &key.0 {
        Cow::Borrowed(name) => Some(KeyRef::Static(name)),
        Cow::Owned(name) => fields.store(name).map(KeyRef::Text),
    }
}
