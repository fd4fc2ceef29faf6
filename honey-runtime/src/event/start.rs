//! Beginning a timed event: which client, which parent, which trace, kept or not.

use std::borrow::Cow;

use super::callsite::Callsite;
use super::context::{Below, Target};
use super::dynamic::run_dynamic_fields;
use super::local::{Innermost, Local};
use super::open::OpenEvent;
use super::outside::{EventRef, Meant};
use super::panics::forget_panic;
use super::timed::Started;
use crate::client::{live, unbound};
use crate::filter::{Filter, Verdict};
use crate::isolate;
use crate::record::{KeyRef, Timed};
use crate::value::Key;

/// What an annotation may say about the event it begins.
#[derive(Debug, Default)]
pub struct StartOptions {
    /// The parent, instead of the innermost open event.
    pub parent: Option<EventRef>,
    /// Begins a new trace.
    pub root: bool,
    /// Keeps 1 in this many; 0 and 1 keep all.
    pub sample: Option<u32>,
    /// Sends to this dataset.
    pub dataset: Option<Cow<'static, str>>,
    /// Leaves an ok event out that took less; 0 leaves none out.
    pub min_duration_ns: u64,
}

/// Whether any client is live: one relaxed load, all that a disabled program pays.
#[inline]
#[must_use]
pub fn is_enabled() -> bool {
    live::any()
}

/// Begins an event below the innermost open one. Its clock starts when it is entered.
#[inline]
pub fn start(site: &'static Callsite) -> Started {
    if live::any() {
        start_live(Subject::Site(site))
    } else {
        Started::none()
    }
}

/// Begins an event with options.
#[inline]
pub fn start_with(site: &'static Callsite, options: StartOptions) -> Started {
    if live::any() {
        start_subject(Subject::Site(site), options)
    } else {
        Started::none()
    }
}

/// Begins an event by hand.
#[cfg(feature = "reqwest")]
pub(crate) fn start_named(name: &'static str) -> Started {
    if live::any() {
        start_live(Subject::Name(name))
    } else {
        Started::none()
    }
}

/// What begins.
#[derive(Clone, Copy)]
pub(crate) enum Subject {
    /// An annotated function.
    Site(&'static Callsite),
    /// An event by hand, of this name.
    Name(&'static str),
    /// What another framework instrumented, in this module.
    #[cfg(feature = "tracing")]
    Elsewhere {
        name: &'static str,
        module: &'static str,
    },
}

impl Subject {
    #[inline]
    fn name(self) -> &'static str {
        match self {
            Self::Site(site) => site.name(),
            Self::Name(name) => name,
            #[cfg(feature = "tracing")]
            Self::Elsewhere { name, .. } => name,
        }
    }

    #[inline]
    fn verdict(self, filter: &Filter) -> Verdict {
        match self {
            Self::Site(site) => site.verdict(filter),
            Self::Name(name) => filter.judge_name(name, None),
            #[cfg(feature = "tracing")]
            Self::Elsewhere { name, module } => filter.judge_name(name, Some(module)),
        }
    }
}

/// Begins an event without options, while a client is live.
#[inline(never)]
pub(crate) fn start_live(subject: Subject) -> Started {
    if isolate::is_inside() {
        return Started::none();
    }
    let started = Local::with(|local| {
        let mut event = local.buffer();
        let below = local.with_innermost(|parent| event.inherit(parent));
        start_here(local, event, subject, below, None)
    });
    match started.unwrap_or_else(|| start_homeless(subject, None)) {
        Some(event) => ready(event),
        None => Started::none(),
    }
}

/// Begins an event with options, while a client is live.
#[inline(never)]
pub(super) fn start_subject(subject: Subject, options: StartOptions) -> Started {
    let own_rate = options.sample.map(|rate| rate.max(1));
    let below = match (options.root, &options.parent) {
        (true, _) => Placement::NewTrace,
        (false, Some(parent)) => Placement::Below(parent),
        (false, None) => Placement::Here,
    };
    let Some(mut event) = open(subject, below, own_rate) else {
        return Started::none();
    };
    event.min_duration_ns = options.min_duration_ns;
    if let Some(dataset) = options.dataset {
        event.set_dataset(&Key(dataset));
        event.show_dataset();
    }
    ready(event)
}

/// Begins an event below `parent`; where that means none, below the innermost open one.
pub(crate) fn start_below(subject: Subject, parent: &EventRef) -> Started {
    let event = live::any().then(|| open(subject, Placement::Below(parent), None));
    event.flatten().map_or(Started::none(), ready)
}

/// Where an event is wanted.
#[derive(Clone, Copy)]
enum Placement<'a> {
    NewTrace,
    Below(&'a EventRef),
    Here,
}

fn open(
    subject: Subject,
    placement: Placement<'_>,
    own_rate: Option<u32>,
) -> Option<Box<OpenEvent>> {
    if isolate::is_inside() {
        return None;
    }
    let started = Local::with(|local| {
        let mut event = local.buffer();
        let given = match placement {
            Placement::Below(EventRef(Meant::Here(handle))) => {
                handle.target().map(Innermost::Event)
            }
            Placement::Below(EventRef(Meant::Elsewhere(context))) => {
                Some(Innermost::Outside(context))
            }
            Placement::NewTrace => Some(Innermost::None),
            Placement::Here => None,
        };
        let below = match given {
            Some(parent) => event.inherit(parent),
            None => local.with_innermost(|parent| event.inherit(parent)),
        };
        start_here(local, event, subject, below, own_rate)
    });
    started.unwrap_or_else(|| start_homeless(subject, own_rate))
}

#[inline]
fn ready(mut event: Box<OpenEvent>) -> Started {
    run_dynamic_fields(&mut event);
    Started::of(event)
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "twice in all, and a third of what beginning costs"
)]
fn start_here(
    local: &Local,
    mut event: Box<OpenEvent>,
    subject: Subject,
    below: Below,
    own_rate: Option<u32>,
) -> Option<Box<OpenEvent>> {
    // An override wins; else a child goes where its parent goes; else to init's client.
    let of_parent = (below == Below::Event).then_some(event.target.context.client);
    let begun = local.with_client_for(of_parent, |client| {
        let verdict = subject.verdict(&client.filter);
        (verdict != Verdict::Off).then(|| (event.begin(client), verdict))
    });
    if let Some(Some((_displaced, verdict))) = begun {
        let own_rate = verdict.rate().or(own_rate);
        event.place_in_trace(subject.name(), below, own_rate);
        return Some(event);
    }
    local.keep(event);
    if begun.is_none() && !local.has_override() {
        unbound::notice(Some(subject.name()));
    }
    None
}

