//! Span events and links: events of their own that say something about another one.

use std::fmt::Display;

use super::context::Target;
use super::dynamic::run_dynamic_fields;
use super::edit::aside;
use super::finish::finish;
use super::local::Local;
use super::open::OpenEvent;
use crate::client::live;
use crate::fields::{FieldSink, HoneyFields};
use crate::isolate;
use crate::record::SpanId;
use crate::value::{Key, Value};
#[cfg(any(feature = "tracing", feature = "log"))]
use crate::{record::FieldBuffer, value::Trouble};

/// Something that happened during the event.
pub(super) fn span_event(of: &Target, name: &Key, fields: &dyn HoneyFields) {
    let Some(mut event) = begin(of) else { return };
    run_dynamic_fields(&mut event);
    end(event, of, |out| {
        fields.record(out);
        out.put("name", Value::Str(name.as_ref()));
        out.put("meta.annotation_type", Value::Str("span_event"));
    });
}

/// The same for a log line whose fields are recorded already.
#[cfg(any(feature = "tracing", feature = "log"))]
pub(super) fn line(of: &Target, name: &str, fields: &FieldBuffer, trouble: Trouble) {
    let Some(mut event) = begin(of) else { return };
    run_dynamic_fields(&mut event);
    end(event, of, |out| {
        out.append(fields);
        out.count(trouble);
        out.put("name", Value::Str(name));
        out.put("meta.annotation_type", Value::Str("span_event"));
    });
}

/// A panic during the event, by OpenTelemetry's name. Runs no user code but `record`.
pub(super) fn exception(of: &Target, record: impl FnOnce(&mut FieldSink<'_>)) {
    let Some(event) = begin(of) else { return };
    end(event, of, |out| {
        record(out);
        out.put("name", Value::Str("exception"));
        out.put("meta.annotation_type", Value::Str("span_event"));
    });
}

/// The event has to do with another one.
pub(super) fn link(of: &Target, trace_id: &dyn Display, span_id: &dyn Display) {
    let Some(mut event) = begin(of) else { return };
    run_dynamic_fields(&mut event);
    end(event, of, |out| {
        out.put("meta.annotation_type", Value::Str("link"));
        out.put("trace.link.trace_id", Value::Display(&trace_id));
        out.put("trace.link.span_id", Value::Display(&span_id));
    });
}

/// An event at this moment: it goes to where its parent goes, sampled as that is.
fn begin(parent: &Target) -> Option<Box<OpenEvent>> {
    if isolate::is_inside() {
        return None;
    }
    let client = live::find(parent.context.client)?;
    let mut event = Local::with(Local::buffer).unwrap_or_else(OpenEvent::new);
    drop(event.give_to(&client));
    event.begin();
    event.sample_rate = parent.context.sampling.stands_for();
    event.start_clock();
    if let Some(dataset) = parent.cell.dataset(parent.generation) {
        event.set_dataset(&Key(dataset.into()));
    }
    Some(event)
}

/// Sends it below `parent` with `record`'s fields.
fn end(mut event: Box<OpenEvent>, parent: &Target, record: impl FnOnce(&mut FieldSink<'_>)) {
    let (trace_id, span_id): (_, SpanId) = (parent.context.trace_id, parent.context.span_id);
    let has_ids = event.shape().trace_fields;
    let with_ids = |out: &mut FieldSink<'_>| {
        record(out);
        if !has_ids {
            return;
        }
        out.put("trace.trace_id", Value::Display(&trace_id));
        out.put("trace.parent_id", Value::Display(&span_id));
        out.put("meta.signal_type", Value::Str("trace"));
    };
    aside(with_ids, |edit| event.apply(edit));
    finish(event);
}
