use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::ser::Error as _;

use super::*;
use crate::record::{FieldBuffer, Scalar};
use crate::value::Trouble;

/// The fields as text, in order, and what went wrong.
fn spread(value: &impl Serialize, levels: usize) -> (Vec<(String, String)>, Trouble) {
    let mut buffer = FieldBuffer::new();
    let mut trouble = Trouble::default();
    put_json(
        &mut FieldSink::new(&mut buffer, &mut trouble),
        value,
        levels,
    );
    let view = buffer.view();
    let text = |value| match value {
        Scalar::Text(span) => format!("{:?}", span.of(view.text)),
        Scalar::Json(span) => span.of(view.text).to_owned(),
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::I64(value) => value.to_string(),
        Scalar::U64(value) => value.to_string(),
        Scalar::F32(value) => value.to_string(),
        Scalar::F64(value) => value.to_string(),
    };
    let fields = view.fields.iter();
    let fields = fields.map(|field| (field.key.of(view.text).to_owned(), text(field.value)));
    (fields.collect(), trouble)
}

fn expect(value: &impl Serialize, levels: usize, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(spread(value, levels), (expected, Trouble::default()));
}

#[derive(Serialize)]
struct Order {
    id: u128,
    customer: Customer,
    items: Vec<Item>,
    state: State,
    history: [State; 2],
    note: Option<String>,
}

#[derive(Serialize)]
struct Customer {
    name: &'static str,
    address: HashMap<u8, f64>,
}

#[derive(Serialize)]
struct Item(u8, char);

#[derive(Serialize)]
enum State {
    New,
    Paid { at: i64, by: Option<()> },
    Sent(f32),
    Lost(u8, u8),
}

fn order() -> Order {
    Order {
        id: u128::MAX,
        customer: Customer {
            name: "Ada",
            address: HashMap::from([(7, 1.5)]),
        },
        items: vec![Item(1, 'x')],
        state: State::Paid { at: -1, by: None },
        history: [State::New, State::Sent(0.5)],
        note: None,
    }
}

#[test]
fn nested_members_are_joined_up_to_the_depth() {
    let wide = "\"340282366920938463463374607431768211455\"";
    let same = [
        ("items", r#"[[1,"x"]]"#),
        ("history", r#"["New",{"Sent":0.5}]"#),
        ("note", "null"),
    ];
    expect(
        &order(),
        1,
        &[
            ("id", wide),
            ("customer", r#"{"name":"Ada","address":{"7":1.5}}"#),
            same[0],
            ("state", r#"{"Paid":{"at":-1,"by":null}}"#),
            same[1],
            same[2],
        ],
    );
    expect(
        &order(),
        2,
        &[
            ("id", wide),
            ("customer.name", "\"Ada\""),
            ("customer.address", r#"{"7":1.5}"#),
            same[0],
            ("state.Paid", r#"{"at":-1,"by":null}"#),
            same[1],
            same[2],
        ],
    );
    expect(
        &order(),
        5,
        &[
            ("id", wide),
            ("customer.name", "\"Ada\""),
            ("customer.address.7", "1.5"),
            same[0],
            ("state.Paid.at", "-1"),
            ("state.Paid.by", "null"),
            same[1],
            same[2],
        ],
    );
}

#[test]
fn variants_are_objects_of_one_member() {
    expect(&State::New, 5, &[("value", "\"New\"")]);
    expect(&State::Sent(0.25), 5, &[("Sent", "0.25")]);
    expect(&State::Lost(1, 2), 5, &[("Lost", "[1,2]")]);
    expect(&[State::Lost(1, 2)], 5, &[("value", r#"[{"Lost":[1,2]}]"#)]);
    let nested = BTreeMap::from([("a", State::Lost(1, 2)), ("b", State::Sent(1.0))]);
    expect(
        &nested,
        1,
        &[("a", r#"{"Lost":[1,2]}"#), ("b", r#"{"Sent":1.0}"#)],
    );
    expect(&nested, 2, &[("a.Lost", "[1,2]"), ("b.Sent", "1")]);
}

#[test]
fn what_is_no_object_is_one_field() {
    expect(&7, 5, &[("value", "7")]);
    expect(&"x", 5, &[("value", "\"x\"")]);
    expect(&(1, 2), 5, &[("value", "[1,2]")]);
    expect(&None::<u8>, 5, &[("value", "null")]);
    expect(&BTreeMap::from([("", 1)]), 5, &[("", "1")]);
    let odd = BTreeMap::from([("a\"\n", BTreeMap::from([(true, 'é')]))]);
    expect(&odd, 5, &[("a\"\n.true", "\"é\"")]);
    expect(
        &serde_json::json!({"a": {"b": [1, {"c": 2}]}}),
        5,
        &[("a.b", r#"[1,{"c":2}]"#)],
    );
}

#[test]
fn what_cannot_be_recorded_costs_its_own_field_and_is_counted() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("no"))
        }
    }
    #[derive(Serialize)]
    struct Mixed {
        a: Fails,
        b: f64,
        c: [f64; 2],
        d: Vec<Fails>,
        e: BTreeMap<Vec<u8>, u8>,
        f: u8,
    }
    let mixed = Mixed {
        a: Fails,
        b: f64::NAN,
        c: [f64::INFINITY, 1.0],
        d: vec![Fails],
        e: BTreeMap::from([(vec![1], 1)]),
        f: 7,
    };
    let (fields, trouble) = spread(&mixed, 5);
    let marker = "\"[could not be serialized]\"";
    let expected = [
        ("a", marker),
        ("c", "[null,1.0]"),
        ("d", marker),
        ("f", "7"),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(fields, expected);
    assert_eq!((trouble.bad_values, trouble.refused_fields), (5, 0));
    let (fields, trouble) = spread(&Fails, 5);
    assert_eq!(fields, [("value".to_owned(), marker.to_owned())]);
    assert_eq!(trouble.bad_values, 1);
}
