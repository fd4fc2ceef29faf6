//! Events of other processes, as headers and messages name them.

use std::fmt;
use std::sync::Arc;

use super::context::{Context, Sampling, Target};
use super::handle::EventHandle;
use super::local::Local;
use super::open::OpenEvent;
use super::stack::Innermost;
use crate::fields::{FieldSink, HoneyFields};
use crate::record::{IdText, OutsideIds, SpanId, TraceId};
use crate::value::Value;

/// An event of another process, or of this one as others will know it: the ids of its trace and its own, whether it is kept, and
/// what goes along with the trace.
///
/// It is what [`propagation::extract`](crate::propagation::extract) finds in headers; see there for what it is good for. Cloning
/// it allocates nothing.
///
/// ```
/// use honey::propagation::{SpanContext, extract};
///
/// let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// let caller: Option<SpanContext> = extract(&headers);
/// let caller = caller.unwrap();
/// assert!(caller.is_sampled() && caller.sample_rate() == 1 && caller.trace_state().is_none());
/// honey::scope(&caller, || {
///     // What begins here continues the caller's trace.
/// });
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SpanContext {
    pub(crate) trace_id: TraceId,
    trace_text: IdChars<32>,
    /// 0 when it is no number, or there is none.
    span_id: SpanId,
    span_text: IdChars<16>,
    /// `None`: whoever sent it does not say.
    pub(crate) sampled: Option<bool>,
    /// W3C's flag that the trace's id is a random number.
    pub(crate) is_random: bool,
    /// 1 in this many was kept, by the hash of the trace's id; at least 1.
    pub(crate) sample_rate: u32,
    /// Of 1 in this many, which others kept by something else; at least 1.
    pub(crate) rate_of_others: u32,
    /// `None`: nothing goes along.
    pub(crate) along: Option<Arc<Along>>,
}

/// What goes along with a trace from process to process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Along {
    /// W3C's list of members, without honey's own.
    pub(crate) trace_state: String,
    /// Honeycomb's `dataset`.
    pub(crate) dataset: Option<String>,
    /// Honeycomb's `context`.
    pub(crate) fields: serde_json::Map<String, serde_json::Value>,
}

/// An id's text: that of a number in its place.
#[derive(Clone, PartialEq, Eq)]
enum IdChars<const N: usize> {
    Hex([u8; N]),
    Text(IdText),
}

impl<const N: usize> IdChars<N> {
    /// Of a number's digits, which are all the same length.
    fn of_number(digits: &str) -> Self {
        match digits.as_bytes().try_into() {
            Ok(digits) => Self::Hex(digits),
            Err(_) => Self::Text(digits.into()),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Hex(digits) => std::str::from_utf8(digits).unwrap_or(""),
            Self::Text(text) => text,
        }
    }
}

impl SpanContext {
    /// The event with these ids, which are kept as they are. An empty `span_id`: no event, only a trace to belong to.
    pub(crate) fn of_ids(trace_id: &str, span_id: &str) -> Self {
        let trace = TraceId::of_text(trace_id);
        Self::of_texts(trace_id, trace, span_id, SpanId::of_text(span_id))
    }

    /// The same if both are numbers.
    pub(crate) fn of_numbers(trace_id: &str, span_id: &str) -> Option<Self> {
        let span = SpanId::of_text(span_id)?;
        let trace = TraceId::of_number_text(trace_id)?;
        Some(Self::of_texts(trace_id, trace, span_id, Some(span)))
    }

    fn of_texts(
        trace_id: &str,
        (trace_number, trace_text): (TraceId, Option<IdText>),
        span_id: &str,
        span_number: Option<SpanId>,
    ) -> Self {
        Self {
            trace_id: trace_number,
            trace_text: trace_text.map_or_else(|| IdChars::of_number(trace_id), IdChars::Text),
            span_id: span_number.unwrap_or(SpanId(0)),
            span_text: match span_number {
                Some(_) => IdChars::of_number(span_id),
                None => IdChars::Text(span_id.into()),
            },
            sampled: None,
            is_random: false,
            sample_rate: 1,
            rate_of_others: 1,
            along: None,
        }
    }

