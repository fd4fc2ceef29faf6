//! Which event stands below which.

use honey::EventHandle;
use honey::testing::{CapturedEvent, capture};

use crate::text;

#[honey::event]
fn outer() -> u32 {
    honey::current().add_field("here", "outer");
    middle() + 1
}

#[honey::event]
fn middle() -> u32 {
    honey::current().add_field("here", "middle");
    honey::root().add_field("from_below", 1);
    let value = inner().unwrap();
    honey::current().add_field("still_here", "middle");
    value
}

#[honey::event(err)]
fn inner() -> Result<u32, String> {
    honey::current().add_field("here", "inner");
    Ok(1)
}

#[track_caller]
fn assert_child(child: &CapturedEvent, parent: &CapturedEvent) {
    assert_eq!(
        text(child, "trace.parent_id"),
        text(parent, "trace.span_id")
    );
    assert_eq!(
        text(child, "trace.trace_id"),
        text(parent, "trace.trace_id")
    );
}

#[test]
fn calls_within_calls_are_children() {
    let captured = capture(|| assert_eq!(outer(), 2));
    let [inner, middle, outer] = ["inner", "middle", "outer"].map(|name| captured.event(name));
    assert_child(inner, middle);
    assert_child(middle, outer);
    assert_eq!(outer.field("trace.parent_id"), None);
    for event in [inner, middle, outer] {
        assert_eq!(text(event, "here"), event.name().unwrap());
    }
    assert_eq!(text(middle, "still_here"), "middle");
    assert_eq!(outer.field("from_below"), Some(&1.into()));
}

#[honey::event]
fn makes_others() {
    let here = honey::current();
    fresh();
    std::thread::scope(|threads| {
        threads
            .spawn(|| honey::scope(here, || below(here)))
            .join()
            .unwrap();
    });
}

#[honey::event(root)]
fn fresh() {}

#[honey::event(parent = parent)]
fn below(parent: EventHandle) {}

#[test]
fn root_and_parent_say_where_an_event_stands() {
    let captured = capture(makes_others);
    let maker = captured.event("makes_others");
    let fresh = captured.event("fresh");
    assert_ne!(text(fresh, "trace.trace_id"), text(maker, "trace.trace_id"));
    assert_eq!(fresh.field("trace.parent_id"), None);
    assert_child(captured.event("below"), maker);
}

#[honey::event(bind = event, dataset = format!("tenant-{tenant}"), name = "served")]
fn serve(tenant: u32) -> Result<(), String> {
    event.add_field("bound", true);
    inner().map(drop)
}

#[test]
fn bind_gives_the_handle_and_dataset_the_place() {
    let captured = capture(|| serve(3).unwrap());
    let event = captured.event("served");
    assert_eq!(event.field("bound"), Some(&true.into()));
    assert_eq!(event.dataset(), "tenant-3");
    assert_child(captured.event("inner"), event);
}

#[honey::event]
fn recursive(n: u32) -> u32 {
    if n == 0 { 0 } else { recursive(n - 1) + 1 }
}

#[test]
fn recursion_is_a_chain() {
    let captured = capture(|| assert_eq!(recursive(3), 3));
    let events = captured.events().to_vec();
    assert_eq!(events.len(), 4);
    for pair in events.windows(2) {
        assert_child(&pair[0], &pair[1]);
    }
}

#[honey::dynamic_field(name = "macros.answer")]
fn answer() -> u32 {
    42
}

mod nested {
    #[honey::dynamic_field]
    fn macros_maybe() -> Option<u32> {
        None
    }
}

#[test]
fn dynamic_fields_are_registered_with_their_place() {
    let fields = honey::dynamic_fields();
    let find = |name: &str| fields.iter().find(|field| field.name() == name).unwrap();
    assert_eq!(find("macros.answer").module(), "macros::traces");
    assert_eq!(find("macros_maybe").module(), "macros::traces::nested");
    let captured = capture(fresh);
    let event = captured.event("fresh");
    assert_eq!(event.field("macros.answer"), Some(&answer().into()));
    assert_eq!(event.field("macros_maybe"), None);
}
