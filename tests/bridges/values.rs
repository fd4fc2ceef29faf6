//! Fields: their names, their types, and those that mean something.

use std::fmt::{self, Debug, Display, Formatter};

use serde_json::json;
use tracing::field::{Empty, debug, display};
use tracing::info_span;

use crate::{assert_balanced, bridged, bridged_by, text};

#[derive(Debug)]
struct Cause;

impl Display for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the cause")
    }
}

impl std::error::Error for Cause {}

#[derive(Debug)]
struct Failure(Cause);

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

struct Panics;

impl Debug for Panics {
    fn fmt(&self, _: &mut Formatter<'_>) -> fmt::Result {
        unreachable!("on purpose: a value that panics while it is formatted")
    }
}

#[test]
fn types_and_names_are_kept() {
    let captured = bridged(|| {
        let failure = Failure(Cause);
        let _ = info_span!(
            "values",
            u64 = u64::MAX,
            i64 = i64::MIN,
            u128 = u128::MAX,
            small.u128 = 7_u128,
            f64 = 0.5,
            nan = f64::NAN,
            bool = true,
            str = "text",
            shown = %"dis\"play",
            debugged = ?Some(1),
            cause = &failure as &dyn std::error::Error,
            option = Some(3_u64),
            nothing = None::<u64>,
            "quoted name" = 1,
            r#type = "raw",
            later = Empty,
        );
    });
    let event = captured.event("values");
    for (key, value) in [
        ("u64", json!(u64::MAX)),
        ("i64", json!(i64::MIN)),
        ("u128", json!(u128::MAX.to_string())),
        ("small.u128", json!(7)),
        ("f64", json!(0.5)),
        ("bool", json!(true)),
        ("str", json!("text")),
        ("shown", json!("dis\"play")),
        ("debugged", json!("Some(1)")),
        ("cause", json!("it failed: the cause")),
        ("option", json!(3)),
        ("quoted name", json!(1)),
        ("target", json!("bridges::values")),
        ("code.file.path", json!("tests/bridges/values.rs")),
        ("outcome", json!("ok")),
    ] {
        assert_eq!(event.field(key), Some(&value), "{key}");
    }
    for absent in ["nan", "nothing", "later", "error"] {
        assert_eq!(event.field(absent), None, "{absent}");
    }
    assert_eq!(captured.stats().bad_values, 1);
}

#[test]
fn fields_that_are_recorded_late_and_from_elsewhere() {
    let captured = bridged(|| {
        let span = info_span!("span", rows = Empty, state = "new", tries = 1);
        std::thread::scope(|threads| {
            threads.spawn(|| span.record("rows", 3));
        });
        let _in_span = span.enter();
        span.record("state", display("done"));
        // The later value wins, whoever wrote it.
        honey::current().add_field("tries", 2);
        span.record("tries", 3);
        span.record("not declared", 1);
    });
    let event = captured.event("span");
    assert_eq!(event.field("rows"), Some(&json!(3)));
    assert_eq!(event.field("state"), Some(&json!("done")));
    assert_eq!(event.field("tries"), Some(&json!(3)));
    assert_eq!(event.field("not declared"), None);
}

#[test]
fn names_that_honey_sets_are_kept_apart() {
    let captured = bridged(|| {
        info_span!("span", name = "mine", duration_ms = 1, error.message = "x").in_scope(|| {
            tracing::info!(name = "mine too", trace.trace_id = "forged", "line");
        });
    });
    let span = captured.event("span");
    assert_eq!(span.field("app.name"), Some(&json!("mine")));
    assert_eq!(span.field("app.duration_ms"), Some(&json!(1)));
    assert_eq!(span.field("error.message"), None);
    let line = captured.event("line");
    assert_eq!(line.field("app.name"), Some(&json!("mine too")));
    assert_eq!(text(line, "trace.trace_id"), text(span, "trace.trace_id"));
}

#[test]
fn the_fields_that_open_telemetry_gave_a_meaning() {
    let captured = bridged(|| {
        let span = info_span!(
            "unnamed",
            otel.name = "GET /cart",
            otel.kind = "SERVER",
            otel.other = 1,
        );
        span.in_scope(|| ());
        let late = info_span!("late", otel.name = Empty, otel.kind = %"client");
        late.record("otel.name", format!("renamed {}", 7));
    });
    let server = captured.event("GET /cart");
    assert_eq!(server.field("span.kind"), Some(&json!("server")));
    assert_eq!(server.field("otel.other"), Some(&json!(1)));
    assert_eq!(server.field("otel.name"), None);
    assert_eq!(
        text(captured.event("renamed 7"), "span.kind"),
        "client",
        "also by Display"
    );
}

#[test]
fn a_value_that_panics_costs_its_field() {
    let captured = bridged(|| {
        let span = info_span!("span", before = 1, bad = ?Panics, after = 2, late = Empty);
        span.record("late", debug(&Panics));
        span.in_scope(|| tracing::info!(worse = ?Panics, "line"));
        tracing::info!(parent: &span, "{:?}", Panics);
    });
    let span = captured.event("span");
    assert_eq!(span.field("before"), Some(&json!(1)));
    assert_eq!(span.field("after"), Some(&json!(2)));
    for key in ["bad", "late"] {
        assert!(text(span, key).contains("panicked"), "{key}");
    }
    assert!(text(captured.event("line"), "worse").contains("panicked"));
    assert!(captured.stats().user_panics >= 3);
    assert_balanced(&captured);
}

#[test]
fn a_value_that_says_something_while_it_is_formatted_says_it_to_others() {
    struct Talks(tracing::Span);
    impl Debug for Talks {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            self.0.in_scope(|| tracing::info!("while formatting"));
            let _inner = info_span!("made while formatting").entered();
            self.0.record("late", 1);
            f.write_str("talked")
        }
    }
    let captured = bridged(|| {
        let span = info_span!("span", late = Empty);
        span.record("late", debug(Talks(span.clone())));
        span.in_scope(|| tracing::info!(by = ?Talks(span.clone()), "line"));
    });
    let names: Vec<_> = captured.events().iter().map(|event| event.name()).collect();
    assert_eq!(names, [Some("line"), Some("span")]);
    assert_eq!(text(captured.event("line"), "by"), "talked");
    assert_eq!(text(captured.event("span"), "late"), "talked");
    assert_balanced(&captured);
}

#[test]
fn places_can_be_left_out() {
    let captured = bridged_by(honey::tracing::layer().location(false), || {
        info_span!("span").in_scope(|| tracing::info!("line"));
    });
    for event in captured.events() {
        assert_eq!(event.field("code.file.path"), None);
        assert_eq!(event.field("code.line.number"), None);
        assert_eq!(text(event, "target"), "bridges::values");
    }
}
