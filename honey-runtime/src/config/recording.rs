//! What is recorded, in what shape, and who hears what became of it.

use super::{Config, ForOne};
use crate::propagation::{Format, Formats, RemoteNotSampled};
use crate::response::Response;

impl Config {
    /// Silences or samples events at run time, by name or module: `"db::*=off, cache=1/100"`.
    ///
    /// Directives stand between commas. Before the `=` stands an event's name, a module (everything below it is meant too), or
    /// `module::name`; `*` stands for any text. After it stands
    /// - `off`: no event, as if the function had no annotation; what begins inside goes below the event around it;
    /// - `1/100`: 1 in 100 is kept, in the place of the annotation's `sample` and of [`sample_rate`](Config::sample_rate). Whole
    ///   traces stay together: the parent's rate wins where it is larger;
    /// - `on`: as annotated, in spite of what stands before.
    ///
    /// The last directive that fits wins. Called again, it adds directives; those of the environment's `HONEY_FILTER`, which
    /// [`from_env`](Config::from_env) reads, stand before all of them. It is for timed events: annotated functions, rolled-up
    /// ones (`off` alone), [`start_child`](crate::start_child). Each function remembers its verdict, so that it costs a comparison.
    ///
    /// ```
    /// let config = honey::Config::new("key").filter("noisy_crate=off, *::cache=1/100");
    /// ```
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filters.push(directives.into());
        self
    }

    /// Whether timed events carry `trace.trace_id`, `trace.span_id`, `trace.parent_id` and `meta.signal_type`. By default they
    /// do. Without them Honeycomb shows events, no traces; sampling still keeps or drops whole traces. Saves about 150 bytes an
    /// event before compression, and most of what is left after it. Fields of your own with these names then go out as they are;
    /// with trace fields a timed event sends them as `app.trace.trace_id` and so on.
    pub fn trace_fields(mut self, add: bool) -> Self {
        self.shape.trace_fields = add;
        self
    }

    /// In which formats [`propagation::inject`](crate::propagation::inject) writes the current event into headers: by default as W3C
    /// Trace Context alone. Both are always read; the first of these is believed where a request has both. None: nothing is written,
    /// so that no trace leaves this process.
    ///
    /// ```
    /// use honey::propagation::Format;
    ///
    /// // Some of the services below still use a beeline.
    /// let config = honey::Config::new("key").propagation([Format::W3c, Format::Honeycomb]);
    /// ```
    pub fn propagation(mut self, formats: impl IntoIterator<Item = Format>) -> Self {
        self.propagation.formats = Formats::of(formats);
        self
    }

    /// What becomes of a request or message whose `traceparent` says that the trace is not sampled. By default its events are not kept
    /// here either. Behind a mesh or gateway that writes such headers by a rule of its own, or always, no trace would come from this
    /// service: with [`RemoteNotSampled::Decide`] the service decides, by [`sample_rate`](Config::sample_rate) and its tail rules, and
    /// continues the trace all the same. What OpenTelemetry's parent-based sampler does with a root sampler in the place of this name.
    ///
    /// For one kind of requests alone there is [`SpanContext::with_sampled`](crate::propagation::SpanContext::with_sampled).
    ///
    /// ```
    /// use honey::propagation::RemoteNotSampled;
    ///
    /// let config = honey::Config::new("key").remote_parent_not_sampled(RemoteNotSampled::Decide);
    /// ```
    pub fn remote_parent_not_sampled(mut self, what: RemoteNotSampled) -> Self {
        self.propagation.not_sampled = what;
        self
    }

    /// How many levels of nested objects `add_json` spreads over fields, joined with `.`; what is deeper stays JSON in one field.
    /// By default 5, at least 1: the top level alone. What is added to [`global`](crate::global) before `init` is spread by the
    /// default.
    pub fn flatten_depth(mut self, levels: usize) -> Self {
        self.shape.flatten_depth = levels;
        self
    }

    /// Calls `handler` with what became of each event, on a thread of honey's own, one after the other: the alternative to
    /// [`responses`](crate::responses), which stays empty then.
    ///
    /// Up to [`responses_capacity`](Config::responses_capacity) wait for a slow handler; further ones are dropped and counted
    /// (`Stats::unread_responses`), unless [`block_on_response`](Config::block_on_response) lets sending wait for it. A panic is
    /// counted, and costs that one call. Events made inside are not recorded. `close` waits until the handler has had them all,
    /// or for its deadline; `flush` does not wait for it. It stays with the process that made the client: a child made by `fork`
    /// has none.
    ///
    /// ```
    /// use honey::{Config, Outcome};
    ///
    /// let config = Config::new("key").on_response(|response| {
    ///     if response.outcome == Outcome::Rejected {
    ///         println!("order {:?}: {:?}", response.metadata::<u64>("order"), response.body);
    ///     }
    /// });
    /// ```
    pub fn on_response(mut self, handler: impl FnMut(Response) + Send + 'static) -> Self {
        self.on_response = Some(ForOne::new(Box::new(handler)));
        self
    }
}
