//! Records of the crate `log` go onto the event they were written in: the feature `log`.
//!
//! A program that uses `tracing` and its `LogTracer` needs no second bridge: its records come by [`honey::tracing`](crate::tracing).
//!
//! ```
//! # #[cfg(feature = "testing")] {
//! use log::LevelFilter;
//!
//! #[honey::event]
//! fn checkout() {
//!     log::warn!(attempt = 2; "the bank is slow");
//! }
//!
//! honey::log::Logger::new().install().unwrap();
//! let captured = honey::testing::capture(checkout);
//! let line = captured.event("the bank is slow");
//! assert_eq!(line.field("level"), Some(&"WARN".into()));
//! assert_eq!(line.field("attempt"), Some(&2.into()));
//! assert_eq!(line.field("trace.parent_id"), captured.event("checkout").field("trace.span_id"));
//! # }
//! ```

use std::fmt::{self, Debug, Formatter};

use ::log::kv::{self, VisitSource, VisitValue};
use ::log::{LevelFilter, Log, Metadata, Record, SetLoggerError};

use crate::event::{EXCEPTION, LineOrigin, LineSettings, MESSAGE, current, line_settings};
use crate::fields::FieldSink;
use crate::value::Value;

/// A logger that puts records on the current event, and hands them to another logger, if there is one.
///
/// By default records down to [`LevelFilter::Info`] are taken, and become span events ([`Lines`](crate::Lines)). What is logged on honey's own threads,
/// and by code that honey runs, goes to the other logger alone. A record of level `ERROR` does not make the event fail: what the
/// function returns says that.
///
/// ```
/// use log::LevelFilter;
/// # struct Terminal;
/// # impl log::Log for Terminal {
/// #     fn enabled(&self, _: &log::Metadata) -> bool { true }
/// #     fn log(&self, _: &log::Record) {}
/// #     fn flush(&self) {}
/// # }
/// honey::log::Logger::new()
///     .level(LevelFilter::Warn)
///     .lines(honey::Lines::Fields)
///     .then(Terminal, LevelFilter::Debug) // an `env_logger::Logger`, say
///     .install()
///     .unwrap();
/// assert_eq!(log::max_level(), LevelFilter::Debug);
/// ```
#[must_use = "a logger does nothing until it is installed: `.install()`"]
pub struct Logger {
    level: LevelFilter,
    lines: LineSettings,
    next: Option<(Box<dyn Log>, LevelFilter)>,
}

impl Default for Logger {
    fn default() -> Self {
        Self::new()
    }
}

impl Logger {
    /// A logger with the defaults, and no other behind it.
    ///
    /// ```
    /// let logger = honey::log::Logger::new();
    /// ```
    pub fn new() -> Self {
        Self {
            level: LevelFilter::Info,
            lines: LineSettings::default(),
            next: None,
        }
    }

    /// Which records go onto events: this level and graver ones.
    ///
    /// ```
    /// let logger = honey::log::Logger::new().level(log::LevelFilter::Error);
    /// ```
    pub fn level(mut self, level: LevelFilter) -> Self {
        self.level = level;
        self
    }

    line_settings! {
        "honey::log::Logger::new()",
        one: "a record",
        located: "span events",
    }

    /// Hands every record down to `level` to `logger` too, after it was put on its event. `logger` decides for itself what it takes of
    /// these.
    ///
    /// ```
    /// # struct Terminal;
    /// # impl log::Log for Terminal {
    /// #     fn enabled(&self, _: &log::Metadata) -> bool { true }
    /// #     fn log(&self, _: &log::Record) {}
    /// #     fn flush(&self) {}
    /// # }
    /// let logger = honey::log::Logger::new().then(Terminal, log::LevelFilter::Trace);
    /// ```
    pub fn then(mut self, logger: impl Log + 'static, level: LevelFilter) -> Self {
        self.next = Some((Box::new(logger), level));
        self
    }

