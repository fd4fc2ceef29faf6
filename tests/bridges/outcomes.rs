//! How a span ends.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::json;
use tracing::field::Empty;
use tracing::{error, info_span, warn};

use crate::{assert_balanced, bridged, bridged_by, text};

#[tracing::instrument(err)]
fn fails() -> Result<(), String> {
    Err("no such thing".into())
}

#[tracing::instrument(ret)]
fn returns() -> u32 {
    7
}

#[test]
fn an_error_line_fails_its_span_and_no_other() {
    let captured = bridged(|| {
        info_span!("outer").in_scope(|| {
            info_span!("failing").in_scope(|| error!(code = 3, "went wrong"));
            info_span!("warned").in_scope(|| warn!("nearly"));
        });
    });
    let failing = captured.event("failing");
    assert_eq!(text(failing, "outcome"), "error");
    assert_eq!(failing.field("error"), Some(&json!(true)));
    assert_eq!(text(failing, "error.message"), "went wrong");
    for ok in ["outer", "warned"] {
        assert_eq!(text(captured.event(ok), "outcome"), "ok", "{ok}");
    }
}

#[test]
fn instrument_err_and_ret() {
    let captured = bridged(|| {
        let _ = fails();
        returns();
    });
    let span = captured.event("fails");
    assert_eq!(text(span, "outcome"), "error");
    assert_eq!(text(span, "error.message"), "no such thing");
    let line = captured.event("exception");
    assert_eq!(text(line, "exception.message"), "no such thing");
    assert_eq!(text(line, "level"), "ERROR");
    assert_eq!(line.field("error"), None, "the column is one of booleans");
    assert_eq!(text(captured.event("returns"), "outcome"), "ok");
    let returned = captured
        .events()
        .iter()
        .find(|event| event.field("return").is_some());
    assert_eq!(text(returned.unwrap(), "return"), "7");
}

#[test]
fn error_lines_may_be_just_lines() {
    let captured = bridged_by(honey::tracing::layer().error_lines(false), || {
        let _ = fails();
    });
    assert_eq!(text(captured.event("fails"), "outcome"), "ok");
}

#[test]
fn with_lines_left_out_an_error_line_fails_its_span_all_the_same() {
    let layer = honey::tracing::layer().lines(honey::Lines::Nothing);
    let captured = bridged_by(layer, || {
        let _ = fails();
        info_span!("other").in_scope(|| error!("{}", 7));
    });
    assert_eq!(captured.events().len(), 2);
    assert_eq!(
        text(captured.event("fails"), "error.message"),
        "no such thing"
    );
    assert_eq!(text(captured.event("other"), "error.message"), "7");
}

#[test]
fn an_annotated_function_says_itself_how_it_ended() {
    #[honey::event]
    fn recovers() -> Result<u32, String> {
        error!("the cache is away");
        Ok(3)
    }
    let captured = bridged(|| {
        let _ = info_span!("span").in_scope(recovers);
    });
    assert_eq!(text(captured.event("recovers"), "outcome"), "ok");
    assert_eq!(
        text(captured.event("span"), "outcome"),
        "ok",
        "the line was said in the function's event"
    );
}

#[test]
fn statuses_and_error_fields() {
    let captured = bridged(|| {
        info_span!("code", otel.status_code = "ERROR");
        info_span!("description", otel.status_description = "why");
        let both = info_span!(
            "both",
            otel.status_code = Empty,
            otel.status_description = Empty
        );
        both.record("otel.status_description", "first");
        both.record("otel.status_code", "error");
        info_span!("flag", error = true);
        info_span!("no flag", error = false);
        info_span!("text", error = %"oh");
        let ok = info_span!("ok", otel.status_code = Empty);
        ok.in_scope(|| error!("before"));
        ok.record("otel.status_code", "OK");
        ok.in_scope(|| error!("after"));
        drop((both, ok));
    });
    for (name, outcome, message) in [
        ("code", "error", ""),
        ("description", "error", "why"),
        ("both", "error", "first"),
        ("flag", "error", ""),
        ("no flag", "ok", ""),
        ("text", "error", "oh"),
        ("ok", "ok", ""),
    ] {
        let event = captured.event(name);
        assert_eq!(text(event, "outcome"), outcome, "{name}");
        assert_eq!(text(event, "error.message"), message, "{name}");
        assert_eq!(event.field("error").is_some(), outcome == "error", "{name}");
    }
}

#[test]
fn a_panic_that_leaves_a_span() {
    let captured = bridged(|| {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            info_span!("outer").in_scope(|| {
                let survived = catch_unwind(AssertUnwindSafe(|| {
                    info_span!("inner").in_scope(|| {
                        error!("just before");
                        unreachable!("on purpose: inside a span")
                    })
                }));
                assert!(survived.is_err());
            });
        }));
        assert!(caught.is_ok());
    });
    let inner = captured.event("inner");
    assert_eq!(text(inner, "outcome"), "panic");
    assert_eq!(text(inner, "error.type"), "panic");
    assert_eq!(inner.field("error.message"), None, "the panic says more");
    assert_eq!(text(captured.event("outer"), "outcome"), "ok");
    assert_balanced(&captured);
}

#[test]
fn a_span_that_begins_and_ends_during_a_panic_has_not_panicked() {
    struct SpansOnDrop;
    impl Drop for SpansOnDrop {
        fn drop(&mut self) {
            info_span!("clean-up").in_scope(|| ());
        }
    }
    let captured = bridged(|| {
        let caught = catch_unwind(|| {
            let _clean_up = SpansOnDrop;
            unreachable!("on purpose: with a clean-up on the stack")
        });
        assert!(caught.is_err());
    });
    assert_eq!(text(captured.event("clean-up"), "outcome"), "ok");
}

#[test]
fn a_set_error_of_the_program_counts_for_a_span_too() {
    let captured = bridged(|| {
        info_span!("span").in_scope(|| honey::current().set_error("said by hand"));
    });
    assert_eq!(
        text(captured.event("span"), "error.message"),
        "said by hand"
    );
}
