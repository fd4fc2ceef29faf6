//! `#[honey::event(rollup)]`: calls that are no events, but four fields of the event around them.

use std::cell::RefCell;

use super::callsite::Callsite;
use super::cell::OpenCell;
use super::edit::Edit;
use super::handle::edit_event;
use super::local::Local;
use super::open::OpenEvent;
use super::stack::Innermost;
use super::start::start;
use super::timed::{Entered, Started};
use crate::client::live;
use crate::filter::{self, Verdict};
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
    site: &'static RollupSite,
    /// `None`: it does not run yet, so there is nothing to add.
    began: Option<Began>,
    /// It stands in `RUNNING`.
    is_running: bool,
    failed: bool,
    began_unwinding: bool,
}

/// When a call began, and where.
#[derive(Clone, Copy)]
struct Began {
    at_ns: u64,
    /// Within another call of the same function, whose time is this one's too.
    is_inner: bool,
}

thread_local! {
    /// The rolled-up calls that run on this thread, outermost first.
    static RUNNING: RefCell<Vec<Running>> = const { RefCell::new(Vec::new()) };
}

/// A call that runs: of which function, into which event.
#[derive(Clone, Copy)]
struct Running {
    site: &'static RollupSite,
    cell: &'static OpenCell,
    generation: u64,
}

impl PartialEq for Running {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.site, other.site)
            && std::ptr::eq(self.cell, other.cell)
            && self.generation == other.generation
    }
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
    let found = Local::with(|local| {
        local.with_innermost(|innermost| {
            let Innermost::Event(target) = innermost else {
                return None;
            };
            let context = &target.context;
            let place = (target.cell, target.generation, context.client);
            Some((place, context.sampling.is_kept()))
        })
    });
    match found.flatten() {
        Some((_, false)) => RollupStarted::Alone(Started::none()),
        Some(((_, _, client), _)) if filter::any() && is_off(&site.site, client) => {
            RollupStarted::Alone(Started::none())
        }
        Some(((cell, generation, client), _)) => RollupStarted::Into(Rollup {
            cell,
            generation,
            client,
            site,
            began: None,
            is_running: false,
            failed: false,
            began_unwinding: std::thread::panicking(),
        }),
        None => RollupStarted::Alone(start(&site.site)),
    }
}

/// Whether the filter of the event's client says that the call is not to be seen. A rate says nothing about calls that are no
/// events.
fn is_off(site: &Callsite, client: u64) -> bool {
    let verdict = Local::with(|local| {
        local.with_client_for(Some(client), |client| site.verdict(&client.filter))
    });
    verdict.flatten() == Some(Verdict::Off)
}

impl RollupStarted {
    /// The first time starts the clock.
    pub fn enter(self) -> RollupEntered {
        match self {
            Self::Into(mut rollup) => {
                rollup.run();
                RollupEntered::Into(rollup)
            }
            Self::Alone(started) => RollupEntered::Alone(started.enter()),
        }
    }

    /// Whether its clock runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        match self {
            Self::Into(rollup) => rollup.began.is_some(),
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
            Self::Into(mut rollup) => {
                rollup.pause();
                RollupStarted::Into(rollup)
            }
            Self::Alone(entered) => RollupStarted::Alone(entered.leave()),
        }
    }
}

impl Rollup {
    /// The first time starts the clock.
    fn run(&mut self) {
        let this = self.running();
        let is_inside_itself = RUNNING.try_with(|running| {
            let mut running = running.borrow_mut();
            let is_inside_itself = running.contains(&this);
            running.push(this);
            is_inside_itself
        });
        self.is_running = is_inside_itself.is_ok();
        self.began.get_or_insert_with(|| Began {
            at_ns: monotonic_ns(),
            is_inner: is_inside_itself.unwrap_or(false),
        });
    }

    fn pause(&mut self) {
        if !std::mem::take(&mut self.is_running) {
            return;
        }
        let this = self.running();
        let _ = RUNNING.try_with(|running| {
            let mut running = running.borrow_mut();
            if let Some(place) = running.iter().rposition(|known| *known == this) {
                running.remove(place);
            }
        });
    }

    /// Adds calls to the event, if it is the innermost one that is open here, as it nearly always is.
    #[inline]
    fn add_here(&self, calls: Calls) -> bool {
        let added = Local::look(|local| {
            local.with_top(self.cell, self.generation, |event| {
                event.roll_up(self.site.names, calls);
                true
            })
        });
        added == Some(true)
    }

    const fn running(&self) -> Running {
        Running {
            site: self.site,
            cell: self.cell,
            generation: self.generation,
        }
    }
}

impl Drop for Rollup {
    fn drop(&mut self) {
        self.pause();
        let Some(began) = self.began else {
            return;
        };
        let took_ms = if began.is_inner {
            0.0
        } else {
            milliseconds(monotonic_ns().saturating_sub(began.at_ns))
        };
        let panicked = std::thread::panicking() && !self.began_unwinding;
        let calls = Calls {
            count: 1,
            total_ms: took_ms,
            max_ms: took_ms,
            errors: i64::from(self.failed || panicked),
        };
        if isolate::is_inside() || !self.add_here(calls) {
            edit_event(
                self.cell,
                self.generation,
                self.client,
                Edit::Rollup(self.site.names, calls),
            );
        }
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

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what kind of value it is, and how it is merged, need not be looked at then"
    )]
    fn roll_up_one(
        &mut self,
        names: RollupNames,
        place: usize,
        suffix: &str,
        value: Scalar,
        merge: impl FnOnce(Scalar, Scalar) -> Scalar,
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

#[inline]
fn sum(known: Scalar, more: Scalar) -> Scalar {
    match (known, more) {
        (Scalar::I64(known), Scalar::I64(more)) => Scalar::I64(known.saturating_add(more)),
        (Scalar::F64(known), Scalar::F64(more)) => Scalar::F64(known + more),
        _ => more,
    }
}

#[inline]
fn largest(known: Scalar, more: Scalar) -> Scalar {
    match (known, more) {
        (Scalar::F64(known), Scalar::F64(more)) => Scalar::F64(known.max(more)),
        _ => more,
    }
}
