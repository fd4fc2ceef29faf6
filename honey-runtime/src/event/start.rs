//! Beginning a timed event: which client, which parent, which trace, kept or not.

use std::borrow::Cow;

use super::callsite::Callsite;
use super::context::Context;
use super::dynamic::run_dynamic_fields;
use super::handle::EventHandle;
use super::local::Local;
use super::open::{OpenEvent, Timing};
use super::panics::forget_panic;
use super::timed::Started;
use crate::client::live;
use crate::filter::{Filter, Verdict};
use crate::isolate;
use crate::record::KeyRef;
use crate::response::Ending;
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
        start_live(Subject::Site(site), None)
    } else {
        Started::none()
    }
}

/// Begins an event with options.
#[inline]
pub fn start_with(site: &'static Callsite, options: StartOptions) -> Started {
    if live::any() {
        start_live(Subject::Site(site), Some(options))
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

pub(crate) fn start_live(subject: Subject, options: Option<StartOptions>) -> Started {
    if isolate::is_inside() {
        return Started::none();
    }
    let started = Local::with(|local| match &options {
        None => start_below(local, subject, local.innermost_context().as_ref(), None),
        Some(options) => {
            let given = options.parent.and_then(|parent| parent.context().copied());
            let parent = if options.root {
                None
            } else {
                given.or_else(|| local.innermost_context())
            };
            start_below(
                local,
                subject,
                parent.as_ref(),
                options.sample.map(|rate| rate.max(1)),
            )
        }
    });
    let started = started.unwrap_or_else(|| {
        let own_rate = options.as_ref().and_then(|options| options.sample);
        begin_homeless(subject, own_rate)
    });
    let Some(mut event) = started else {
        return Started::none();
    };
    if let Some(options) = options {
        event.min_duration_ns = options.min_duration_ns;
        if let Some(dataset) = options.dataset {
            event.set_dataset(&Key(dataset));
            event.show_dataset();
        }
    }
    run_dynamic_fields(&mut event);
    Started::of(event)
}

fn start_below(
    local: &Local,
    subject: Subject,
    parent: Option<&Context>,
    own_rate: Option<u32>,
) -> Option<Box<OpenEvent>> {
    let mut event = local.buffer();
    // An override wins; else a child goes where its parent goes; else to init's client.
    let of_parent = parent.map(|parent| parent.client);
    let begun = local.with_client_for(of_parent, |client| {
        let verdict = subject.verdict(&client.filter);
        (verdict != Verdict::Off).then(|| (event.begin(client), verdict))
    });
    if let Some((_displaced, verdict)) = begun.flatten() {
        let own_rate = verdict.rate().or(own_rate);
        return Some(place_in_trace(event, subject.name(), parent, own_rate));
    }
    local.keep(event);
    None
}

/// On a thread that is past the destruction of its state.
#[cold]
fn begin_homeless(subject: Subject, own_rate: Option<u32>) -> Option<Box<OpenEvent>> {
    let client = live::global()?;
    let verdict = subject.verdict(&client.filter);
    let event = OpenEvent::begin_homeless().filter(|_| verdict != Verdict::Off)?;
    let own_rate = verdict.rate().or(own_rate);
    Some(place_in_trace(event, subject.name(), None, own_rate))
}

/// Gives an event that has just begun its ids, and decides whether it is kept.
fn place_in_trace(
    mut event: Box<OpenEvent>,
    name: &'static str,
    parent: Option<&Context>,
    own_rate: Option<u32>,
) -> Box<OpenEvent> {
    let client_rate = event
        .snapshot
        .as_ref()
        .map_or(1, |snapshot| snapshot.sample_rate);
    let context = Context::new(
        parent,
        own_rate,
        client_rate,
        (event.cell, event.generation),
    );
    event.sample_rate = context.sample_rate;
    event.is_sampled = context.is_sampled;
    let began_unwinding = std::thread::panicking();
    if !began_unwinding
        && event
            .client
            .as_ref()
            .is_some_and(|client| client.captures_panics)
    {
        forget_panic();
    }
    event.timing = Some(Timing {
        name: KeyRef::Static(name),
        context,
        parent_id: parent.map(|parent| parent.span_id),
        ending: Ending::Ok,
        error_type: None,
        error_message: None,
        began_unwinding,
    });
    event
}