    /// The current event, as other processes will know it; inside [`scope`](crate::scope()) of an event of another process,
    /// that one. `None` when there is none, and where trace ids are switched off
    /// ([`Config::trace_fields`](crate::Config::trace_fields)).
    #[must_use]
    pub fn current() -> Option<Self> {
        enum Found {
            Event(Target),
            Outside(SpanContext),
        }
        let found = Local::look(|local| {
            local.with_innermost(|innermost| match innermost {
                Innermost::None => None,
                Innermost::Event(target) => Some(Found::Event(*target)),
                Innermost::Outside(context) => Some(Found::Outside(context.clone())),
            })
        });
        match found.flatten()? {
            Found::Event(target) => Self::of_context(&target.context),
            Found::Outside(context) => Some(context),
        }
    }

    /// The event of a handle, as other processes will know it; `None` as for [`current`](SpanContext::current).
    #[must_use]
    pub fn of(event: EventHandle) -> Option<Self> {
        Self::of_context(event.context()?)
    }

    fn of_context(context: &Context) -> Option<Self> {
        if !has_trace_fields(context.client) {
            return None;
        }
        let above = context.root.cell.outside(context.root.generation);
        let trace_text = if context.trace_id.is_foreign() {
            IdChars::Text(context.trace_id.foreign_text()?)
        } else {
            IdChars::Hex(context.trace_id.hex())
        };
        Some(Self {
            trace_id: context.trace_id,
            trace_text,
            span_id: context.span_id,
            span_text: IdChars::Hex(context.span_id.hex()),
            sampled: Some(context.sampling.is_kept()),
            is_random: above.as_ref().is_some_and(|above| above.is_random),
            sample_rate: context.sampling.rate,
            rate_of_others: context.sampling.of_others(),
            along: above.and_then(|above| above.along),
        })
    }

    /// The trace's id: 32 lower-case hex digits, or the text it came in as.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.trace_text.as_str()
    }

    /// The event's id: 16 lower-case hex digits, or the text it came in as; empty when only the trace is known.
    #[must_use]
    pub fn span_id(&self) -> &str {
        self.span_text.as_str()
    }

    /// Whether the event is kept, as far as its sender says: what a header does not say is taken for yes.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.sampled.unwrap_or(true)
    }

    /// The same event, kept or not whatever its sender says: for a server that decides by itself what it keeps.
    ///
    /// ```
    /// # let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")];
    /// let parent = honey::propagation::extract(&headers).map(|parent| parent.with_sampled(true));
    /// # assert!(parent.unwrap().is_sampled());
    /// ```
    #[must_use]
    pub fn with_sampled(mut self, is_sampled: bool) -> Self {
        self.sampled = Some(is_sampled);
        self
    }

    /// 1 in how many traces was kept on the way here, as far as `tracestate` says, by honey's member or OpenTelemetry's; else 1.
    #[must_use]
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate.saturating_mul(self.rate_of_others)
    }

    /// W3C's `tracestate`: what other vendors' tracing sends along. Honey's own part of it is not in it.
    #[must_use]
    pub fn trace_state(&self) -> Option<&str> {
        let along = self.along.as_deref()?;
        (!along.trace_state.is_empty()).then_some(along.trace_state.as_str())
    }

    /// The dataset in `X-Honeycomb-Trace`. It is passed on, and nothing else is done with it.
    #[must_use]
    pub fn dataset(&self) -> Option<&str> {
        self.along.as_deref()?.dataset.as_deref()
    }

    /// Whether both ids are the numbers that W3C Trace Context has.
    pub(crate) fn is_hex(&self) -> bool {
        // A number may be kept as a text all the same; see `TraceId`.
        let is_number = || TraceId::is_number(self.trace_id());
        let trace_is_hex = matches!(self.trace_text, IdChars::Hex(_)) || is_number();
        trace_is_hex && matches!(self.span_text, IdChars::Hex(_))
    }

    pub(super) fn has_ids_of(&self, other: &Self) -> bool {
        self.trace_id == other.trace_id && self.span_text == other.span_text
    }

    fn sampling(&self) -> Sampling {
        Sampling::outside(self.sample_rate, self.rate_of_others, self.is_sampled())
    }

    fn outside_ids(&self) -> Option<Box<OutsideIds>> {
        let text = |text: Option<&IdText>| text.filter(|text| !text.is_empty()).map(Arc::clone);
        let ids = OutsideIds {
            trace: text(self.trace_text.text()),
            parent: text(self.span_text.text()),
        };
        (ids.trace.is_some() || ids.parent.is_some()).then(|| Box::new(ids))
    }
}

