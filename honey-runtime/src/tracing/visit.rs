//! Fields of `tracing`, as they are recorded into honey's.

use std::error::Error;
use std::fmt::{Debug, Display, Formatter};

use ::tracing_core::field::{Field, Visit};
use ::tracing_core::span::Record;

use crate::event::EXCEPTION;
use crate::fields::FieldSink;
use crate::isolate;
use crate::value::Value;

/// Errors that caused an error, as far as they are followed.
const MOST_SOURCES: usize = 16;

/// What the fields of a span say about the span itself.
#[derive(Default)]
pub(super) struct Said {
    pub(super) name: Option<String>,
    pub(super) status: Option<Status>,
}

pub(super) enum Status {
    Ok,
    /// Failed, perhaps with this text.
    Error(Option<String>),
}

/// Records a span's fields; those that say something about the span itself are put aside.
pub(super) struct SpanFields<'a, 'b> {
    pub(super) out: &'a mut FieldSink<'b>,
    pub(super) said: &'a mut Said,
}

impl SpanFields<'_, '_> {
    fn put(&mut self, field: &Field, value: Value<'_>) {
        let key = field.name();
        if key == "error" || key.starts_with("otel.") {
            self.put_special(key, value);
        } else {
            self.out.put(key, value);
        }
    }

    #[cold]
    fn put_special(&mut self, key: &'static str, value: Value<'_>) {
        match (key, value) {
            ("error", Value::Bool(has_failed)) => {
                if has_failed {
                    self.fail(None);
                }
            }
            ("error", value) => self.fail(text_of(value)),
            ("otel.name", value) => self.said.name = text_of(value),
            ("otel.kind", value) => {
                if let Some(kind) = text_of(value) {
                    self.out
                        .put("span.kind", Value::Str(&kind.to_ascii_lowercase()));
                }
            }
            ("otel.status_code", value) => match text_of(value) {
                Some(code) if code.eq_ignore_ascii_case("ok") => {
                    self.said.status = Some(Status::Ok);
                }
                Some(code) if code.eq_ignore_ascii_case("error") => self.fail(None),
                _ => {}
            },
            // The second is the name it had once.
            ("otel.status_description" | "otel.status_message", value) => {
                self.fail(text_of(value));
            }
            (key, value) => self.out.put(key, value),
        }
    }

    /// A text that was given before stays, if there is none now.
    fn fail(&mut self, text: Option<String>) {
        let before = match self.said.status.take() {
            Some(Status::Error(before)) => before,
            _ => None,
        };
        self.said.status = Some(Status::Error(text.or(before)));
    }
}

/// Records a line's fields. It is no timed event, so that nobody else keeps honey's names free.
pub(super) struct LineFields<'a, 'b> {
    pub(super) out: &'a mut FieldSink<'b>,
    /// Where `log.target` and others of the kind go.
    pub(super) origin: bool,
    pub(super) location: bool,
}

impl LineFields<'_, '_> {
    fn put(&mut self, field: &Field, value: Value<'_>) {
        let key = match (field.name(), value) {
            // The column is one of booleans.
            ("error", Value::Bool(_)) => "error",
            ("error", _) => EXCEPTION,
            ("name", _) => "app.name",
            // What `tracing-log` makes of the records of the crate `log`.
            ("log.target", _) if self.origin => "target",
            ("log.file", _) if self.origin && self.location => "code.file.path",
            ("log.line", _) if self.origin && self.location => "code.line.number",
            ("log.target" | "log.module_path" | "log.file" | "log.line", _) => return,
            (key, _) => key,
        };
        self.out.put(key, value);
    }
}

macro_rules! visit {
    ($($of:ident),*) => {$(
        impl Visit for $of<'_, '_> {
            fn record_bool(&mut self, field: &Field, value: bool) {
                self.put(field, Value::Bool(value));
            }

            fn record_i64(&mut self, field: &Field, value: i64) {
                self.put(field, Value::I64(value));
            }

            fn record_u64(&mut self, field: &Field, value: u64) {
                self.put(field, Value::U64(value));
            }

            fn record_i128(&mut self, field: &Field, value: i128) {
                self.put(field, Value::I128(value));
            }

            fn record_u128(&mut self, field: &Field, value: u128) {
                self.put(field, Value::U128(value));
            }

            fn record_f64(&mut self, field: &Field, value: f64) {
                self.put(field, Value::F64(value));
            }

            fn record_str(&mut self, field: &Field, value: &str) {
                self.put(field, Value::Str(value));
            }

            fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
                self.put(field, Value::Debug(&value));
            }

            fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
                self.put(field, Value::Display(&WithSources(value)));
            }
        }
    )*};
}

visit!(SpanFields, LineFields);

/// Whether values have to be formatted, which code of the user's does.
pub(super) fn needs_user_code(values: &Record<'_>) -> bool {
    let mut seen = Formatted(false);
    values.record(&mut seen);
    seen.0
}

/// Whether there was a value to be formatted.
struct Formatted(bool);

impl Visit for Formatted {
    fn record_bool(&mut self, _: &Field, _: bool) {}

    fn record_i64(&mut self, _: &Field, _: i64) {}

    fn record_u64(&mut self, _: &Field, _: u64) {}

    fn record_i128(&mut self, _: &Field, _: i128) {}

    fn record_u128(&mut self, _: &Field, _: u128) {}

    fn record_f64(&mut self, _: &Field, _: f64) {}

    fn record_str(&mut self, _: &Field, _: &str) {}

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {
        self.0 = true;
    }
}

/// An error's text, and those of the errors that caused it.
struct WithSources<'a>(&'a (dyn Error + 'static));

impl Display for WithSources<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        for _ in 0..MOST_SOURCES {
            let Some(error) = source else {
                break;
            };
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// The text of a value that says something about the span; `None` when the code that makes it panics.
fn text_of(value: Value<'_>) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_owned()),
        Value::Display(value) => isolate::run(|| value.to_string()),
        Value::Debug(value) => isolate::run(|| format!("{value:?}")),
        Value::Bool(value) => Some(value.to_string()),
        Value::I64(value) => Some(value.to_string()),
        Value::U64(value) => Some(value.to_string()),
        Value::F64(value) => Some(value.to_string()),
        _ => None,
    }
}
