//! What is recorded, when, and how often.

use std::cell::{Cell, RefCell};

use honey::HoneyFields;
use honey::testing::capture;
use serde_json::json;

thread_local! {
    static EVALUATED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

/// Notes that it was evaluated.
fn note(what: &'static str) -> &'static str {
    EVALUATED.with_borrow_mut(|evaluated| evaluated.push(what));
    what
}

fn evaluated() -> Vec<&'static str> {
    EVALUATED.take()
}

fn runs() -> u32 {
    RUNS.take()
}

fn run() {
    RUNS.set(RUNS.get() + 1);
}

#[derive(HoneyFields)]
struct Order {
    id: u64,
    note: Option<&'static str>,
}

const KEY: &str = "constant";

#[honey::event(
    prefix = "p.",
    fields(a, %b, ?c, sum = a + 1, "quoted-key" = %b, user.id = c.len(), {KEY} = a, r#type = 'x', none, ..order)
)]
fn every_form(a: u32, b: &str, c: &[u32], none: Option<u32>, order: &Order) {
    run();
    let _ = (a, b, c, none, order);
}

#[test]
fn every_form_of_field() {
    let captured = capture(|| every_form(1, "b", &[2], None, &Order { id: 3, note: None }));
    let event = captured.event("every_form");
    for (key, value) in [
        ("p.a", json!(1)),
        ("p.b", json!("b")),
        ("p.c", json!("[2]")),
        ("p.sum", json!(2)),
        ("p.quoted-key", json!("b")),
        ("p.user.id", json!(1)),
        ("p.constant", json!(1)),
        ("p.type", json!("x")),
        ("p.id", json!(3)),
    ] {
        assert_eq!(event.field(key), Some(&value), "{key}");
    }
    assert_eq!((event.field("p.none"), event.field("p.note")), (None, None));
    assert_eq!(runs(), 1);
}

#[honey::event(fields(user))]
fn login(user: &str, password: &str) -> bool {
    user.len() == password.len()
}

#[honey::event(fields(user), err)]
async fn login_later(user: String, password: String) -> Result<bool, String> {
    Ok(user.len() == password.len())
}

#[tokio::test]
async fn what_is_not_named_is_not_recorded() {
    let automatic = [
        "name",
        "duration_ms",
        "outcome",
        "trace.trace_id",
        "trace.span_id",
        // A dynamic field of this very program, in the module `traces`.
        "macros.answer",
        "user",
    ];
    let now = capture(|| assert!(login("me", "pw")));
    let later = honey::testing::capture_async(async {
        login_later("me".to_owned(), "pw".to_owned()).await.unwrap();
    });
    for captured in [now, later.await] {
        let event = captured.events().one();
        let mut keys: Vec<&str> = event.data().keys().map(String::as_str).collect();
        keys.retain(|key| !automatic.contains(key) && !key.starts_with("meta."));
        assert_eq!(keys, [""; 0]);
        assert!(!format!("{event:?}").contains("pw"));
    }
}

#[honey::event(fields(first = note("first"), second = note("second")), ret(third = |_| note("third")))]
fn ordered(mut value: Vec<u32>) -> Vec<u32> {
    note("body");
    value.push(1);
    run();
    value
}

#[test]
fn fields_are_evaluated_once_in_order_before_the_body() {
    let _ = capture(|| assert_eq!(ordered(vec![0]), [0, 1]));
    assert_eq!(evaluated(), ["first", "second", "body", "third"]);
    assert_eq!(runs(), 1);
}

#[test]
fn without_a_client_nothing_is_evaluated_but_the_body() {
    assert_eq!(ordered(Vec::new()), [1]);
    // Another test's client may be live meanwhile, but it is not this thread's.
    assert_eq!(evaluated(), ["body"]);
}

#[honey::event(sample = u32::MAX, root, fields(field = note("field"), ..noted), ret(ret = |_| note("ret")), err(debug))]
fn unsampled(noted: Noted) -> Result<(), Noted> {
    run();
    Err(noted)
}

#[derive(Debug)]
struct Noted;

impl HoneyFields for Noted {
    fn record(&self, _: &mut honey::FieldSink<'_>) {
        note("splat");
    }
}

#[test]
fn unsampled_events_evaluate_nothing() {
    let captured = capture(|| drop(unsampled(Noted)));
    assert_eq!(
        (captured.events().len(), evaluated(), runs()),
        (0, vec![], 1)
    );
    assert_eq!(captured.stats().sampled_out, 1);
}

#[honey::event(when = wanted, fields(field = note("field")))]
fn only_when(wanted: bool) {
    run();
}

#[test]
fn when_false_there_is_no_event() {
    let captured = capture(|| only_when(false));
    assert_eq!((captured.events().len(), captured.stats().created), (0, 0));
    assert_eq!((evaluated(), runs()), (vec![], 1));
    assert_eq!(capture(|| only_when(true)).events().len(), 1);
    assert_eq!((evaluated(), runs()), (vec!["field"], 1));
}

struct Service {
    id: u32,
}

impl Service {
    #[honey::event(fields(id = self.id, by))]
    fn by_mut(&mut self, by: u32) -> &mut u32 {
        self.id += by;
        &mut self.id
    }

    #[honey::event(name = "consumed", fields(id = self.id))]
    fn by_value(self) -> Result<u32, ()> {
        Ok(self.id)
    }
}

#[test]
fn methods_record_what_self_held_at_entry() {
    let captured = capture(|| {
        let mut service = Service { id: 1 };
        *service.by_mut(2) += 1;
        assert_eq!(service.by_value(), Ok(4));
    });
    assert_eq!(captured.event("by_mut").field("id"), Some(&1.into()));
    assert_eq!(captured.event("consumed").field("id"), Some(&4.into()));
}

#[honey::event(fields(x, y, first))]
fn destructured((x, y): (u32, u32), [first, ..]: [u32; 2]) -> u32 {
    x + y + first
}

#[test]
fn bindings_of_patterns_are_recorded() {
    let captured = capture(|| assert_eq!(destructured((1, 2), [3, 4]), 6));
    let event = captured.event("destructured");
    let fields = ["x", "y", "first"].map(|key| event.field(key).unwrap().as_u64().unwrap());
    assert_eq!(fields, [1, 2, 3]);
}
