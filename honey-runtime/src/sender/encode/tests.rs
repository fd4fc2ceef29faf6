use std::sync::Arc;

use serde_json::{Value, json};

use super::{Encoder, Notes, Refusal};
use crate::record::{Chunk, EventRecord, FieldBuffer, Scalar, Shape, Snapshot, SpanId, Timed};
use crate::response::Ending;
use crate::sender::testing::{Put, destination, fields, record, snapshot, timed};

const MAX_EVENT_BYTES: usize = 100_000;

struct Made {
    json: Result<String, Refusal>,
    notes: Notes,
}

fn make_within(max: usize, scope: FieldBuffer, own: &FieldBuffer, record: EventRecord) -> Made {
    make_from(max, &snapshot(destination("", "d"), scope), own, record)
}

fn make_shaped(shape: Shape, scope: FieldBuffer, own: &FieldBuffer, record: EventRecord) -> Made {
    let scope = Snapshot {
        shape,
        ..(*snapshot(destination("", "d"), scope)).clone()
    };
    make_from(MAX_EVENT_BYTES, &Arc::new(scope), own, record)
}

fn make_from(max: usize, scope: &Arc<Snapshot>, own: &FieldBuffer, record: EventRecord) -> Made {
    let mut chunk = Chunk::default();
    chunk.push(record, own, scope);
    let mut encoder = Encoder::new(max);
    let mut out = Vec::new();
    let made = chunk.get(0).map(|event| encoder.event(&mut out, &event));
    Made {
        json: made
            .unwrap_or(Err(Refusal::NoFields))
            .map(|()| String::from_utf8_lossy(&out).into_owned()),
        notes: encoder.take_notes(),
    }
}

fn make(scope: FieldBuffer, own: &FieldBuffer, record: EventRecord) -> Made {
    make_within(MAX_EVENT_BYTES, scope, own, record)
}

fn data(made: &Made) -> Value {
    let text = made.json.as_deref().unwrap_or("null");
    let event: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    event["data"].clone()
}

fn timed_record(ending: Ending) -> EventRecord {
    EventRecord {
        timed: Some(timed(ending)),
        ..record()
    }
}

#[test]
fn a_manual_event_is_its_fields_rate_and_time() {
    let own = fields([
        ("a", Put::from(1)),
        ("b", "x\"y".into()),
        ("c", Put::Json("[1]")),
    ]);
    let made = make(
        FieldBuffer::new(),
        &own,
        EventRecord {
            sample_rate: 4,
            ..record()
        },
    );
    assert_eq!(
        made.json.as_deref(),
        Ok(
            r#"{"data":{"a":1,"b":"x\"y","c":[1]},"samplerate":4,"time":"2006-01-02T15:04:05.999999999Z"}"#
        )
    );
    assert_eq!(made.notes, Notes::default());
}

#[test]
fn a_timed_event_has_the_automatic_fields() {
    let made = make(
        FieldBuffer::new(),
        &fields([("a", Put::from(1))]),
        timed_record(Ending::Panic),
    );
    assert_eq!(
        data(&made),
        json!({
            "a": 1, "name": "work", "duration_ms": 1.5, "outcome": "panic", "error": true, "error.type": "panic",
            "trace.trace_id": "00000000000000000000000000000abc", "trace.span_id": "0000000000000def",
            "meta.signal_type": "trace",
        })
    );
    for ending in [Ending::Ok, Ending::Cancelled] {
        let made = make(
            FieldBuffer::new(),
            &FieldBuffer::new(),
            timed_record(ending),
        );
        assert_eq!(data(&made).get("error"), None);
        assert_eq!(data(&made)["outcome"], ending.as_str());
    }
}

#[test]
fn later_wins_and_each_key_goes_out_once() {
    let scope = || fields([("a", Put::from(1)), ("b", 2.into()), ("a", 3.into())]);
    let scope_wins = make(scope(), &fields([("c", Put::from(5))]), record());
    assert_eq!(data(&scope_wins), json!({"a": 3, "b": 2, "c": 5}));
    for own in [
        fields([("b", Put::from(4))]),
        fields([("b", Put::from(9)), ("b", 4.into())]),
    ] {
        let made = make(scope(), &own, record());
        assert_eq!(data(&made), json!({"a": 3, "b": 4}));
        assert_eq!(made.json.unwrap_or_default().matches("\"b\"").count(), 1);
    }
}

