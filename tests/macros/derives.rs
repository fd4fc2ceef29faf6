//! What `#[derive(HoneyFields)]` records.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use honey::HoneyFields;
use honey::testing::capture;
use serde_json::{Map, Value, json};

/// The fields that begin with `t.`, without it.
fn recorded(fields: &dyn HoneyFields) -> Map<String, Value> {
    #[honey::event(prefix = "t.", fields(..fields))]
    fn record(fields: &dyn HoneyFields) {}

    let captured = capture(|| record(fields));
    let event = captured.event("record");
    let own = event
        .data()
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("t.")?.to_owned(), value.clone())));
    own.collect()
}

#[track_caller]
fn assert_recorded(fields: &impl HoneyFields, expected: Value) {
    assert_eq!(Value::Object(recorded(fields)), expected);
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

fn shout(text: &&str) -> String {
    text.to_uppercase()
}

#[derive(HoneyFields)]
#[honey(prefix = "order.", rename_all = "camelCase")]
struct Order<'a, T> {
    order_id: u64,
    #[honey(rename = "total_usd")]
    total: f64,
    #[honey(skip)]
    card: &'a str,
    customer: Option<&'a str>,
    #[honey(skip_if = is_zero)]
    retries: u32,
    #[honey(display)]
    address: Ipv4Addr,
    #[honey(display)]
    no_address: Option<Ipv4Addr>,
    #[honey(debug)]
    list: Vec<T>,
    #[honey(with = shout)]
    word: &'a str,
    #[honey(len)]
    items: Vec<T>,
    #[honey(json)]
    map: BTreeMap<&'a str, u32>,
    #[honey(unit = ms)]
    waited: Duration,
    #[honey(unit = us)]
    never: Option<Duration>,
    #[honey(unit = s, rename = "age")]
    age: Duration,
    #[honey(unit = bytes)]
    body: u32,
    #[honey(flatten, prefix = "ship.")]
    ship: Address<T>,
    #[honey(flatten)]
    bill: Option<Address<T>>,
    r#type: char,
}

#[derive(HoneyFields)]
struct Address<T> {
    zip: T,
    #[honey(flatten, prefix = "next.")]
    next: Option<Box<Address<T>>>,
}

#[test]
fn a_struct_with_every_attribute() {
    let order = Order {
        order_id: 1,
        total: 2.5,
        card: "4111",
        customer: None,
        retries: 0,
        address: Ipv4Addr::LOCALHOST,
        no_address: None,
        list: vec![1, 2],
        word: "loud",
        items: vec![1, 2, 3],
        map: BTreeMap::from([("a", 1)]),
        waited: Duration::from_micros(1500),
        never: None,
        age: Duration::from_secs(2),
        body: 10,
        ship: Address {
            zip: 8,
            next: Some(Box::new(Address { zip: 9, next: None })),
        },
        bill: None,
        r#type: 'x',
    };
    assert_eq!(order.card, "4111");
    assert_recorded(
        &order,
        json!({
            "order.orderId": 1, "order.total_usd": 2.5, "order.address": "127.0.0.1", "order.list": "[1, 2]",
            "order.word": "LOUD", "order.items": 3, "order.map": {"a": 1}, "order.waited_ms": 1.5, "order.age": 2.0,
            "order.body_bytes": 10, "order.ship.zip": 8, "order.ship.next.zip": 9, "order.type": "x",
        }),
    );
}

#[derive(HoneyFields)]
struct Tuple(
    #[honey(rename = "left")] u32,
    #[honey(skip)] u32,
    #[honey(flatten)] Unit,
);

#[derive(HoneyFields)]
struct Unit;

#[test]
fn tuples_and_units() {
    assert_recorded(&Tuple(1, 2, Unit), json!({"left": 1}));
    assert_eq!(Tuple(1, 2, Unit).1, 2);
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "snake_case")]
enum Job {
    NotStarted,
    Running {
        since: u32,
    },
    #[honey(rename = "gone")]
    Ended(
        #[honey(rename = "code")] i32,
        #[honey(flatten, prefix = "to.")] Place,
    ),
}

#[derive(HoneyFields)]
#[honey(untagged, rename_all_fields = "UPPERCASE", prefix = "at.")]
enum Place {
    Known { row: u32 },
    Unknown,
}

#[test]
fn enums() {
    assert_recorded(&Job::NotStarted, json!({"kind": "not_started"}));
    assert_recorded(
        &Job::Running { since: 1 },
        json!({"kind": "running", "since": 1}),
    );
    assert_recorded(
        &Job::Ended(-1, Place::Known { row: 2 }),
        json!({"kind": "gone", "code": -1, "to.at.ROW": 2}),
    );
    assert_recorded(&Place::Unknown, json!({}));
}
