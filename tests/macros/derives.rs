//! What `#[derive(HoneyFields)]` records.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::net::Ipv4Addr;
use std::time::Duration;

use honey::testing::capture;
use honey::{HoneyFields, HoneyValue, Secret};
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

#[derive(HoneyFields)]
#[honey(explicit)]
struct Signup {
    #[honey(record)]
    plan: Plan,
    #[honey(redact)]
    full_name: String,
    #[honey(redact)]
    nickname: Option<String>,
    #[honey(redact = hash)]
    email: Option<String>,
    #[honey(redact = hash, rename = "email_again")]
    same_email: &'static str,
    #[honey(redact = hash)]
    phone: u64,
    #[honey(redact = len)]
    notes: String,
    #[honey(skip)]
    password: Secret<String>,
    #[honey(redact)]
    token: Secret<u32>,
    #[honey(null)]
    referrer: Option<u32>,
    #[honey(null)]
    campaign: Option<&'static str>,
    #[honey(null, unit = ms)]
    waited: Option<Duration>,
    #[honey(null, display)]
    address: Option<Ipv4Addr>,
    #[honey(null, redact)]
    coupon: Option<String>,
    #[honey(null, with = count)]
    friends: Option<Vec<u32>>,
}

#[expect(clippy::ref_option, reason = "`with` gives the field as it is")]
fn count(friends: &Option<Vec<u32>>) -> usize {
    friends.as_ref().map_or(0, Vec::len)
}

#[derive(HoneyValue, Clone, Copy)]
#[honey(rename_all = "SCREAMING_SNAKE_CASE")]
enum Plan {
    FreeForever,
    #[honey(rename = "pro")]
    Paid,
}

#[derive(HoneyValue)]
struct OrderId<T>(u64, PhantomData<T>);

#[derive(HoneyValue)]
struct Peer<A> {
    #[honey(display)]
    address: A,
}

#[derive(HoneyValue)]
struct Wrapped<T>(Option<T>);

#[test]
fn explicit_redacted_and_null() {
    let signup = Signup {
        plan: Plan::FreeForever,
        full_name: "Ada".to_owned(),
        nickname: None,
        email: Some("ada@example.org".to_owned()),
        same_email: "ada@example.org",
        phone: 5,
        notes: "four".to_owned(),
        password: Secret::new("hunter2".to_owned()),
        token: Secret::new(3),
        referrer: None,
        campaign: Some("spring"),
        waited: None,
        address: Some(Ipv4Addr::LOCALHOST),
        coupon: Some("SPRING".to_owned()),
        friends: None,
    };
    assert_eq!(
        (signup.password.expose().len(), *signup.token.expose()),
        (7, 3)
    );
    let mut recorded = recorded(&signup);
    let hashes = ["email", "email_again", "phone"].map(|key| recorded.remove(key).unwrap());
    assert_eq!(hashes[0], hashes[1], "the same text has the same hash");
    assert_ne!(hashes[0], hashes[2]);
    for hash in &hashes {
        let digits = hash.as_str().unwrap();
        assert!(digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    assert_eq!(
        Value::Object(recorded),
        json!({
            "plan": "FREE_FOREVER", "full_name": "[redacted]", "notes": 4, "token": "[redacted]", "referrer": null,
            "campaign": "spring", "waited_ms": null, "address": "127.0.0.1", "coupon": "[redacted]", "friends": null,
        })
    );
}

#[derive(HoneyFields)]
struct Values {
    plan: Plan,
    order: OrderId<String>,
    peer: Peer<Ipv4Addr>,
    wrapped: Wrapped<f32>,
    nothing: Wrapped<f32>,
    several: Option<Plan>,
}

#[test]
fn derived_values() {
    let values = Values {
        plan: Plan::Paid,
        order: OrderId(7, PhantomData),
        peer: Peer {
            address: Ipv4Addr::LOCALHOST,
        },
        wrapped: Wrapped(Some(0.1)),
        nothing: Wrapped(None),
        several: Some(Plan::Paid),
    };
    assert_recorded(
        &values,
        json!({"plan": "pro", "order": 7, "peer": "127.0.0.1", "wrapped": 0.1, "several": "pro"}),
    );
}

#[test]
fn a_secret_shows_nowhere() {
    let secret = Secret::new("hunter2");
    assert_eq!(
        format!("{secret} {secret:?} {:?}", Some(&secret)),
        "[secret] [secret] Some([secret])"
    );
    let parsed: Secret<String> = serde_json::from_str("\"hunter2\"").unwrap();
    assert_eq!(parsed.into_exposed(), "hunter2");
}
