use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{Error as _, SerializeStruct as _};

use serde_json::json as json_value;

use super::*;

fn json(value: &dyn ToJson) -> (Option<String>, u64) {
    let mut buffer = FieldBuffer::new();
    let mut trouble = Trouble::default();
    let mut writer = JsonWriter::new(&mut buffer, &mut trouble);
    let written = value.write_json(&mut writer).ok();
    let text = written.map(|()| {
        let span = writer.written();
        span.map_or("", |span| span.of(writer.buffer.all_text()))
            .to_owned()
    });
    (text, trouble.bad_values)
}

fn text(value: &dyn ToJson) -> String {
    json(value).0.unwrap_or_default()
}

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(f64),
    Tuple(u8, &'static str),
    Struct { a: Option<u8>, b: () },
}

#[derive(Serialize)]
struct Wrapped(u8);

#[derive(Serialize)]
struct Pair(u8, char);

#[derive(Serialize)]
struct Unit;

#[test]
fn it_writes_what_serde_json_writes() {
    let map = BTreeMap::from([(3_u8, vec![1.5_f64, 2.0]), (4, vec![])]);
    let bools = BTreeMap::from([(true, 'x'), (false, '"')]);
    macro_rules! same {
        ($($value:expr),+ $(,)?) => {$(
            assert_eq!(text(&$value), serde_json::to_string(&$value).unwrap_or_default());
        )+};
    }
    same!(
        0_u8,
        -1_i64,
        u64::MAX,
        i64::MIN,
        0.1_f32,
        1e300,
        -0.0,
        true,
        'ü',
        "a\"\n\u{1}",
        (),
        None::<u8>,
        Some(1),
        Unit,
        Wrapped(7),
        Pair(7, 'x'),
        (1, "two", [3.0]),
        map,
        bools,
        Shape::Unit,
        Shape::Newtype(1.0),
        Shape::Tuple(1, "x"),
        Shape::Struct { a: None, b: () },
        vec![Shape::Newtype(0.5), Shape::Unit, Shape::Tuple(0, "")],
        serde_json::json!({"a": [1, {"b": null}], "": {}}),
    );
}

#[test]
fn integers_keep_their_width_and_wide_ones_become_strings() {
    for (value, expected) in [
        (i128::from(u64::MAX), "18446744073709551615"),
        (i128::from(i64::MIN), "-9223372036854775808"),
        (i128::from(u64::MAX) + 1, "\"18446744073709551616\""),
        (i128::MIN, "\"-170141183460469231731687303715884105728\""),
    ] {
        assert_eq!(text(&value), expected);
    }
    let wide = BTreeMap::from([("a", u128::MAX), ("b", 7)]);
    assert_eq!(
        text(&wide),
        r#"{"a":"340282366920938463463374607431768211455","b":7}"#
    );
}

#[test]
fn what_is_no_number_is_left_out_of_objects_null_in_arrays_and_counted() {
    let nan = f64::NAN;
    for (value, expected, count) in [
        (&nan as &dyn ToJson, "", 1),
        (&BTreeMap::from([("a", nan), ("b", 1.0)]), r#"{"b":1.0}"#, 1),
        (&BTreeMap::from([("a", 1.0), ("b", nan)]), r#"{"a":1.0}"#, 1),
        (&BTreeMap::from([("a", nan)]), "{}", 1),
        (&[1.0, nan, f64::INFINITY], "[1.0,null,null]", 2),
        (&Some(f32::NEG_INFINITY), "", 1),
        (&Shape::Newtype(nan), "{}", 1),
    ] {
        assert_eq!(json(value), (Some(expected.to_owned()), count));
    }
}

#[test]
fn a_key_that_is_no_text_costs_its_member() {
    let map = BTreeMap::from([(vec![1], "x"), (vec![], "y")]);
    assert_eq!(json(&map), (Some("{}".to_owned()), 2));
}

#[test]
fn a_failing_or_bottomless_value_is_an_error() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("no"))
        }
    }

    struct Nested(usize);
    impl Serialize for Nested {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                0 => serializer.serialize_u8(0),
                deeper => serializer.collect_seq([Nested(deeper - 1)]),
            }
        }
    }
    assert_eq!(json(&vec![Some(Fails)]).0, None);
    assert!(json(&Nested(MAX_DEPTH)).0.is_some());
    assert_eq!(json(&Nested(MAX_DEPTH + 1)).0, None);
    assert_eq!(json(&Nested(1_000_000)).0, None);

    let chain = |links: usize| {
        (0..links).fold(Chain::End, |rest, place| match place % 2 {
            0 => Chain::Link(Box::new(rest), ()),
            _ => Chain::Part {
                rest: Box::new(rest),
            },
        })
    };
    assert!(json(&chain(MAX_DEPTH / 2)).0.is_some());
    assert_eq!(json(&chain(MAX_DEPTH / 2 + 1)).0, None);
    let side_by_side: Vec<Chain> = (0..MAX_DEPTH).map(|_| chain(1)).collect();
    assert!(json(&side_by_side).0.is_some());
}

