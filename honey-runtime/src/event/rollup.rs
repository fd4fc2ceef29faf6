//! `#[honey::event(rollup)]`: calls that are no events, but four fields of the event around them.

use super::callsite::Callsite;
use super::cell::OpenCell;
use super::edit::Edit;
use super::handle::edit_event;
use super::local::Local;
use super::open::OpenEvent;
use super::start::start;
use super::timed::{Entered, Started};
use crate::client::live;
use crate::isolate;
use crate::record::{KeyRef, Scalar, monotonic_ns};
use crate::value::Value;

const COUNT: &str = ".count";
const TOTAL_MS: &str = ".total_ms";
const MAX_MS: &str = ".max_ms";
const ERRORS: &str = ".errors";

/// What the fields of one rolled-up function are called: its name, with these behind it, joined at compile time if the name was
/// written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollupNames {
    name: &'static str,
    joined: Option<[&'static str; 4]>,
}

/// Calls that have ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calls {
    count: i64,
    total_ms: f64,
    max_ms: f64,
    errors: i64,
}

/// The callsite of a rolled-up function.
#[derive(Debug)]
pub struct RollupSite {
    site: Callsite,
    names: RollupNames,
}

/// A call that has begun.
#[must_use]
pub enum RollupStarted {
    /// It goes into an event.
    Into(Rollup),
    /// There was none to go into: an event of its own, if anything.
    Alone(Started),
}

/// A call under way.
#[must_use]
pub enum RollupEntered {
    /// It goes into an event.
    Into(Rollup),
    /// An event of its own.
    Alone(Entered),
}

/// A call that adds itself to its event when it drops.
#[must_use]
pub struct Rollup {
    cell: &'static OpenCell,
    generation: u64,
    client: u64,
    names: RollupNames,
    /// 0: the clock does not run yet, so there is nothing to add.
    began_ns: u64,
    is_sampled: bool,
    failed: bool,
    began_unwinding: bool,
}

impl RollupSite {
    /// Describes a place in the source, and the names of its fields: count, total, largest, errors.
    #[must_use]
    pub const fn new(site: Callsite, joined: Option<[&'static str; 4]>) -> Self {
        let names = RollupNames {
            name: site.name(),
            joined,
        };
        Self { site, names }
    }

    /// The callsite.
    #[must_use]
    pub const fn callsite(&self) -> &Callsite {
        &self.site
    }
}

/// Begins a call that is to be added to the innermost open event.
#[inline]
pub fn rollup(site: &'static RollupSite) -> RollupStarted {
    if live::any() {
        rollup_live(site)
    } else {
        RollupStarted::Alone(Started::none())
    }
}

fn rollup_live(site: &'static RollupSite) -> RollupStarted {
    if isolate::is_inside() {
        return RollupStarted::Alone(Started::none());
    }
    let into = Local::with(|local| {
        local.with_innermost(|target| {
            target.map(|target| Rollup {
                cell: target.cell,
                generation: target.generation,
                client: target.context.client,
                names: site.names,
                began_ns: 0,
                is_sampled: target.context.sampling.is_kept(),
                failed: false,
                began_unwinding: std::thread::panicking(),
            })
        })
    });
    match into.flatten() {
        Some(rollup) => RollupStarted::Into(rollup),
        None => RollupStarted::Alone(start(&site.site)),
    }
}

impl RollupStarted {
    /// The first time starts the clock.
    pub fn enter(self) -> RollupEntered {
        match self {
            Self::Into(mut rollup) => {
                if rollup.began_ns == 0 && rollup.is_sampled {
                    rollup.began_ns = monotonic_ns().max(1);
                }
                RollupEntered::Into(rollup)
            }
            Self::Alone(started) => RollupEntered::Alone(started.enter()),
        }
    }

    /// Whether its clock runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        match self {
            Self::Into(rollup) => rollup.began_ns != 0,
            Self::Alone(started) => started.is_running(),
        }
    }
}

