//! Traces over several processes: which event of another process an incoming request or message belongs to, and what to send along
//! so that the next process knows.
//!
//! [`extract`] reads headers, or anything else that has names and values, and gives a [`SpanContext`]. That is a parent (or the
//! target of a link) wherever honey takes one; see [`EventRef`](crate::EventRef). [`inject`] writes the current event into what is
//! sent.
//!
//! ```
//! use std::collections::HashMap;
//! use honey::propagation::{extract, inject};
//!
//! type Headers = HashMap<String, String>;
//!
//! #[honey::event]
//! fn publish(order: u64) -> (Headers, u64) {
//!     let mut headers = Headers::new();
//!     inject(&mut headers); // the current event: `publish`
//!     (headers, order)
//! }
//!
//! #[honey::event(parent = extract(headers), fields(order))]
//! fn consume(headers: &Headers, order: u64) {}
//!
//! let (headers, order) = publish(7);
//! consume(&headers, order);
//! ```
//!
//! # Formats
//! | format | headers | read | written |
//! |---|---|---|---|
//! | [`Format::W3c`] | `traceparent`, `tracestate` | always | by default |
//! | [`Format::Honeycomb`] | `X-Honeycomb-Trace` | always | when [`Config::propagation`](crate::Config::propagation) says so |
//!
//! When a request has both, the format that the configuration names first is believed; `traceparent` without a configuration.
//! Names of headers are compared without regard to case.
//!
//! # Sampling
//! `traceparent` says whether the sender keeps the trace: what it drops is dropped here as well, so that no event is kept whose
//! parent is not. At which rate it keeps goes along in `tracestate` (`honey=rate:10`), so that the rates of all services are right
//! and their sums unbiased: the largest of the sender's rate and the own counts, and all decide by the same hash of the trace's id.
//! `X-Honeycomb-Trace` says nothing of either; there the hash alone decides, as it does in the beelines.
//!
//! An event that is not kept is propagated all the same, as not sampled.
//!
//! Some meshes and gateways write a `traceparent` of their own, with a decision that is not yours: mostly "not sampled". A service behind
//! one is told by [`Config::remote_parent_not_sampled`](crate::Config::remote_parent_not_sampled) to decide for itself.
//!
//! OpenTelemetry's sampling threshold (`ot=th:…` in `tracestate`) is read too, and passed on: where it keeps 1 in 10 traces, the events here
//! stand for ten each. Its decision is made by other random bits than ours, so the own rate comes on top: 1 in 10 of its 1 in 10 is 1 in
//! 100. Rates are whole numbers here, and a threshold between two counts as the nearer.
//!
//! # Whom to believe
//! Headers are what the sender likes them to be. What cannot be read is ignored and counted ([`Stats::refused_contexts`]), and
//! costs a bounded amount of work and memory; what is forwarded has been read, so that no other header can be smuggled in. But a
//! sender that is not yours can still choose the trace, its sampling and its rate. Where requests come from strangers, link to
//! their context instead of continuing it: `honey::current().add_link(context)`.
//!
//! [`Stats::refused_contexts`]: crate::Stats::refused_contexts

mod base64;
mod carrier;
mod format;
#[cfg(honey_fuzz)]
pub(crate) mod fuzzing;
#[cfg(feature = "header-map")]
mod header_map;
mod honeycomb;
mod percent;
#[cfg(test)]
mod tests;
mod traceparent;
mod tracestate;

use self::carrier::Borrowed;
pub use self::carrier::{Getter, Setter};
pub use self::format::{Format, RemoteNotSampled};
pub(crate) use self::format::{Formats, Settings};
pub use crate::event::SpanContext;

use crate::diagnostics::DiagnosticKind;
use crate::event::Local;
use crate::free::current_client;
use crate::sync::Ordering;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
const X_HONEYCOMB_TRACE: &str = "X-Honeycomb-Trace";

/// Why a header was not understood: what it should be.
type Refused = &'static str;

/// The event of another process that these headers name, if they name one.
///
/// What cannot be read counts as missing; it is counted, and said once a minute at most. Reading the usual `traceparent` allocates
/// nothing.
///
/// ```
/// let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// let context = honey::propagation::extract(&headers).unwrap();
/// assert_eq!(context.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert_eq!(context.span_id(), "00f067aa0ba902b7");
/// ```
pub fn extract(from: &(impl Getter + ?Sized)) -> Option<SpanContext> {
    extract_by(&Borrowed(from))
}

fn extract_by(from: &dyn Getter) -> Option<SpanContext> {
    let mut refused = None;
    let mut read = |format| {
        let read = match format {
            Format::W3c => traceparent::extract(from),
            Format::Honeycomb => honeycomb::extract(from),
        };
        read.unwrap_or_else(|why| {
            refused.get_or_insert(why);
            None
        })
    };
    let settings = settings();
    let (first, second) = settings.formats.in_order_of_belief();
    let mut context = read(first).or_else(|| read(second));
    if settings.not_sampled == RemoteNotSampled::Decide {
        if let Some(context) = context.as_mut().filter(|context| !context.is_sampled()) {
            context.sampled = None;
            context.rate_of_others = 1;
        }
    }
    if let Some(why) = refused {
        report(why);
    }
    context
}

/// Whether a header of this name, in lower case, may say which event sent it: without one, there is nothing to extract.
#[cfg(feature = "tower")]
pub(crate) fn is_context(name: &str) -> bool {
    name == TRACEPARENT || name.eq_ignore_ascii_case(X_HONEYCOMB_TRACE)
}

/// Writes the current event into headers, for the process that gets them to continue its trace.
///
/// Inside [`scope`](crate::scope()) of an event of another process, with no event open, that one is passed on. Without either, and
/// where trace ids are switched off ([`Config::trace_fields`](crate::Config::trace_fields)), nothing is written.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let mut headers = BTreeMap::new();
/// honey::propagation::inject(&mut headers);
/// assert!(headers.is_empty(), "no event is open here");
/// ```
pub fn inject(into: &mut (impl Setter + ?Sized)) {
    if let Some(context) = SpanContext::current() {
        context.inject(into);
    }
}

impl SpanContext {
    /// Writes this event into headers; see [`inject`]. The formats are those of the current client.
    pub fn inject(&self, into: &mut (impl Setter + ?Sized)) {
        self.inject_by(settings().formats, &mut Borrowed(into));
    }

    fn inject_by(&self, formats: Formats, into: &mut dyn Setter) {
        for format in formats.written() {
            match format {
                // `traceparent` cannot say every id that `X-Honeycomb-Trace` can.
                Format::W3c if self.is_hex() => traceparent::inject(self, into),
                Format::W3c if formats.writes(Format::Honeycomb) => {}
                Format::W3c | Format::Honeycomb => honeycomb::inject(self, into),
            }
        }
    }
}

fn settings() -> Settings {
    let of_client = Local::with(|local| local.with_current_client(|client| client.propagation));
    of_client.flatten().unwrap_or_default()
}

#[cold]
fn report(why: Refused) {
    if let Some(client) = current_client() {
        client
            .quirks
            .refused_contexts
            .fetch_add(1, Ordering::Relaxed);
        client.diagnostics.report(DiagnosticKind::Propagation, || {
            format!("a header of a request or message could not be read, so that it begins a trace of its own here: {why}")
        });
    }
}