/// Two levels each.
#[derive(Serialize)]
enum Chain {
    End,
    Link(Box<Chain>, ()),
    Part { rest: Box<Chain> },
}

struct Numbered(Vec<(u8, f64)>);
impl Serialize for Numbered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// Its members in this order, whatever their keys.
struct Members(Vec<(&'static str, serde_json::Value)>);

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[test]
fn the_last_value_of_a_key_wins_at_any_depth() {
    #[derive(Serialize)]
    struct Flat {
        id: u8,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, u8>,
        name: &'static str,
    }
    let flat = Flat {
        id: 1,
        rest: BTreeMap::from([("id", 2), ("name", 3), ("x", 4)]),
        name: "last",
    };
    assert_eq!(text(&flat), r#"{"id":2,"x":4,"name":"last"}"#);
    assert_eq!(text(&[&flat, &flat]).matches("name").count(), 2);

    for (members, expected) in [
        (
            vec![("a", json_value!(1)), ("a", json_value!(2))],
            r#"{"a":2}"#,
        ),
        (
            vec![
                ("a", json_value!({"a": [1, {"b": 2}], "c": "}],\"a\":1"})),
                ("b", json_value!(1)),
                ("b", json_value!(null)),
            ],
            r#"{"a":{"a":[1,{"b":2}],"c":"}],\"a\":1"},"b":null}"#,
        ),
        (
            vec![
                ("\"", json_value!(1)),
                ("\\", json_value!(2)),
                ("\"", json_value!("\\")),
                ("\\", json_value!("\"")),
            ],
            r#"{"\"":"\\","\\":"\""}"#,
        ),
        (
            vec![
                ("", json_value!(1)),
                (":", json_value!(2)),
                ("", json_value!(3)),
                (",", json_value!(4)),
            ],
            r#"{":":2,"":3,",":4}"#,
        ),
    ] {
        assert_eq!(text(&Members(members)), expected);
    }
    // A value that is left out does not erase the one before.
    let twice: Vec<(u8, f64)> = vec![(7, 1.0), (7, f64::NAN)];
    assert_eq!(text(&Numbered(twice)), r#"{"7":1.0}"#);
}

#[test]
fn many_members_stay_as_they_are() {
    let map: BTreeMap<String, usize> = (0..5_000).map(|n| (format!("key{n:05}"), n)).collect();
    assert_eq!(text(&map), serde_json::to_string(&map).unwrap_or_default());
}

#[test]
fn numbers_and_raw_json_of_serde_json_are_what_they_stand_for() {
    struct Private(&'static str, &'static str);
    impl Serialize for Private {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut fields = serializer.serialize_struct(self.0, 1)?;
            fields.serialize_field(self.0, self.1)?;
            fields.end()
        }
    }
    const NUMBER: &str = "$serde_json::private::Number";
    const RAW: &str = "$serde_json::private::RawValue";
    for (name, content, expected) in [
        (NUMBER, "12", "12"),
        (NUMBER, "-1.5e3", "-1.5e3"),
        (NUMBER, "1e999", "\"1e999\""),
        (NUMBER, "18446744073709551616", "\"18446744073709551616\""),
        (RAW, "{\n \"a\": [1]\n}", r#"{"a":[1]}"#),
    ] {
        assert_eq!(text(&Private(name, content)), expected);
    }
}
