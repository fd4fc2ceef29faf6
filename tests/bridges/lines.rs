//! Events of `tracing`.

use serde_json::json;
use tracing::{debug, error, info, info_span};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

use crate::{bridged, bridged_by, text, tree};

#[test]
fn a_line_is_a_span_event_of_what_it_is_said_in() {
    let captured = bridged(|| {
        honey::in_child_event("event", || {
            debug!(target: "library", rows = 3, "read {} rows", 3);
            info_span!("span").in_scope(|| {
                info!(name: "named", "said");
                info!(user = 7);
            });
        });
    });
    assert_eq!(
        tree(&captured),
        [
            "bridges::lines < span",
            "event < root",
            "named < span",
            "read 3 rows < event",
            "span < event"
        ]
    );
    let line = captured.event("read 3 rows");
    for (key, value) in [
        ("message", json!("read 3 rows")),
        ("level", json!("DEBUG")),
        ("target", json!("library")),
        ("rows", json!(3)),
        ("meta.annotation_type", json!("span_event")),
        ("meta.signal_type", json!("trace")),
        ("code.file.path", json!("tests/bridges/lines.rs")),
    ] {
        assert_eq!(line.field(key), Some(&value), "{key}");
    }
    assert_eq!(line.field("trace.span_id"), None);
    assert_eq!(text(captured.event("named"), "message"), "said");
}

#[test]
fn a_line_may_name_its_span() {
    let captured = bridged(|| {
        let named = info_span!("named");
        info_span!("current").in_scope(|| {
            info!(parent: &named, "of named");
            info!(parent: None, "of nobody");
        });
    });
    assert_eq!(
        tree(&captured),
        ["current < root", "named < root", "of named < named"]
    );
}

#[test]
fn lines_outside_any_event_are_sent_only_when_asked() {
    let say = || info!(rows = 3, "outside");
    assert_eq!(bridged(say).events().len(), 0);
    let captured = bridged_by(honey::tracing::layer().stand_alone(true), || {
        say();
        info_span!("span").in_scope(|| info!(parent: None, "aloof"));
    });
    let line = captured.event("outside");
    assert_eq!(text(line, "meta.signal_type"), "log");
    assert_eq!(text(line, "message"), "outside");
    assert_eq!(line.field("rows"), Some(&json!(3)));
    assert_eq!(line.field("trace.trace_id"), None);
    assert_eq!(captured.event("aloof").field("trace.trace_id"), None);
}

#[test]
fn lines_as_fields() {
    let layer = honey::tracing::layer()
        .lines(honey::Lines::Fields)
        .stand_alone(true);
    let captured = bridged_by(layer, || {
        honey::in_child_event("event", || {
            info!(rows = 3, "first");
            info!(rows = 4, cached = true, "second");
            info_span!("span").in_scope(|| error!(error = "oh", "failed"));
        });
        info!("outside");
    });
    assert_eq!(captured.events().len(), 3);
    let event = captured.event("event");
    assert_eq!(event.field("rows"), Some(&json!(4)));
    assert_eq!(event.field("cached"), Some(&json!(true)));
    assert_eq!(text(event, "message"), "second");
    assert_eq!(event.field("level"), None);
    let span = captured.event("span");
    assert_eq!(text(span, "error.message"), "failed");
    assert_eq!(text(span, "exception.message"), "oh");
    assert_eq!(text(span, "target"), "bridges::lines");
    assert_eq!(text(captured.event("outside"), "level"), "INFO");
}

#[test]
fn a_filter_may_let_spans_pass_and_few_lines() {
    let few_lines = filter_fn(|what| what.is_span() || *what.level() <= tracing::Level::WARN);
    let subscriber =
        tracing_subscriber::registry().with(honey::tracing::layer().with_filter(few_lines));
    let captured = tracing::subscriber::with_default(subscriber, || {
        honey::testing::capture(|| {
            tracing::trace_span!("span").in_scope(|| {
                info!("left out");
                tracing::warn!("kept");
            });
        })
    });
    assert_eq!(tree(&captured), ["kept < span", "span < root"]);
}
