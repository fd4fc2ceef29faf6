//! A change to an open event, made at once where the event is open, else put aside until its end.

use serde::Serialize;

use super::local::Local;
use super::open::OpenEvent;
use super::rollup::{Calls, RollupNames};
use crate::fields::{FieldSink, HoneyFields, put_json};
use crate::isolate;
use crate::record::{FieldBuffer, KeyRef};
use crate::response::Ending;
use crate::value::{self, Key, Trouble, Value};

/// One change, which runs no user code.
#[derive(Clone, Copy)]
pub(crate) enum Edit<'a> {
    Field(&'a Key, Value<'a>),
    /// Fields that were recorded aside, with what went wrong meanwhile.
    Fields(&'a FieldBuffer, Trouble),
    Incr(&'a Key, i64),
    AddMs(&'a Key, f64),
    Name(&'a Key),
    Sample(u32),
    Rollup(RollupNames, Calls),
    Error(&'static str, &'a FieldBuffer),
    Discard,
}

/// Changes that came too late for their event.
pub(crate) struct Missed {
    pub(crate) client: u64,
    pub(crate) changes: u64,
}

/// Counters that other threads may keep for one event: they are looked up one by one.
const MOST_INCREMENTS: usize = 256;

impl Edit<'_> {
    /// The field it is about, for messages.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Edit::Field(key, _) | Edit::Incr(key, _) | Edit::AddMs(key, _) => Some(key.as_ref()),
            Edit::Fields(aside, _) => {
                let view = aside.view();
                view.fields.first().map(|field| field.key.of(view.text))
            }
            _ => None,
        }
    }
}

/// Changes from other threads, until the event ends.
pub(crate) struct Side {
    /// Whose they are: the event's generation in its cell, and its client. 0: nobody's.
    generation: u64,
    client: u64,
    changes: u64,
    fields: FieldBuffer,
    trouble: Trouble,
    increments: Vec<(Key, i64)>,
    times: Vec<(Key, f64)>,
    rollups: Vec<(RollupNames, Calls)>,
    name: Option<Key>,
    sample: u32,
    error: Option<(&'static str, FieldBuffer)>,
    discard: bool,
}

impl OpenEvent {
    #[inline]
    pub(crate) fn apply(&mut self, edit: Edit<'_>) {
        match edit {
            Edit::Field(key, value) => self.put(key, value),
            Edit::Fields(aside, trouble) => self.append(aside, trouble),
            Edit::Incr(key, by) => self.incr(key, by),
            Edit::AddMs(key, by) => self.add_ms(key, by),
            Edit::Name(name) => self.set_name(name),
            Edit::Sample(rate) => self.sample(rate),
            Edit::Rollup(names, calls) => self.roll_up(names, calls),
            Edit::Error(error_type, message) => {
                self.set_error(error_type);
                self.set_error_message(message.all_text());
            }
            Edit::Discard => self.make_rare().discard = true,
        }
    }

    /// Makes the changes that others put aside, and empties their list.
    pub(crate) fn merge(&mut self, side: &mut Side) {
        let side = std::mem::replace(side, Side::new());
        self.append(&side.fields, side.trouble);
        for (key, by) in &side.increments {
            self.incr(key, *by);
        }
        for (key, by) in &side.times {
            self.add_ms(key, *by);
        }
        for (names, calls) in &side.rollups {
            self.roll_up(*names, *calls);
        }
        if let Some(name) = &side.name {
            self.set_name(name);
        }
        self.sample(side.sample);
        // A panic says more than an error before it.
        if let (Some((error_type, message)), true) =
            (&side.error, self.timed.ending != Ending::Panic)
        {
            self.apply(Edit::Error(error_type, message));
        }
        if side.discard {
            self.apply(Edit::Discard);
        }
    }
}

impl Side {
    pub(crate) const fn new() -> Self {
        Self {
            generation: 0,
            client: 0,
            changes: 0,
            fields: FieldBuffer::new(),
            trouble: Trouble::NONE,
            increments: Vec::new(),
            times: Vec::new(),
            rollups: Vec::new(),
            name: None,
            sample: 0,
            error: None,
            discard: false,
        }
    }

    /// Makes a change to the event of this generation, of this client. Returns what an event before it has missed.
    pub(crate) fn apply(&mut self, generation: u64, client: u64, edit: Edit<'_>) -> Option<Missed> {
        let missed = (self.generation != generation).then(|| self.take_missed());
        self.generation = generation;
        self.client = client;
        self.changes += 1;
        self.change(edit);
        missed.filter(|missed| missed.changes > 0)
    }

