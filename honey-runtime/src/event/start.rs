//! Beginning a timed event: which client, which parent, which trace, kept or not.

use std::borrow::Cow;

use super::callsite::Callsite;
use super::context::Target;
use super::dynamic::run_dynamic_fields;
use super::handle::EventHandle;
use super::local::Local;
use super::open::OpenEvent;
use super::panics::forget_panic;
use super::timed::Started;
use crate::client::live;
use crate::filter::{Filter, Verdict};
use crate::isolate;
use crate::record::{KeyRef, Timed};
use crate::value::Key;

/// What an annotation may say about the event it begins.
#[derive(Debug, Default)]
pub struct StartOptions {
    /// The parent, instead of the innermost open event.
    pub parent: Option<EventHandle>,
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
        start_live_with(site, options)
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
}

impl Subject {
    #[inline]
    fn name(self) -> &'static str {
        match self {
            Self::Site(site) => site.name(),
            Self::Name(name) => name,
        }
    }

    #[inline]
    fn verdict(self, filter: &Filter) -> Verdict {
        match self {
            Self::Site(site) => site.verdict(filter),
            Self::Name(name) => filter.judge_name(name),
        }
    }
}

/// Begins an event without options, while a client is live.
#[inline(never)]
pub(crate) fn start_live(subject: Subject) -> Started {
    begin(subject, None, |event, local| {
        local.with_innermost(|parent| event.inherit(parent))
    })
}

#[inline(never)]
fn start_live_with(site: &'static Callsite, options: StartOptions) -> Started {
    let own_rate = options.sample.map(|rate| rate.max(1));
    let mut started = begin(Subject::Site(site), own_rate, |event, local| {
        let given = options.parent.as_ref().and_then(EventHandle::target);
        match (options.root, given) {
            (true, _) => false,
            (false, Some(parent)) => event.inherit(Some(parent)),
            (false, None) => local.with_innermost(|parent| event.inherit(parent)),
        }
    });
    started.obey(options);
    started
}

/// Begins an event; `inherit` gives it its parent's context, and says whether there is a parent.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "twice in all, and a third of what beginning costs"
)]
fn begin(
    subject: Subject,
    own_rate: Option<u32>,
    inherit: impl FnOnce(&mut OpenEvent, &Local) -> bool,
) -> Started {
    if isolate::is_inside() {
        return Started::none();
    }
    let begun = Local::with(|local| {
        let mut event = local.buffer();
        let has_parent = inherit(&mut event, local);
        // An override wins; else a child goes where its parent goes; else to init's client.
        let of_parent = has_parent.then_some(event.target.context.client);
        let is_event =
            local.furnish(&mut event, of_parent) && event.begin_as(subject, has_parent, own_rate);
        if is_event {
            return Some(event);
        }
        local.keep(event);
        None
    });
    match begun.unwrap_or_else(|| begin_homeless(subject, own_rate)) {
        Some(mut event) => {
            run_dynamic_fields(&mut event);
            Started::of(event)
        }
        None => Started::none(),
    }
}

#[cold]
fn begin_homeless(subject: Subject, own_rate: Option<u32>) -> Option<Box<OpenEvent>> {
    let mut event = OpenEvent::homeless()?;
    event.begin_as(subject, false, own_rate).then_some(event)
}

impl OpenEvent {
    /// Takes over what children have from their parent. False: there is none.
    #[inline]
    fn inherit(&mut self, parent: Option<&Target>) -> bool {
        if let Some(parent) = parent {
            self.target.context = parent.context;
        }
        parent.is_some()
    }

    /// Begins as an event of its client, in a trace. False: the client's filter says that there is to be none.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `begin`")]
    fn begin_as(&mut self, subject: Subject, has_parent: bool, own_rate: Option<u32>) -> bool {
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
        self.begin();
        let parent_id = has_parent.then_some(self.target.context.span_id);
        self.target.context.client = self.client_id;
        let own_rate = verdict.rate().or(own_rate);
        let (trace_id, span_id) = if has_parent {
            self.target.place_below(own_rate)
        } else {
            let client_rate = self.snapshot.as_ref().map(|scope| scope.sample_rate);
            self.target.place_first(own_rate.or(client_rate))
        };
        let sampling = self.target.context.sampling;
        self.sample_rate = sampling.rate;
        self.is_sampled = sampling.is_kept();
        self.is_left_out = !self.is_sampled;
        self.is_timed = true;
        self.timed = Timed {
            name: KeyRef::Static(subject.name()),
            trace_id,
            span_id,
            parent_id,
            ..Timed::default()
        };
        true
    }
}

impl Started {
    /// Does what the annotation says of an event that has begun.
    fn obey(&mut self, options: StartOptions) {
        let Some(event) = &mut self.event else { return };
        event.min_duration_ns = options.min_duration_ns;
        if let Some(dataset) = options.dataset {
            event.set_dataset(&Key(dataset));
            event.show_dataset();
        }
    }
}
