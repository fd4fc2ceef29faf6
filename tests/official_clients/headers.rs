//! Headers between honey and Honeycomb's beeline for Python, both ways.

use std::collections::BTreeMap;

use honey::propagation::{Format, SpanContext, extract, inject};
use honey::testing::{CapturedEvent, capture};
use honey::{Client, Config};
use serde_json::{Value, json};

use crate::client::{Official, beeline};

type Headers = BTreeMap<String, String>;

const UUID: &str = "7f042f75-651b-4782-9c3c-0df10f11eb59";
const HEX: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn fields() -> Value {
    json!({"app.user": "Ada Lovelace", "app.größe": "🐝 ünï \" \\ \n", "app.n": -7, "app.x": 1.5, "app.yes": true,
        "app.list": [1, "zwei"], "app.map": {"in": {"side": 3}}, "app.empty": ""})
}

fn headers_in(answer: &Value) -> Headers {
    serde_json::from_value(answer["headers"].clone()).unwrap()
}

/// The one event that stands below `context`, with the context's fields.
fn event_below(context: &SpanContext) -> CapturedEvent {
    let captured = capture(|| {
        honey::scope(context, || {
            honey::in_child_event("below", || honey::current().add(context));
        });
    });
    captured.event("below").clone()
}

#[test]
fn honey_continues_the_traces_of_a_beeline() {
    let asked = [
        json!({"write": {"format": "honeycomb", "trace_id": null, "fields": fields()}}),
        json!({"write": {"format": "honeycomb", "trace_id": UUID, "fields": {}}}),
        json!({"write": {"format": "w3c", "trace_id": null, "fields": fields()}}),
        json!({"marshal": {"trace_id": "order-7", "parent_id": "made_by_hand", "dataset": "my data/sät", "fields": fields()}}),
    ];
    let Some(answers) = beeline("headers of the beeline for Python", &asked) else {
        return;
    };
    for answer in &answers[..3] {
        let event = event_below(&extract(&headers_in(answer)).unwrap());
        assert_eq!(event.field("trace.trace_id"), Some(&answer["trace_id"]));
        assert_eq!(event.field("trace.parent_id"), Some(&answer["span_id"]));
    }
    for answer in [&answers[0], &answers[3]] {
        let event = event_below(&extract(&headers_in(answer)).unwrap());
        for (name, value) in fields().as_object().unwrap() {
            assert_eq!(event.field(name), Some(value));
        }
    }
    let by_hand = extract(&headers_in(&answers[3])).unwrap();
    assert_eq!(
        (by_hand.trace_id(), by_hand.span_id(), by_hand.dataset()),
        ("order-7", "made_by_hand", Some("my data/sät"))
    );
}

#[test]
fn a_beeline_continues_the_traces_of_honey() {
    let given = [
        json!({"marshal": {"trace_id": HEX, "parent_id": "00f067aa0ba902b7", "dataset": "my data/sät", "fields": fields()}}),
        json!({"marshal": {"trace_id": UUID, "parent_id": "p", "dataset": null, "fields": fields()}}),
    ];
    let Some(given) = beeline("headers for the beeline for Python", &given) else {
        return;
    };
    let config = Config::new("0".repeat(32)).api_host("").dataset("d");
    let client = Client::new(config.propagation([Format::W3c, Format::Honeycomb])).unwrap();
    let (mut asked, mut expected) = (Vec::new(), Vec::new());
    let mut ask = |format: &str, (headers, place): &(Headers, Value), along: &Value| {
        asked.push(json!({"read": {"format": format, "headers": headers}}));
        let mut read = place.clone();
        read.as_object_mut()
            .unwrap()
            .extend(along.as_object().unwrap().clone());
        expected.push(read);
    };
    let (first, second, own) = honey::with_client(&client, || {
        let [first, second] = [&given[0], &given[1]].map(|given| {
            let _scope = honey::start_child_of("passed on", extract(&headers_in(given)));
            written()
        });
        let _scope = honey::start_child("own");
        (first, second, written())
    });
    ask(
        "honeycomb",
        &first,
        &json!({"fields": fields(), "dataset": "my data/sät"}),
    );
    ask(
        "w3c",
        &first,
        &json!({"fields": {"traceflags": "01", "tracestate": null}, "dataset": null}),
    );
    ask(
        "honeycomb",
        &second,
        &json!({"fields": fields(), "dataset": null}),
    );
    ask("honeycomb", &own, &json!({"fields": {}, "dataset": null}));
    ask(
        "w3c",
        &own,
        &json!({"fields": {"traceflags": "01", "tracestate": null}, "dataset": null}),
    );
    let read = beeline("headers for the beeline for Python", &asked).unwrap();
    assert_eq!(read, expected);
    assert_eq!([&read[0]["trace_id"], &read[2]["trace_id"]], [HEX, UUID]);
}

/// What is sent below the current event, and where that puts it.
fn written() -> (Headers, Value) {
    let mut headers = Headers::new();
    inject(&mut headers);
    let event = honey::current();
    let [trace_id, span_id] = [
        event.trace_id().unwrap().to_string(),
        event.span_id().unwrap().to_string(),
    ];
    (headers, json!({"trace_id": trace_id, "parent_id": span_id}))
}

#[test]
fn both_keep_the_same_traces_whatever_their_ids() {
    const RATES: [u32; 3] = [2, 3, 10];
    let ids: Vec<String> = (1..100)
        .map(|n| match n % 2 {
            0 => format!("trace-{n}"),
            _ => format!("{n:032x}"),
        })
        .collect();
    let mut official = Official::asked_for("ids of any form").into_iter();
    let Some(python) = official.find(|client| *client == Official::Python) else {
        return;
    };
    for (id, answers) in ids.iter().zip(python.keeps(&ids, &RATES)) {
        for (rate, keeps) in RATES.iter().zip(answers.as_array().unwrap()) {
            let header = format!("1;trace_id={id},parent_id=p");
            let captured = capture(|| sampled(&[("X-Honeycomb-Trace", header)], *rate));
            assert_eq!(*keeps, !captured.events().is_empty(), "{id} at 1 in {rate}");
        }
    }
}

#[honey::event(parent = extract(headers), sample = rate)]
fn sampled(headers: &[(&str, String)], rate: u32) {}