#[cold]
fn start_homeless(subject: Subject, own_rate: Option<u32>) -> Option<Box<OpenEvent>> {
    let client = live::global()?;
    let verdict = subject.verdict(&client.filter);
    let mut event = OpenEvent::begin_homeless().filter(|_| verdict != Verdict::Off)?;
    event.place_in_trace(subject.name(), Below::Nothing, verdict.rate().or(own_rate));
    Some(event)
}

impl OpenEvent {
    /// Takes over what children have from their parent.
    #[inline]
    fn inherit(&mut self, parent: Innermost<'_>) -> Below {
        match parent {
            Innermost::None => Below::Nothing,
            Innermost::Event(Target { context, .. }) => {
                self.target.context = *context;
                Below::Event
            }
            Innermost::Outside(context) => {
                self.inherit_from_outside(context);
                Below::Outside
            }
        }
    }

    /// Gives an event that has just begun its ids, and decides whether it is kept.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `start_here`")]
    fn place_in_trace(&mut self, name: &'static str, below: Below, own_rate: Option<u32>) {
        // One from outside may be no number.
        let parent_id = match below {
            Below::Nothing => None,
            Below::Event => Some(self.target.context.span_id),
            Below::Outside => Some(self.target.context.span_id).filter(|id| id.0 != 0),
        };
        let client_rate = self
            .snapshot
            .as_ref()
            .map_or(1, |snapshot| snapshot.sample_rate);
        self.target.place(below, own_rate, client_rate);
        if below == Below::Outside || self.target.context.trace_id.is_foreign() {
            self.keep_outside_ids();
        }
        let context = &self.target.context;
        self.sample_rate = context.sampling.rate;
        self.is_sampled = context.sampling.is_kept();
        self.is_timed = true;
        self.timed = Timed {
            name: KeyRef::Static(name),
            trace_id: context.trace_id,
            span_id: context.span_id,
            parent_id,
            ..Timed::default()
        };
        self.began_unwinding = std::thread::panicking();
        let captures_panics = self
            .client
            .as_ref()
            .is_some_and(|client| client.captures_panics);
        if captures_panics && !self.began_unwinding {
            forget_panic();
        }
    }
}