impl<const N: usize> IdChars<N> {
    fn text(&self) -> Option<&IdText> {
        match self {
            Self::Hex(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

fn has_trace_fields(client: u64) -> bool {
    crate::client::live::find(client)
        .is_some_and(|client| client.scope.snapshot().shape.trace_fields)
}

impl OpenEvent {
    /// Takes over what an event has from a parent in another process.
    #[cold]
    pub(super) fn inherit_from_outside(&mut self, parent: &SpanContext) {
        let context = &mut self.target.context;
        context.trace_id = parent.trace_id;
        context.span_id = parent.span_id;
        context.sampling = parent.sampling();
        self.make_rare().outside = Some(parent.clone());
    }

    /// Keeps the texts of ids that are no numbers, and shows what came in to those who will send it on.
    #[cold]
    pub(super) fn keep_outside_ids(&mut self) {
        let Target {
            cell,
            generation,
            context,
        } = self.target;
        let rare = self.make_rare();
        if let Some(parent) = rare.outside.take() {
            rare.outside_ids = parent.outside_ids();
            cell.show_outside(generation, parent);
            return;
        }
        rare.outside_ids = context.trace_id.foreign_text().map(|text| {
            Box::new(OutsideIds {
                trace: Some(text),
                parent: None,
            })
        });
    }
}

/// The fields of the trace that a beeline sends along (`context` in `X-Honeycomb-Trace`), under the names it gave them. They are passed
/// on; events get them only when you add them, since whoever sends a request can write into them what he likes.
///
/// ```
/// # let headers = [("X-Honeycomb-Trace", "1;trace_id=7,parent_id=8,context=eyJ1c2VyIjoiQWRhIn0=")];
/// if let Some(context) = honey::propagation::extract(&headers) {
///     honey::current().add(&context);
/// }
/// ```
impl HoneyFields for SpanContext {
    fn record(&self, out: &mut FieldSink<'_>) {
        let fields = self.along.iter().flat_map(|along| &along.fields);
        for (name, value) in fields {
            let value = match value {
                serde_json::Value::Null => Value::Null,
                serde_json::Value::Bool(value) => Value::Bool(*value),
                serde_json::Value::String(text) => Value::Str(text),
                other => Value::Json(other),
            };
            out.put_named(name, value);
        }
    }
}

impl fmt::Debug for SpanContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanContext")
            .field("trace_id", &self.trace_id())
            .field("span_id", &self.span_id())
            .field("sampled", &self.sampled)
            .field("sample_rate", &self.sample_rate())
            .finish_non_exhaustive()
    }
}

/// Which event is meant: one of this process by its [`EventHandle`], one of another by its [`SpanContext`], or none (`None`).
///
/// Wherever honey takes a parent or the target of a link, it takes any of these: `parent = …` of
/// [`#[honey::event]`](macro@crate::event), [`scope`](crate::scope()), [`start_child_of`](crate::start_child_of),
/// [`FutureExt::in_event`](crate::FutureExt::in_event), [`EventHandle::add_link`].
///
/// ```
/// # let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// honey::current().add_link(honey::root());
/// honey::current().add_link(honey::propagation::extract(&headers));
/// ```
#[derive(Debug, Clone)]
pub struct EventRef(pub(crate) Meant);

#[derive(Debug, Clone)]
pub(crate) enum Meant {
    /// Maybe a handle of no event.
    Here(EventHandle),
    Elsewhere(Box<SpanContext>),
}

impl From<EventHandle> for EventRef {
    fn from(handle: EventHandle) -> Self {
        Self(Meant::Here(handle))
    }
}

impl From<SpanContext> for EventRef {
    fn from(context: SpanContext) -> Self {
        Self(Meant::Elsewhere(Box::new(context)))
    }
}

impl From<&SpanContext> for EventRef {
    fn from(context: &SpanContext) -> Self {
        context.clone().into()
    }
}

impl<T: Into<EventRef>> From<Option<T>> for EventRef {
    fn from(event: Option<T>) -> Self {
        event.map_or_else(|| EventHandle::none().into(), Into::into)
    }
}
