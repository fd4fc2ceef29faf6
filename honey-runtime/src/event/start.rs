//! Beginning a timed event: which client, which parent, which trace, kept or not.

use std::borrow::Cow;

use super::callsite::Callsite;
use super::context::{Below, Target};
use super::dynamic::run_dynamic_fields;
use super::local::Local;
use super::open::OpenEvent;
use super::outside::{EventRef, Meant};
use super::panics::forget_panic;
use super::stack::Innermost;
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
    let event = if live::any() {
        begin(|local| start_site(local, site))
    } else {
        None
    };
    Started { event }
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
            Self::Name(name) => filter.judge_name(name),
            #[cfg(feature = "tracing")]
            Self::Elsewhere { name, module } => filter.judge_name_in(name, module),
        }
    }
}

/// Begins an event of an annotated function, while a client is live.
#[inline(never)]
fn start_site(local: Option<&Local>, site: &'static Callsite) -> Begun {
    begin_here(local, Subject::Site(site), None)
}

/// The same for others.
pub(crate) fn start_live(subject: Subject) -> Started {
    Started {
        event: begin(|local| start_subject_here(local, subject)),
    }
}

#[inline(never)]
fn start_subject_here(local: Option<&Local>, subject: Subject) -> Begun {
    begin_here(local, subject, None)
}

/// Begins an event with options, while a client is live.
#[inline(never)]
pub(super) fn start_subject(subject: Subject, options: StartOptions) -> Started {
    let own_rate = options.sample.map(|rate| rate.max(1));
    let placement = match (options.root, &options.parent) {
        (true, _) => Placement::NewTrace,
        (false, Some(parent)) => Placement::Below(parent),
        (false, None) => Placement::Here,
    };
    let mut started = begin_at(subject, placement, own_rate);
    if let Some(event) = &mut started.event {
        if options.min_duration_ns > 0 {
            event.make_rare().min_duration_ns = options.min_duration_ns;
        }
        if let Some(dataset) = options.dataset {
            event.set_dataset(&Key(dataset));
            event.show_dataset();
        }
    }
    started
}

/// Begins an event below `parent`; where that means none, below the innermost open one.
pub(crate) fn start_below(subject: Subject, parent: &EventRef) -> Started {
    if live::any() {
        begin_at(subject, Placement::Below(parent), None)
    } else {
        Started::none()
    }
}

/// Where an event is wanted.
#[derive(Clone, Copy)]
enum Placement<'a> {
    NewTrace,
    Below(&'a EventRef),
    Here,
}

fn begin_at(subject: Subject, placement: Placement<'_>, own_rate: Option<u32>) -> Started {
    Started {
        event: begin(|local| start_at(local, subject, placement, own_rate)),
    }
}

#[inline(never)]
fn start_at(
    local: Option<&Local>,
    subject: Subject,
    placement: Placement<'_>,
    own_rate: Option<u32>,
) -> Begun {
    let parent = match placement {
        Placement::Below(EventRef(Meant::Here(handle))) => handle.target().map(Innermost::Event),
        Placement::Below(EventRef(Meant::Elsewhere(context))) => Some(Innermost::Outside(context)),
        Placement::NewTrace => Some(Innermost::None),
        Placement::Here => None,
    };
    let (Some(local), Some(parent)) = (local, parent) else {
        return begin_here(local, subject, own_rate);
    };
    let mut event = local.buffer();
    let below = event.inherit(parent);
    begin_below(event, local, subject, own_rate, below)
}

/// An event that has begun, unless there is to be none.
pub(super) type Begun = Option<Box<OpenEvent>>;

/// Begins an event by `begin`, which is given no state where the thread is past the destruction of it.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "in the caller's own code, which finds the thread's state faster than libraries do"
)]
pub(super) fn begin(begin: impl FnOnce(Option<&Local>) -> Begun) -> Begun {
    if isolate::is_inside() {
        None
    } else {
        Local::perhaps(begin)
    }
}

