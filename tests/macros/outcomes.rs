//! ok, error, panic: what a call's end looks like.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use honey::testing::{CapturedEvent, capture};

use crate::text;

fn the_event(work: impl FnOnce()) -> CapturedEvent {
    let captured = capture(work);
    assert_eq!(captured.events().len(), 1, "{captured:?}");
    captured.events()[0].clone()
}

/// Runs `work` although it panics.
fn survive(work: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
}

#[track_caller]
fn assert_ok(event: &CapturedEvent) {
    assert_eq!(text(event, "outcome"), "ok");
    for key in ["error", "error.type", "error.message"] {
        assert_eq!(event.field(key), None, "{key}");
    }
    assert!(
        event
            .field("duration_ms")
            .is_some_and(serde_json::Value::is_f64)
    );
}

#[track_caller]
fn assert_failed(event: &CapturedEvent, outcome: &str, error_type: &str) {
    assert_eq!(text(event, "outcome"), outcome);
    assert_eq!(event.field("error"), Some(&true.into()));
    assert_eq!(text(event, "error.type"), error_type);
}

#[derive(Debug)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

#[honey::event]
fn inline(early: bool) -> u32 {
    if early {
        return 1;
    }
    2
}

#[test]
fn a_value_is_ok() {
    assert_ok(&the_event(|| assert_eq!(inline(false), 2)));
}

#[test]
fn an_early_return_is_ok() {
    assert_ok(&the_event(|| assert_eq!(inline(true), 1)));
}

#[honey::event]
fn fallible(result: Result<u32, Refused>) -> Result<u32, Refused> {
    let value = result?;
    Ok(value + 1)
}

#[test]
fn an_ok_is_ok() {
    assert_ok(&the_event(|| assert_eq!(fallible(Ok(1)).unwrap(), 2)));
}

#[test]
fn a_question_mark_is_an_error_without_its_text() {
    let event = the_event(|| assert!(fallible(Err(Refused("secret"))).is_err()));
    assert_failed(&event, "error", "macros::outcomes::Refused");
    assert_eq!(event.field("error.message"), None);
}

#[honey::event(err)]
fn shown() -> Result<(), Refused> {
    Err(Refused("a"))
}

#[honey::event(err(debug))]
fn debugged() -> Result<(), Refused> {
    Err(Refused("b"))
}

fn describe(error: &Refused) -> String {
    format!("described: {}", error.0)
}

#[honey::event(err(with = describe), err(why = |e| e.0))]
fn described() -> Result<(), Refused> {
    Err(Refused("c"))
}

#[test]
fn err_asks_for_the_text() {
    for (work, message) in [
        (shown as fn() -> Result<(), Refused>, "refused: a"),
        (debugged, "Refused(\"b\")"),
        (described, "described: c"),
    ] {
        let event = the_event(|| drop(work()));
        assert_failed(&event, "error", "macros::outcomes::Refused");
        assert_eq!(text(&event, "error.message"), message);
    }
    assert_eq!(text(&the_event(|| drop(described())), "why"), "c");
}

type Alias = Result<(), Refused>;
type Outcome = Result<(), Refused>;

#[honey::event]
fn alias() -> Outcome {
    Err(Refused("hidden"))
}

#[honey::event(outcome = true)]
fn asked() -> Outcome {
    Err(Refused("looked at"))
}

#[honey::event(outcome = false)]
fn left_alone() -> Alias {
    Err(Refused("on purpose"))
}

#[honey::event]
fn generic<T>(value: T) -> T {
    value
}

#[test]
fn only_what_is_named_result_is_looked_at_unless_asked() {
    assert_ok(&the_event(|| drop(alias())));
    assert_failed(
        &the_event(|| drop(asked())),
        "error",
        "macros::outcomes::Refused",
    );
    assert_ok(&the_event(|| drop(left_alone())));
    assert_ok(&the_event(|| drop(generic(String::new()))));
}

#[honey::event]
fn panics() -> Result<u32, Refused> {
    panic_any(1)
}

#[honey::event]
fn panics_inline() {
    panic_any(1)
}

#[test]
fn a_panic_is_a_panic() {
    assert_failed(&the_event(|| survive(|| drop(panics()))), "panic", "panic");
    assert_failed(&the_event(|| survive(panics_inline)), "panic", "panic");
}

#[honey::event]
fn catches() -> bool {
    catch_unwind(|| panic_any(1)).is_err()
}

#[test]
fn a_panic_caught_inside_is_ok() {
    assert_ok(&the_event(|| assert!(catches())));
}

struct RecordsInDrop;

impl Drop for RecordsInDrop {
    fn drop(&mut self) {
        inline(true);
        drop(fallible(Err(Refused("in drop"))));
    }
}

#[test]
fn what_ends_normally_in_a_drop_during_an_unwind_did_not_panic() {
    let captured = capture(|| {
        survive(|| {
            let _records = RecordsInDrop;
            panic_any(1)
        });
    });
    assert_ok(captured.event("inline"));
    assert_failed(
        captured.event("fallible"),
        "error",
        "macros::outcomes::Refused",
    );
}

fn boom() -> u32 {
    panic_any(1)
}

#[honey::event(fields(boom = boom()))]
fn field_panics() {}

#[test]
fn a_field_that_panics_is_the_functions_panic() {
    let captured = capture(|| {
        honey::in_child_event("before", || ());
        survive(field_panics);
    });
    let event = captured.event("field_panics");
    assert_failed(event, "panic", "panic");
    // Its clock has not run before.
    assert!(captured.event("before").time() <= event.time());
}

#[honey::event(ret)]
fn returned() -> u32 {
    7
}

#[honey::event(ret(len = |r| r.len()), prefix = "out.")]
fn measured() -> String {
    "four".to_owned()
}

#[honey::event(ok(value = |v| *v), err(message = |e| e.0))]
fn either(fail: bool) -> Result<u32, Refused> {
    if fail { Err(Refused("no")) } else { Ok(8) }
}

#[test]
fn the_value_gives_fields() {
    assert_eq!(
        the_event(|| assert_eq!(returned(), 7)).field("return"),
        Some(&7.into())
    );
    assert_eq!(
        the_event(|| drop(measured())).field("out.len"),
        Some(&4.into())
    );
    let ok = the_event(|| drop(either(false)));
    assert_eq!(
        (ok.field("value"), ok.field("message")),
        (Some(&8.into()), None)
    );
    let failed = the_event(|| drop(either(true)));
    assert_eq!(
        (failed.field("value"), text(&failed, "message")),
        (None, "no")
    );
}
