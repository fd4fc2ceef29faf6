//! The values that the corpus is made of: every type, and every end of it.

use serde_json::{Value, json};

/// Names of datasets that do not go into a path as they are.
pub(crate) const DATASETS: [&str; 3] = [
    "Tea & Cake (ünïcödé ☕)",
    "50% off/today%20",
    "../batch/..?x=1#y",
];

/// Each value under a name; the names are as odd as the values.
pub(crate) fn all() -> Vec<(String, Value)> {
    let every_control: String = (0..0x20_u8).chain([0x7f]).map(char::from).collect();
    let values = vec![
        ("null", Value::Null),
        ("true", json!(true)),
        ("false", json!(false)),
        // Integers to both ends, and around where a double ends to be exact.
        ("int.zero", json!(0)),
        ("int.minus_one", json!(-1)),
        ("int.i32_max", json!(i32::MAX)),
        ("int.i64_max", json!(i64::MAX)),
        ("int.i64_min", json!(i64::MIN)),
        ("int.i64_min_and_one", json!(i64::MIN + 1)),
        ("int.u64_max", json!(u64::MAX)),
        ("int.u64_above_i64", json!(1_u64 << 63)),
        ("int.2^53", json!(1_u64 << 53)),
        ("int.2^53_and_one", json!((1_u64 << 53) + 1)),
        ("int.minus_2^53_and_one", json!(-(1_i64 << 53) - 1)),
        // Floats: subnormal, large, whole, and such that a careless reader is off by one.
        ("float.tenth", json!(0.1)),
        ("float.sum", json!(0.1 + 0.2)),
        ("float.whole", json!(1.0)),
        ("float.minus_zero", json!(-0.0)),
        ("float.smallest", json!(5e-324)),
        ("float.subnormal", json!(2.225_073_858_507_201e-308)),
        ("float.smallest_normal", json!(f64::MIN_POSITIVE)),
        ("float.largest", json!(f64::MAX)),
        ("float.lowest", json!(f64::MIN)),
        ("float.epsilon", json!(1.0 + f64::EPSILON)),
        ("float.1e16", json!(1e16)),
        ("float.1e21", json!(1e21)),
        ("float.1e22", json!(1e22)),
        ("float.2^64", json!(18_446_744_073_709_551_616.0)),
        ("float.1e-7", json!(1e-7)),
        ("float.hard", json!(9_007_199_254_740_993.5)),
        ("float.harder", json!(7.038_531e-26)),
        // Text.
        ("text.empty", json!("")),
        ("text.space", json!("  \t ")),
        ("text.controls", json!(every_control)),
        ("text.quotes", json!("\"'`\\\"\\\\/")),
        ("text.lines", json!("a\nb\r\nc\u{2028}d\u{2029}e\u{85}f")),
        (
            "text.unicode",
            json!("café Ωμέγα 日本語 עברית 😀👨‍👩‍👧 \u{10ffff}\u{fffd}\u{feff}"),
        ),
        ("text.combining", json!("e\u{301} is not \u{e9}")),
        (
            "text.surrogate_like",
            json!("\\ud800 \\uDC00 \u{d7ff}\u{e000}"),
        ),
        ("text.json_like", json!(r#"{"a":[1,"#)),
        ("text.number_like", json!("007")),
        ("text.null_like", json!("null")),
        ("text.nul", json!("before\u{0}after")),
        ("text.html", json!("<script>alert('&amp;')</script>")),
        // Nested.
        ("nested.empty_object", json!({})),
        ("nested.empty_array", json!([])),
        (
            "nested.mixed",
            json!({"a": [1, null, true, "x", {"b": [[]]}], "": {"ü\"": -1.5}}),
        ),
        (
            "nested.wide_integers",
            json!([u64::MAX, i64::MIN, [{"n": i64::MAX}]]),
        ),
        ("nested.floats", json!([0.1, 1e300, -0.0, 2.0])),
        (
            "nested.deep",
            (0..20).fold(json!("down"), |inner, n| {
                if n % 2 == 0 {
                    json!([inner])
                } else {
                    json!({"d": inner})
                }
            }),
        ),
        // Names.
        ("", json!("the empty name")),
        (" ", json!("a space")),
        ("\",\"forged\":\"", json!("a name cannot forge fields")),
        ("back\\slash\n\u{0}", json!(1)),
        ("ключ 😀", json!(2)),
        ("data", json!("not the event's")),
        ("time", json!("not the event's")),
        ("samplerate", json!("not the event's")),
        ("__proto__", json!("not JavaScript's")),
        ("constructor", json!(3)),
        ("a.b.c", json!(4)),
        ("0", json!("a name that is a number")),
    ];
    values
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