impl RollupEntered {
    /// Whether fields are worth making: a call that goes into another event has none of its own.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        match self {
            Self::Into(_) => false,
            Self::Alone(entered) => entered.is_recording(),
        }
    }

    /// The call failed, if there is the type of an error.
    pub fn fail(&mut self, error_type: Option<&'static str>) {
        let Some(error_type) = error_type else {
            return;
        };
        match self {
            Self::Into(rollup) => rollup.failed = true,
            Self::Alone(entered) => entered.set_error(error_type),
        }
    }

    /// Adds one field, if it is an event of its own.
    pub fn put(&mut self, key: &'static str, value: Value<'_>) {
        if let Self::Alone(entered) = self {
            entered.put(key, value);
        }
    }

    /// Adds many fields, if it is an event of its own.
    pub fn add_prefixed(&mut self, prefix: &'static str, fields: &dyn crate::fields::HoneyFields) {
        if let Self::Alone(entered) = self {
            entered.add_prefixed(prefix, fields);
        }
    }

    /// The error's text, if it is an event of its own.
    pub fn set_error_message(&mut self, message: Value<'_>) {
        if let Self::Alone(entered) = self {
            entered.set_error_message(message);
        }
    }

    /// Pauses without ending: a future that is pending.
    pub fn leave(self) -> RollupStarted {
        match self {
            Self::Into(rollup) => RollupStarted::Into(rollup),
            Self::Alone(entered) => RollupStarted::Alone(entered.leave()),
        }
    }
}

impl Drop for Rollup {
    fn drop(&mut self) {
        if self.began_ns == 0 {
            return;
        }
        let took_ms = milliseconds(monotonic_ns().saturating_sub(self.began_ns));
        let panicked = std::thread::panicking() && !self.began_unwinding;
        let calls = Calls {
            count: 1,
            total_ms: took_ms,
            max_ms: took_ms,
            errors: i64::from(self.failed || panicked),
        };
        edit_event(
            self.cell,
            self.generation,
            self.client,
            Edit::Rollup(self.names, calls),
        );
    }
}

fn milliseconds(ns: u64) -> f64 {
    crate::value::in_units_of(1e6, std::time::Duration::from_nanos(ns))
}

impl Calls {
    pub(crate) fn add(&mut self, more: Self) {
        self.count = self.count.saturating_add(more.count);
        self.total_ms += more.total_ms;
        self.max_ms = self.max_ms.max(more.max_ms);
        self.errors = self.errors.saturating_add(more.errors);
    }
}

impl OpenEvent {
    /// Adds calls of one function to its four fields.
    pub(crate) fn roll_up(&mut self, names: RollupNames, calls: Calls) {
        self.roll_up_one(names, 0, COUNT, Scalar::I64(calls.count), sum);
        self.roll_up_one(names, 1, TOTAL_MS, Scalar::F64(calls.total_ms), sum);
        self.roll_up_one(names, 2, MAX_MS, Scalar::F64(calls.max_ms), largest);
        if calls.errors > 0 {
            self.roll_up_one(names, 3, ERRORS, Scalar::I64(calls.errors), sum);
        }
    }

    fn roll_up_one(
        &mut self,
        names: RollupNames,
        place: usize,
        suffix: &str,
        value: Scalar,
        merge: fn(Scalar, Scalar) -> Scalar,
    ) {
        let known = match &names.joined {
            Some(joined) => self.fields.last_mut(joined[place]),
            None => self.fields.last_joined_mut(names.name, suffix),
        };
        if let Some(known) = known {
            *known = merge(*known, value);
            return;
        }
        let key = match &names.joined {
            Some(joined) => Some(KeyRef::Static(joined[place])),
            None => self
                .fields
                .store_joined(names.name, suffix)
                .map(KeyRef::Text),
        };
        if !key.is_some_and(|key| self.fields.push(key, value)) {
            self.trouble.refused_fields += 1;
        }
    }
}

fn sum(known: Scalar, more: Scalar) -> Scalar {
    match (known, more) {
        (Scalar::I64(known), Scalar::I64(more)) => Scalar::I64(known.saturating_add(more)),
        (Scalar::F64(known), Scalar::F64(more)) => Scalar::F64(known + more),
        _ => more,
    }
}

fn largest(known: Scalar, more: Scalar) -> Scalar {
    match (known, more) {
        (Scalar::F64(known), Scalar::F64(more)) => Scalar::F64(known.max(more)),
        _ => more,
    }
}