    /// Makes it the logger of the process, and sets `log::set_max_level` to what it and the one behind it take.
    ///
    /// ```
    /// honey::log::Logger::new().install().unwrap();
    /// assert!(honey::log::Logger::new().install().is_err());
    /// ```
    ///
    /// # Errors
    /// The process has a logger already. Let that one be handed to [`then`](Self::then) instead of being installed.
    pub fn install(self) -> Result<(), SetLoggerError> {
        let of_next = self
            .next
            .as_ref()
            .map_or(LevelFilter::Off, |(_, level)| *level);
        let level = self.level.max(of_next);
        ::log::set_boxed_logger(Box::new(self))?;
        ::log::set_max_level(level);
        Ok(())
    }

    fn next_for(&self, metadata: &Metadata<'_>) -> Option<&dyn Log> {
        let (next, level) = self.next.as_ref()?;
        (metadata.level() <= *level).then_some(next.as_ref())
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.level
            || self
                .next_for(metadata)
                .is_some_and(|next| next.enabled(metadata))
    }

    fn log(&self, record: &Record<'_>) {
        if record.level() <= self.level {
            let origin = LineOrigin {
                name: None,
                level: record.level().as_str(),
                target: record.target(),
                file: record.file(),
                line: record.line(),
            };
            let no_one = None::<fn(Option<&str>)>;
            self.lines
                .write(&current(), &origin, |out| put_fields(record, out), no_one);
        }
        if let Some(next) = self.next_for(record.metadata()) {
            next.log(record);
        }
    }

    fn flush(&self) {
        if let Some((next, _)) = &self.next {
            next.flush();
        }
    }
}

impl Debug for Logger {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let next = self.next.as_ref().map(|(_, level)| level);
        f.debug_struct("Logger")
            .field("level", &self.level)
            .field("lines", &self.lines)
            .field("next", &next)
            .finish()
    }
}

fn put_fields(record: &Record<'_>, out: &mut FieldSink<'_>) {
    let _ = record.key_values().visit(&mut Fields { out });
    out.put(MESSAGE, Value::Display(record.args()));
}

/// Key-value pairs of a record.
struct Fields<'a, 'b> {
    out: &'a mut FieldSink<'b>,
}

impl<'kvs> VisitSource<'kvs> for Fields<'_, '_> {
    fn visit_pair(&mut self, key: kv::Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
        let name = match key.as_str() {
            "error" if value.to_bool().is_none() => EXCEPTION,
            "name" => "app.name",
            other => other,
        };
        value.visit(OneValue {
            out: self.out,
            name,
        })
    }
}

struct OneValue<'a, 'b> {
    out: &'a mut FieldSink<'b>,
    name: &'a str,
}

impl OneValue<'_, '_> {
    #[expect(clippy::unnecessary_wraps, reason = "what the trait's methods return")]
    fn put(&mut self, value: Value<'_>) -> Result<(), kv::Error> {
        self.out.put_named(self.name, value);
        Ok(())
    }
}

impl VisitValue<'_> for OneValue<'_, '_> {
    fn visit_any(&mut self, value: kv::Value<'_>) -> Result<(), kv::Error> {
        self.put(Value::Display(&value))
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        self.put(Value::Null)
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.put(Value::U64(value))
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.put(Value::I64(value))
    }

    fn visit_u128(&mut self, value: u128) -> Result<(), kv::Error> {
        self.put(Value::U128(value))
    }

    fn visit_i128(&mut self, value: i128) -> Result<(), kv::Error> {
        self.put(Value::I128(value))
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.put(Value::F64(value))
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.put(Value::Bool(value))
    }

    fn visit_str(&mut self, value: &str) -> Result<(), kv::Error> {
        self.put(Value::Str(value))
    }

    fn visit_char(&mut self, value: char) -> Result<(), kv::Error> {
        self.put(Value::Str(value.encode_utf8(&mut [0; 4])))
    }
}