#[test]
fn names_of_timed_events_are_kept_free_and_manual_ones_may_use_them() {
    let own = fields([
        ("name", Put::from(1)),
        ("error", 2.into()),
        ("app.name", 0.into()),
    ]);
    let scope = fields([("duration_ms", Put::from(3))]);
    let made = make(scope, &own, timed_record(Ending::Ok));
    let sent = data(&made);
    assert_eq!(sent["name"], "work");
    assert_eq!(sent["duration_ms"], 1.5);
    assert_eq!(sent["app.name"], 0, "the last of two fields of one name");
    assert_eq!(sent["app.error"], 2);
    assert_eq!(sent["app.duration_ms"], 3);
    assert_eq!(sent.get("error"), None);
    assert_eq!(made.notes.renamed_fields, 2);
    let manual = make(FieldBuffer::new(), &own, record());
    assert_eq!(data(&manual)["name"], 1);
    assert_eq!(manual.notes, Notes::default());
}

#[test]
fn not_a_number_is_left_out_and_counted() {
    let own = fields([("a", Put::Plain(Scalar::F64(f64::NAN))), ("b", 1.into())]);
    let made = make(
        fields([("s", Put::Plain(Scalar::F32(f32::INFINITY)))]),
        &own,
        record(),
    );
    assert_eq!(data(&made), json!({"b": 1}));
    assert_eq!(made.notes.bad_values, 2);
    let twice = fields([
        ("a", Put::Plain(Scalar::F64(f64::NAN))),
        ("b", 1.into()),
        ("b", 2.into()),
    ]);
    let made = make(FieldBuffer::new(), &twice, record());
    assert_eq!(data(&made), json!({"b": 2}));
    assert_eq!(made.notes.bad_values, 1);
}

#[test]
fn nothing_to_send_is_refused() {
    let nothing = make(FieldBuffer::new(), &FieldBuffer::new(), record());
    assert_eq!(nothing.json, Err(Refusal::NoFields));
    let only_nan = fields([("a", Put::Plain(Scalar::F64(f64::NAN)))]);
    assert_eq!(
        make(FieldBuffer::new(), &only_nan, record()).json,
        Err(Refusal::NoFields)
    );
}

#[test]
fn long_strings_are_cut_to_the_servers_limit_and_marked() {
    let long = "é".repeat(40_000);
    let own = fields([("s", Put::Text(&long)), ("n", 1.into())]);
    let made = make(FieldBuffer::new(), &own, record());
    let sent = data(&made);
    assert_eq!(
        sent["s"].as_str().map(str::len),
        Some(65_534),
        "between characters"
    );
    assert_eq!(
        (&sent["n"], &sent["meta.truncated"]),
        (&json!(1), &json!("s"))
    );
    assert_eq!(made.notes.truncated, 1);
    let in_scope = make(
        fields([("s", Put::Text(&long))]),
        &FieldBuffer::new(),
        record(),
    );
    assert_eq!(data(&in_scope)["meta.truncated"], "s");
}

#[test]
fn a_cut_field_without_a_name_is_counted() {
    let long = "x".repeat(70_000);
    let made = make(
        FieldBuffer::new(),
        &fields([("", Put::Text(&long))]),
        record(),
    );
    assert_eq!(data(&made)["meta.truncated"], "+1 more");
    assert_eq!(made.notes.truncated, 1);
}

#[test]
fn an_event_over_the_limit_loses_the_ends_of_its_longest_strings() {
    let (long, longer) = ("\"".repeat(1_000), "b".repeat(3_000));
    let own = fields([
        ("a", Put::Text(&long)),
        ("b", Put::Text(&longer)),
        ("c", "kept".into()),
    ]);
    let made = make_within(2_500, FieldBuffer::new(), &own, timed_record(Ending::Ok));
    assert!(made.json.as_ref().is_ok_and(|json| json.len() <= 2_500));
    let sent = data(&made);
    assert_eq!(sent["c"], "kept");
    assert_eq!(sent["name"], "work");
    assert_eq!(sent["meta.truncated"], "a,b");
    assert!(sent["a"].as_str().is_some_and(|text| text.len() > 300));
}

#[test]
fn what_does_not_fit_even_so_is_too_large() {
    let json = format!("[{}1]", "1,".repeat(5_000));
    let own = fields([("a", Put::Json(&json)), ("b", "x".into())]);
    assert_eq!(
        make_within(2_000, FieldBuffer::new(), &own, record()).json,
        Err(Refusal::TooLarge)
    );
}