    /// What is left of an event that has ended without it: it was written in the moment of the end.
    pub(crate) fn take_missed(&mut self) -> Missed {
        let Side {
            client, changes, ..
        } = std::mem::replace(self, Side::new());
        Missed { client, changes }
    }

    /// Whose changes these are: the event's generation and client.
    pub(crate) fn owner(&self) -> (u64, u64) {
        (self.generation, self.client)
    }

    fn change(&mut self, edit: Edit<'_>) {
        if self.fields.wants_packing() {
            self.fields = self.fields.packed();
        }
        match edit {
            Edit::Field(key, value) => {
                let name = self.fields.store(key.as_ref()).map(KeyRef::Text);
                match name {
                    Some(name) => value::put(&mut self.fields, name, value, &mut self.trouble),
                    None => self.trouble.refused_fields += 1,
                }
            }
            Edit::Fields(aside, trouble) => {
                self.trouble.add(trouble);
                if !self.fields.append(aside.view()) {
                    self.trouble.refused_fields += 1;
                }
            }
            Edit::Incr(key, by) => self.incr(key, by),
            Edit::AddMs(key, by) => self.add_ms(key, by),
            Edit::Name(name) => self.name = Some(name.clone()),
            Edit::Sample(rate) => self.sample = self.sample.max(rate),
            Edit::Rollup(names, calls) => self.roll_up(names, calls),
            Edit::Error(error_type, message) => self.error = Some((error_type, message.clone())),
            Edit::Discard => self.discard = true,
        }
    }
}

impl Side {
    fn add_ms(&mut self, key: &Key, by: f64) {
        if let Some((_, sum)) = self.times.iter_mut().find(|(known, _)| known == key) {
            *sum += by;
        } else if self.times.len() < MOST_INCREMENTS {
            self.times.push((key.clone(), by));
        } else {
            self.trouble.refused_fields += 1;
        }
    }

    fn roll_up(&mut self, names: RollupNames, calls: Calls) {
        if let Some((_, sum)) = self.rollups.iter_mut().find(|(known, _)| *known == names) {
            sum.add(calls);
        } else if self.rollups.len() < MOST_INCREMENTS {
            self.rollups.push((names, calls));
        } else {
            self.trouble.refused_fields += 1;
        }
    }

    fn incr(&mut self, key: &Key, by: i64) {
        if let Some((_, sum)) = self.increments.iter_mut().find(|(known, _)| known == key) {
            *sum = sum.saturating_add(by);
        } else if self.increments.len() < MOST_INCREMENTS {
            self.increments.push((key.clone(), by));
        } else {
            self.trouble.refused_fields += 1;
        }
    }
}

/// Records one value in a buffer that the user code it may run cannot reach, then makes `then` of it.
pub(crate) fn aside_value<T>(key: &Key, value: Value<'_>, then: impl FnOnce(Edit<'_>) -> T) -> T {
    aside(|out| out.put_key(key, value), then)
}

/// Runs the user's `record` in a buffer that it cannot reach otherwise; a panic costs what it had not recorded yet.
pub(crate) fn aside_fields<T>(fields: &dyn HoneyFields, then: impl FnOnce(Edit<'_>) -> T) -> T {
    aside(|out| fields.record(out), then)
}

/// The same for fields that all get a prefix.
pub(crate) fn aside_prefixed<T>(
    prefix: &str,
    fields: &dyn HoneyFields,
    then: impl FnOnce(Edit<'_>) -> T,
) -> T {
    aside(|out| out.prefixed(prefix, |out| fields.record(out)), then)
}

/// The same for a serializable value, spread over fields by so many levels.
pub(crate) fn aside_json<T>(
    value: &(impl Serialize + ?Sized),
    levels: usize,
    then: impl FnOnce(Edit<'_>) -> T,
) -> T {
    aside(|out| put_json(out, value, levels), then)
}

/// Lets user code write to a detached buffer, then hands over what it wrote.
pub(crate) fn aside<T>(
    record: impl FnOnce(&mut FieldSink<'_>),
    then: impl FnOnce(Edit<'_>) -> T,
) -> T {
    with_detached(|buffer, trouble| {
        if isolate::run(|| record(&mut FieldSink::new(buffer, trouble))).is_none() {
            trouble.user_panics += 1;
        }
        then(Edit::Fields(buffer, *trouble))
    })
}

/// Lends a detached buffer: this thread's, or a new one when the thread is past its destruction.
pub(crate) fn with_detached<T>(use_it: impl FnOnce(&mut FieldBuffer, &mut Trouble) -> T) -> T {
    let mut buffer = Local::with(Local::take_aside).unwrap_or_default();
    let result = use_it(&mut buffer, &mut Trouble::default());
    let _ = Local::with(|local| local.keep_aside(buffer));
    result
}
