//! The layer's hooks: what `tracing` tells about spans and events, as changes to honey's.

use ::tracing_core::span::{Attributes, Id, Record};
use ::tracing_core::{Event, Level, Subscriber};
use ::tracing_subscriber::layer::{Context, Layer as SubscriberLayer};
use ::tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::Layer;
use super::visit::{LineFields, Said, SpanFields, Status, needs_user_code};
use crate::client::live;
use crate::event::{
    EventHandle, EventRef, LineOrigin, Lines, SharedEvent, StartOptions, current, put_location,
};
use crate::fields::FieldSink;
use crate::isolate;
use crate::sync::{AtomicBool, Ordering};
use crate::value::Value;

/// Set by the first span that became an event: until then there is none to be looked for.
static ANY: AtomicBool = AtomicBool::new(false);

impl<S> SubscriberLayer<S> for Layer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_layer(&mut self, subscriber: &mut S) {
        let below: &dyn Subscriber = subscriber;
        self.is_second = below.is::<Layer>();
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if self.is_second || !live::any() || isolate::is_inside() {
            return;
        }
        let Some(span) = context.span(id) else {
            return;
        };
        let parent = attributes.parent().and_then(|parent| {
            let parent = context.span(parent)?;
            parent.scope().find_map(|span| handle_of(&span))
        });
        let options = StartOptions {
            root: !attributes.is_contextual() && parent.is_none(),
            parent: parent.map(EventRef::from),
            ..StartOptions::default()
        };
        let metadata = attributes.metadata();
        let mut said = Said::default();
        let event = SharedEvent::start(metadata.name(), metadata.target(), options, |out| {
            out.put("target", Value::Str(metadata.target()));
            if self.lines.location {
                put_location(metadata.file(), metadata.line(), out);
            }
            attributes.record(&mut SpanFields {
                out,
                said: &mut said,
            });
        });
        if let Some(event) = event {
            tell(&event, said);
            if !ANY.load(Ordering::Relaxed) {
                ANY.store(true, Ordering::Relaxed);
            }
            span.extensions_mut().replace(event);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if !self.has_any() {
            return;
        }
        let Some(span) = context.span(id) else {
            return;
        };
        let mut said = Said::default();
        let mut record = |out: &mut FieldSink<'_>| {
            values.record(&mut SpanFields {
                out,
                said: &mut said,
            });
        };
        if !needs_user_code(values) {
            let extensions = span.extensions();
            let Some(event) = extensions.get::<SharedEvent>() else {
                return;
            };
            if event.record_plain(&mut record) {
                return tell(event, said);
            }
        }
        // Nothing of the span is locked: its fields may be formatted by code that says something in it.
        let Some(handle) = handle_of(&span) else {
            return;
        };
        handle.record(record);
        with_event_of(&span, |event| tell(event, said));
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        if !self.has_any() {
            return;
        }
        let handle = |id| context.span(id).and_then(|span| handle_of(&span));
        if let (Some(event), Some(follows)) = (handle(id), handle(follows)) {
            event.add_link(follows);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.with_event(id, &context, SharedEvent::enter);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.with_event(id, &context, SharedEvent::leave);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if self.is_second || !live::any() || isolate::is_inside() {
            return;
        }
        let metadata = event.metadata();
        let fails = self.error_lines && *metadata.level() == Level::ERROR;
        if self.lines.lines == Lines::Nothing && !fails {
            return;
        }
        let to = to_of(event, &context);
        let failed = fails.then(|| context.event_span(event)).flatten();
        let failed = failed.and_then(|span| span.scope().find(|span| is_of(span, &to)));
        let said = failed
            .map(|span| move |text: Option<&str>| with_event_of(&span, |event| event.fail(text)));
        let is_own = self.lines.lines != Lines::Fields || to.trace_id().is_none();
        self.lines.write(
            &to,
            &LineOrigin {
                name: Some(metadata.name()).filter(|name| !name.starts_with("event ")),
                level: metadata.level().as_str(),
                target: metadata.target(),
                file: metadata.file(),
                line: metadata.line(),
            },
            |out| {
                event.record(&mut LineFields {
                    out,
                    origin: is_own,
                    location: self.lines.location,
                });
            },
            said,
        );
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if !self.has_any() {
            return;
        }
        // Bound first: what an event's end runs finds nothing locked.
        let event = context
            .span(&id)
            .and_then(|span| span.extensions_mut().remove::<SharedEvent>());
        if let Some(event) = event {
            event.end();
        }
    }
}

impl Layer {
    fn has_any(&self) -> bool {
        !self.is_second && ANY.load(Ordering::Relaxed)
    }
}

impl Layer {
    fn with_event<S>(&self, id: &Id, context: &Context<'_, S>, use_it: impl FnOnce(&SharedEvent))
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        if self.has_any() {
            if let Some(span) = context.span(id) {
                with_event_of(&span, use_it);
            }
        }
    }
}

/// Lends the event of a span, which is locked meanwhile: `use_it` runs no user code.
fn with_event_of<'span, S>(span: &SpanRef<'span, S>, use_it: impl FnOnce(&SharedEvent))
where
    S: LookupSpan<'span>,
{
    if let Some(event) = span.extensions().get() {
        use_it(event);
    }
}

fn handle_of<'span, S>(span: &SpanRef<'span, S>) -> Option<EventHandle>
where
    S: LookupSpan<'span>,
{
    span.extensions().get().map(SharedEvent::handle)
}

fn is_of<'span, S>(span: &SpanRef<'span, S>, handle: &EventHandle) -> bool
where
    S: LookupSpan<'span>,
{
    let extensions = span.extensions();
    let event = extensions.get::<SharedEvent>();
    event.is_some_and(|event| event.is(handle))
}

/// Where a line goes: to the span it names, else to the event that is open here.
fn to_of<S>(line: &Event<'_>, context: &Context<'_, S>) -> EventHandle
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    if line.is_contextual() {
        return current();
    }
    let parent = line.parent().and_then(|id| context.span(id));
    let named = parent.and_then(|span| span.scope().find_map(|span| handle_of(&span)));
    named.unwrap_or(EventHandle::none())
}

/// Does to the event what its span's fields say.
fn tell(event: &SharedEvent, said: Said) {
    if let Some(name) = said.name {
        event.set_name(name);
    }
    match said.status {
        Some(Status::Ok) => event.settle_ok(),
        Some(Status::Error(text)) => event.fail(text.as_deref()),
        None => {}
    }
}