#[test]
fn json_and_keys_that_cannot_be_cut_are_left_out_and_named() {
    let json = format!("[{}1]", "1,".repeat(40_000));
    let key = "k".repeat(70_000);
    let own = fields([("a", Put::Json(&json)), (&key, 1.into()), ("b", 2.into())]);
    let made = make(FieldBuffer::new(), &own, record());
    let sent = data(&made);
    assert_eq!(sent["b"], 2);
    assert_eq!(sent["meta.truncated"], format!("a,{}", "k".repeat(64)));
    assert_eq!(sent.as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn two_thousand_fields_and_no_more() {
    let keys: Vec<String> = (0..2_500).map(|n| format!("key{n}")).collect();
    let own = fields(keys.iter().map(|key| (key.as_str(), Put::from(1))));
    for record in [record(), timed_record(Ending::Ok)] {
        let made = make(FieldBuffer::new(), &own, record);
        let sent = data(&made);
        assert!(
            sent.as_object()
                .is_some_and(|fields| (1_990..=2_000).contains(&fields.len()))
        );
        assert!(
            sent["meta.truncated"]
                .as_str()
                .is_some_and(|text| text.ends_with(" more"))
        );
        assert_eq!(made.notes.truncated, 1);
    }
}

#[test]
fn exactly_two_thousand_fields_pass_uncut_and_one_more_costs_two() {
    let failed = || EventRecord {
        timed: Some(Timed {
            error_type: Some("Io"),
            parent_id: Some(SpanId(7)),
            ..timed(Ending::Error)
        }),
        ..record()
    };
    let ended = || timed_record(Ending::Ok);
    let makes: [(&dyn Fn() -> EventRecord, usize); 3] = [(&record, 0), (&ended, 6), (&failed, 9)];
    for (make_record, automatic) in makes {
        for (given, expected) in [(1_999, 1_999), (2_000, 2_000), (2_001, 2_000)] {
            let keys: Vec<String> = (automatic..given).map(|n| format!("key{n}")).collect();
            let own = fields(keys.iter().map(|key| (key.as_str(), Put::from(1))));
            let made = make(FieldBuffer::new(), &own, make_record());
            let sent = data(&made);
            assert_eq!(
                sent.as_object().map(serde_json::Map::len),
                Some(expected),
                "{given} with {automatic} automatic ones"
            );
            let marker = (given > 2_000).then(|| json!("+2 more"));
            assert_eq!(sent.get("meta.truncated"), marker.as_ref());
            assert_eq!(made.notes.truncated, u64::from(given > 2_000));
        }
    }
}

#[test]
fn a_cut_string_among_two_thousand_fields_costs_one_of_them() {
    let long = "x".repeat(70_000);
    let keys: Vec<String> = (0..1_999).map(|n| format!("key{n}")).collect();
    let ones = keys.iter().map(|key| (key.as_str(), Put::from(1)));
    let own = fields([("long", Put::Text(&long))].into_iter().chain(ones));
    let sent = data(&make(FieldBuffer::new(), &own, record()));
    assert_eq!(sent.as_object().map(serde_json::Map::len), Some(2_000));
    assert_eq!(sent["meta.truncated"], "long,+1 more");
    assert_eq!(sent.get("key1998"), None);
}

#[test]
fn without_trace_fields_their_names_are_the_users() {
    let shape = Shape {
        trace_fields: false,
        ..Shape::default()
    };
    let names = ["trace.trace_id", "trace.parent_id", "meta.signal_type"];
    let given = || fields(names.map(|name| (name, Put::from(1))));
    for (scope, own) in [(given(), FieldBuffer::new()), (FieldBuffer::new(), given())] {
        let made = make_shaped(shape, scope, &own, timed_record(Ending::Ok));
        let sent = data(&made);
        for name in names {
            assert_eq!(sent[name], 1);
        }
        assert_eq!(
            (sent["name"].as_str(), made.notes.renamed_fields),
            (Some("work"), 0)
        );
    }
    let doubled =
        fields(["trace.span_id", "trace.span_id", "name"].map(|name| (name, Put::from(1))));
    let sent = data(&make_shaped(
        shape,
        FieldBuffer::new(),
        &doubled,
        timed_record(Ending::Ok),
    ));
    assert_eq!(
        (&sent["trace.span_id"], &sent["app.name"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn many_fields_below_the_limit_are_deduplicated_too() {
    let keys: Vec<String> = (0..500).map(|n| format!("key{}", n % 250)).collect();
    let own = fields(
        keys.iter()
            .zip(0i64..)
            .map(|(key, n)| (key.as_str(), Put::from(n))),
    );
    let sent = data(&make(FieldBuffer::new(), &own, record()));
    assert_eq!(sent.as_object().map(serde_json::Map::len), Some(250));
    assert_eq!(sent["key0"], 250);
}
