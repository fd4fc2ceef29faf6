//! Records of the crate `log`.

use std::sync::{Arc, Mutex};

use honey::log::Logger;
use honey::testing::capture;
use log::{Level, LevelFilter, Log, Metadata, Record};
use serde_json::json;

use crate::text;

/// Another logger.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Log for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() != "refused"
    }

    fn log(&self, record: &Record<'_>) {
        self.0.lock().unwrap().push(record.args().to_string());
    }

    fn flush(&self) {
        self.0.lock().unwrap().push("flushed".to_owned());
    }
}

fn say(logger: &Logger, level: Level, message: &str) {
    logger.log(
        &Record::builder()
            .level(level)
            .target("library::module")
            .file(Some("src/module.rs"))
            .line(Some(7))
            .args(format_args!("{message}"))
            .build(),
    );
}

#[test]
fn a_record_is_a_span_event_and_goes_on_to_the_next_logger() {
    let heard = Heard::default();
    let logger = Logger::new().then(heard.clone(), LevelFilter::Debug);
    let captured = capture(|| {
        say(&logger, Level::Info, "outside");
        honey::in_child_event("event", || {
            say(&logger, Level::Error, "failed");
            say(&logger, Level::Debug, "for the next one");
            say(&logger, Level::Trace, "for nobody");
        });
        logger.flush();
    });
    assert_eq!(captured.events().len(), 2);
    let (event, line) = (captured.event("event"), captured.event("failed"));
    assert_eq!(text(event, "outcome"), "ok");
    assert_eq!(text(line, "trace.parent_id"), text(event, "trace.span_id"));
    for (key, value) in [
        ("message", json!("failed")),
        ("level", json!("ERROR")),
        ("target", json!("library::module")),
        ("code.file.path", json!("src/module.rs")),
        ("code.line.number", json!(7)),
        ("meta.annotation_type", json!("span_event")),
    ] {
        assert_eq!(line.field(key), Some(&value), "{key}");
    }
    assert_eq!(
        *heard.0.lock().unwrap(),
        ["outside", "failed", "for the next one", "flushed"]
    );
}

#[test]
fn key_values_keep_their_types() {
    let logger = Logger::new();
    let pairs: [(&str, log::kv::Value<'_>); 9] = [
        ("u64", u64::MAX.into()),
        ("i64", (-1).into()),
        ("f64", 0.5.into()),
        ("bool", true.into()),
        ("str", "text".into()),
        ("char", 'ö'.into()),
        ("null", log::kv::Value::null()),
        ("name", "mine".into()),
        ("error", "text".into()),
    ];
    let captured = capture(|| {
        honey::in_child_event("event", || {
            let record = Record::builder()
                .level(Level::Info)
                .args(format_args!("line"))
                .key_values(&pairs)
                .build();
            logger.log(&record);
        });
    });
    let line = captured.event("line");
    for (key, value) in [
        ("u64", json!(u64::MAX)),
        ("i64", json!(-1)),
        ("f64", json!(0.5)),
        ("bool", json!(true)),
        ("str", json!("text")),
        ("char", json!("ö")),
        ("null", json!(null)),
        ("app.name", json!("mine")),
        ("exception.message", json!("text")),
    ] {
        assert_eq!(line.field(key), Some(&value), "{key}");
    }
    assert_eq!(line.field("error"), None);
}

#[test]
fn records_as_fields_and_records_that_stand_alone() {
    let logger = Logger::new()
        .lines(honey::Lines::Fields)
        .stand_alone(true)
        .location(false);
    let captured = capture(|| {
        say(&logger, Level::Warn, "outside");
        honey::in_child_event("event", || say(&logger, Level::Warn, "inside"));
    });
    assert_eq!(captured.events().len(), 2);
    assert_eq!(text(captured.event("event"), "message"), "inside");
    let alone = captured.event("outside");
    assert_eq!(text(alone, "level"), "WARN");
    assert_eq!(text(alone, "meta.signal_type"), "log");
    assert_eq!(alone.field("code.file.path"), None);
}

#[test]
fn a_logger_says_what_it_takes() {
    let metadata = |level, target| Metadata::builder().level(level).target(target).build();
    let alone = Logger::new().level(LevelFilter::Warn);
    assert!(alone.enabled(&metadata(Level::Warn, "any")));
    assert!(!alone.enabled(&metadata(Level::Info, "any")));
    let both = alone.then(Heard::default(), LevelFilter::Debug);
    assert!(both.enabled(&metadata(Level::Debug, "any")));
    assert!(!both.enabled(&metadata(Level::Debug, "refused")));
    assert!(!both.enabled(&metadata(Level::Trace, "any")));
}

#[test]
fn code_that_honey_runs_is_heard_by_the_next_logger_alone() {
    struct Talks<'a>(&'a Logger);
    impl std::fmt::Display for Talks<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            say(self.0, Level::Error, "while formatting");
            f.write_str("value")
        }
    }
    let heard = Heard::default();
    let logger = Logger::new().then(heard.clone(), LevelFilter::Trace);
    let captured = capture(|| {
        honey::in_child_event("event", || {
            honey::current().add_field("talks", honey::display(&Talks(&logger)));
        });
    });
    assert_eq!(captured.events().len(), 1);
    assert_eq!(*heard.0.lock().unwrap(), ["while formatting"]);
}
