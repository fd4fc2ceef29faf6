//! Log lines: what other crates say by `tracing` or `log`, put where the event is in which they say it.

use super::annotation;
use super::edit::{Edit, aside};
use super::handle::EventHandle;
use super::manual::Event;
use crate::client::live;
use crate::fields::{FieldSink, HoneyFields};
use crate::isolate;
use crate::record::{FieldBuffer, Scalar};
use crate::value::{Trouble, Value};

/// What becomes of log lines, which are the events of the crate `tracing` and the records of the crate `log`.
///
/// ```
/// # #[cfg(feature = "tracing")]
/// let layer = honey::tracing::layer().lines(honey::Lines::Fields);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Lines {
    /// Each is a span event of the event it was said in: an event of its own, with `meta.annotation_type` and the ids, which Honeycomb
    /// shows on the span. It has the line's fields, and `message`, `level`, `target`. One line, one event that is sent.
    #[default]
    SpanEvents,
    /// Its fields, and `message`, are added to the event it was said in, where later lines replace them. Nothing more is sent.
    Fields,
    /// Nothing.
    Nothing,
}

/// What a bridge was told to do with lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineSettings {
    pub(crate) lines: Lines,
    /// A line outside any event is an event of its own.
    pub(crate) stand_alone: bool,
    /// With file and line number.
    pub(crate) location: bool,
}

/// The setters of a bridge for its field `lines: LineSettings`: `$bridge` makes one, `$one` is a line, as its crate calls it, with its article.
macro_rules! line_settings {
    ($bridge:literal, one: $one:literal, located: $located:literal $(,)?) => {
        #[doc = concat!("What becomes of lines. By default ", $one, " is a span event of the event it is said in, which is sent, and paid for.")]
        #[doc = ""]
        #[doc = "```"]
        #[doc = concat!("let bridge = ", $bridge, ".lines(honey::Lines::Fields);")]
        #[doc = "```"]
        pub fn lines(mut self, lines: $crate::event::Lines) -> Self {
            self.lines.lines = lines;
            self
        }

        #[doc = concat!("Whether ", $one, " outside any event is sent, as an event of its own without ids, with `meta.signal_type` `log`.")]
        #[doc = "By default it is not."]
        #[doc = ""]
        #[doc = "```"]
        #[doc = concat!("let bridge = ", $bridge, ".stand_alone(true);")]
        #[doc = "```"]
        pub fn stand_alone(mut self, send: bool) -> Self {
            self.lines.stand_alone = send;
            self
        }

        #[doc = concat!("Whether ", $located, " have `code.file.path` and `code.line.number`. By default they have.")]
        #[doc = ""]
        #[doc = "```"]
        #[doc = concat!("let bridge = ", $bridge, ".location(false);")]
        #[doc = "```"]
        pub fn location(mut self, add: bool) -> Self {
            self.lines.location = add;
            self
        }
    };
}
pub(crate) use line_settings;

/// Where a line comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineOrigin<'a> {
    /// The name that it was given, if it was.
    pub(crate) name: Option<&'static str>,
    pub(crate) level: &'static str,
    pub(crate) target: &'a str,
    pub(crate) file: Option<&'a str>,
    pub(crate) line: Option<u32>,
}

/// The text of a line, if it has one.
pub(crate) const MESSAGE: &str = "message";
/// The text of the error that a line is about.
pub(crate) const EXCEPTION: &str = "exception.message";

impl Default for LineSettings {
    fn default() -> Self {
        Self {
            lines: Lines::default(),
            stand_alone: false,
            location: true,
        }
    }
}

impl LineSettings {
    /// Puts a line on `to`. `record` puts its own fields, and may run user code; `said` gets its text.
    pub(crate) fn write(
        self,
        to: &EventHandle,
        origin: &LineOrigin<'_>,
        record: impl FnOnce(&mut FieldSink<'_>),
        said: Option<impl FnOnce(Option<&str>)>,
    ) {
        if !live::any() || isolate::is_inside() {
            return;
        }
        let is_somewhere = to.target().is_some();
        let is_wanted = self.lines != Lines::Nothing
            && (to.recording().is_some() || (!is_somewhere && self.stand_alone));
        if !is_wanted && said.is_none() {
            return;
        }
        let is_own = self.lines == Lines::SpanEvents || !is_somewhere;
        let all = |out: &mut FieldSink<'_>| {
            if is_own {
                origin.record(self.location, out);
            }
            record(out);
        };
        aside(all, |edit| {
            let Edit::Fields(fields, trouble) = edit else {
                return;
            };
            if let Some(said) = said {
                said(text(fields, MESSAGE).or_else(|| text(fields, EXCEPTION)));
            }
            match to.recording().filter(|_| is_somewhere && is_wanted) {
                Some(target) if is_own => {
                    annotation::line(target, origin.name_of(fields), fields, trouble);
                }
                Some(target) => target.edit(edit),
                None if is_wanted => send(origin.name_of(fields), fields, trouble),
                None => {}
            }
        });
    }
}

impl<'a> LineOrigin<'a> {
    fn record(&self, location: bool, out: &mut FieldSink<'_>) {
        out.put("level", Value::Str(self.level));
        out.put("target", Value::Str(self.target));
        if location {
            put_location(self.file, self.line, out);
        }
    }

    /// What Honeycomb shows of it: the name it was given, else what it says.
    fn name_of(&self, fields: &'a FieldBuffer) -> &'a str {
        let exception = || text(fields, EXCEPTION).map(|_| "exception");
        self.name
            .or_else(|| text(fields, MESSAGE))
            .or_else(exception)
            .unwrap_or(self.target)
    }
}

/// A place in the source, by OpenTelemetry's names.
pub(crate) fn put_location(file: Option<&str>, line: Option<u32>, out: &mut FieldSink<'_>) {
    if let Some(file) = file {
        out.put("code.file.path", Value::Str(file));
    }
    if let Some(line) = line {
        out.put("code.line.number", Value::U64(line.into()));
    }
}

/// A text among recorded fields; an empty one says nothing.
fn text<'a>(fields: &'a FieldBuffer, key: &str) -> Option<&'a str> {
    let view = fields.view();
    let mut newest_first = view.fields.iter().rev();
    let field = newest_first.find(|field| field.key.of(view.text) == key)?;
    match field.value {
        Scalar::Text(span) => Some(span.of(view.text)).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// Sends a line as an event of its own, outside any trace.
fn send(name: &str, fields: &FieldBuffer, trouble: Trouble) {
    let mut event = Event::new();
    event.add(&Recorded {
        name,
        fields,
        trouble,
    });
    event.send();
}

struct Recorded<'a> {
    name: &'a str,
    fields: &'a FieldBuffer,
    trouble: Trouble,
}

impl HoneyFields for Recorded<'_> {
    fn record(&self, out: &mut FieldSink<'_>) {
        out.append(self.fields);
        out.count(self.trouble);
        out.put("name", Value::Str(self.name));
        out.put("meta.signal_type", Value::Str("log"));
    }
}