/// Begins an event below the innermost open one.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see `begin_below`")]
fn begin_here(local: Option<&Local>, subject: Subject, own_rate: Option<u32>) -> Begun {
    let Some(local) = local else {
        return begin_homeless(subject, own_rate);
    };
    let mut event = local.buffer();
    // Not borrowed any longer than this: what comes next may find that there was a fork.
    match local.with_innermost(|parent| event.inherit(parent)) {
        Below::Nothing => begin_below(event, local, subject, own_rate, Below::Nothing),
        Below::Event => begin_below(event, local, subject, own_rate, Below::Event),
        Below::Outside => begin_below_outside(event, local, subject, own_rate),
    }
}

#[cold]
fn begin_below_outside(
    event: Box<OpenEvent>,
    local: &Local,
    subject: Subject,
    own_rate: Option<u32>,
) -> Begun {
    begin_below(event, local, subject, own_rate, Below::Outside)
}

/// Begins an event that has its parent's context.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "a third of what beginning costs; what it begins below is known then"
)]
fn begin_below(
    mut event: Box<OpenEvent>,
    local: &Local,
    subject: Subject,
    own_rate: Option<u32>,
    below: Below,
) -> Begun {
    // An override wins; else a child goes where its parent goes; else to init's client.
    let of_parent = (below == Below::Event).then_some(event.target.context.client);
    if !local.furnish(&mut event, of_parent) {
        return no_client(local, event, Some(subject.name()));
    }
    if !event.begin_as(subject, below, own_rate) {
        return none(local, event);
    }
    run_dynamic_fields(&mut event);
    Some(event)
}

/// There is to be no event.
#[cold]
fn none(local: &Local, event: Box<OpenEvent>) -> Begun {
    local.keep(event);
    None
}

/// There is no client that it could be an event of.
#[cold]
pub(super) fn no_client(local: &Local, event: Box<OpenEvent>, name: Option<&'static str>) -> Begun {
    local.keep(event);
    if !local.has_override() {
        unbound::notice(name);
    }
    None
}

#[cold]
fn begin_homeless(subject: Subject, own_rate: Option<u32>) -> Option<Box<OpenEvent>> {
    let mut event = OpenEvent::homeless()?;
    if !event.begin_as(subject, Below::Nothing, own_rate) {
        return None;
    }
    run_dynamic_fields(&mut event);
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

    /// Begins as an event of its client, in a trace. False: the client's filter says that there is to be none.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `begin_below`")]
    fn begin_as(&mut self, subject: Subject, below: Below, own_rate: Option<u32>) -> bool {
        let Some(client) = &self.client else {
            return false;
        };
        let verdict = subject.verdict(&client.filter);
        if verdict == Verdict::Off {
            return false;
        }
        self.began_unwinding = std::thread::panicking();
        if client.captures_panics && !self.began_unwinding {
            forget_panic();
        }
        let generation = self.begin();
        let own_rate = verdict.rate().or(own_rate);
        let above = self.target.context.span_id;
        let (trace_id, span_id) = if below == Below::Event {
            self.target.place_below(own_rate)
        } else {
            let clients_rate = self.snapshot.as_ref().map(|scope| scope.sample_rate);
            let rate = own_rate.or(clients_rate).unwrap_or(1);
            self.target
                .place_first(generation, below == Below::Outside, rate)
        };
        let parent_id = match below {
            Below::Nothing => None,
            Below::Event => Some(above),
            // One from outside may be no number.
            Below::Outside => Some(above).filter(|id| id.0 != 0),
        };
        let context = &mut self.target.context;
        // An override may have taken the event to another client than its parent's.
        context.client = self.client_id;
        let sampling = context.sampling;
        // Where nobody decided before, that is the rate.
        self.sample_rate = match below {
            Below::Nothing => sampling.rate,
            Below::Event | Below::Outside => sampling.stands_for(),
        };
        self.is_sampled = sampling.is_kept();
        self.is_left_out = !self.is_sampled;
        self.is_timed = true;
        // Else nobody reads it.
        if self.is_sampled {
            self.timed = Timed {
                name: KeyRef::Static(subject.name()),
                trace_id,
                span_id,
                parent_id,
                is_local_root: below != Below::Event,
                ..Timed::default()
            };
        }
        if below == Below::Outside || (below == Below::Event && trace_id.is_foreign()) {
            self.keep_outside_ids();
        }
        true
    }
}
