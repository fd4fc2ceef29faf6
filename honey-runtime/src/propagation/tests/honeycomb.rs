//! `X-Honeycomb-Trace`, as the beelines for Python, JavaScript and Go document it.

use serde_json::json;

use super::{PARENT, TRACE, written};
use crate::propagation::{Format, SpanContext, base64, extract};

fn read(value: &str) -> Option<SpanContext> {
    extract(&[("X-Honeycomb-Trace", value)])
}

fn sent(context: &SpanContext) -> String {
    written(context, Format::Honeycomb).pop().unwrap().1
}

fn base64_of(text: &str) -> String {
    let mut encoded = String::new();
    base64::encode(text.as_bytes(), &mut encoded);
    encoded
}

#[test]
fn what_the_beelines_write_is_read_and_written_again() {
    let uuid = "7f042f75-651b-4782-9c3c-0df10f11eb59";
    for (trace_id, parent_id) in [
        (TRACE, PARENT),
        (uuid, "0f6b6d3e-92e8-4a39-8c9c-1ab3c0ff8a9e"),
        ("weofijwoeifj", "owefjoweifj"),
        ("1", "2"),
        ("4BF92F3577B34DA6A3CE929D0E0E4736", "00F067AA0BA902B7"),
    ] {
        let value = format!("1;trace_id={trace_id},parent_id={parent_id}");
        let context = read(&value).unwrap();
        assert_eq!(
            (context.trace_id(), context.span_id()),
            (trace_id, parent_id)
        );
        assert!(
            context.is_sampled(),
            "the header does not say, and the hash decides"
        );
        assert_eq!(sent(&context), value);
        // An id that `traceparent` cannot carry goes out in the format that can.
        let name = if trace_id == TRACE {
            "traceparent"
        } else {
            "X-Honeycomb-Trace"
        };
        assert_eq!(written(&context, Format::W3c)[0].0, name);
    }
}

/// What `honeycomb-beeline` 3.6.0 (`PyPI`) makes: `marshal_propagation_context(PropagationContext(trace, parent, fields, dataset))`.
#[test]
fn headers_made_by_the_python_beeline_are_read() {
    for (header, ids, dataset, fields) in [
        (
            "1;trace_id=4bf92f3577b34da6a3ce929d0e0e4736,parent_id=00f067aa0ba902b7,context=e30=",
            (TRACE, PARENT),
            None,
            json!({}),
        ),
        (
            "1;trace_id=7f042f75-651b-4782-9c3c-0df10f11eb59,parent_id=0f6b6d3e-92e8-4a39-8c9c-1ab3c0ff8a9e,\
             context=eyJ1c2VyIjogIkFkYSBMb3ZlbGFjZSIsICJuIjogLTcsICJ4IjogMS41LCAieWVzIjogdHJ1ZSwgIm5vbmUiOiBudWxsfQ==",
            (
                "7f042f75-651b-4782-9c3c-0df10f11eb59",
                "0f6b6d3e-92e8-4a39-8c9c-1ab3c0ff8a9e",
            ),
            None,
            json!({"user": "Ada Lovelace", "n": -7, "x": 1.5, "yes": true, "none": null}),
        ),
        (
            "1;dataset=my%20data/set%C3%BC,trace_id=1,parent_id=2,\
             context=eyJnclx1MDBmNlx1MDBkZmUiOiAiXHVkODNkXHVkYzFkIFx1MDBmYyBcIiBcXCBcbiIsICJsaXN0IjogWzEsICJ6d2VpIl0sICJtYXAiOiB7ImluIjogeyJzaWRlIjogM319fQ==",
            ("1", "2"),
            Some("my data/setü"),
            json!({"größe": "🐝 ü \" \\ \n", "list": [1, "zwei"], "map": {"in": {"side": 3}}}),
        ),
    ] {
        let context = read(header).unwrap();
        assert_eq!((context.trace_id(), context.span_id()), ids);
        assert_eq!(context.dataset(), dataset);
        let read_fields = context.along.as_ref().map(|along| json!(along.fields));
        assert_eq!(read_fields.unwrap_or_else(|| json!({})), fields);
        // Sent on, it says the same.
        assert_eq!(read(&sent(&context)).unwrap(), context);
    }
}

#[test]
fn dataset_and_fields_go_along() {
    let fields = json!({"user": "Ada Lovelace", "größe": "🐝 ü \" \\ \n", "n": -7, "x": 1.5, "yes": true, "none": null,
        "list": [1, "zwei"], "map": {"in": {"side": 3}}});
    let value = format!(
        "1;dataset=my%20data%2Fset%C3%BC,trace_id={TRACE},parent_id={PARENT},context={}",
        base64_of(&fields.to_string())
    );
    let context = read(&value).unwrap();
    assert_eq!(context.dataset(), Some("my data/setü"));
    let again = sent(&context);
    assert!(again.is_ascii());
    let again_read = read(&again).unwrap();
    assert_eq!(again_read, context);
    assert_eq!(json!(again_read.along.unwrap().fields), fields);
    let (_, encoded) = again.split_once("context=").unwrap();
    let json = base64::decode(encoded).unwrap();
    assert!(
        json.is_ascii(),
        "as Python writes it, since JavaScript's beeline reads ASCII alone"
    );
}

#[test]
fn a_header_that_is_none_begins_no_trace() {
    let long_id = "i".repeat(129);
    for (value, why) in [
        ("", "empty"),
        ("1", "no list"),
        ("2;trace_id=a,parent_id=b", "another version"),
        ("11;trace_id=a,parent_id=b", "another version"),
        ("trace_id=a,parent_id=b", "no version"),
        ("1;", "no pair"),
        ("1;parent_id=b", "no trace"),
        ("1;trace_id=,parent_id=b", "an empty trace"),
        ("1;trace_id=a,parent_id=", "an empty parent"),
        ("1;trace_id", "no value"),
        ("1;trace_id=a,,parent_id=b", "an empty pair"),
        ("1;trace_id=a b,parent_id=c", "a blank in an id"),
        (
            "1;trace_id=a\r\nevil: yes,parent_id=c",
            "a line feed in an id",
        ),
        ("1;trace_id=ä,parent_id=c", "an id that is not ASCII"),
        (
            &format!("1;trace_id={long_id},parent_id=c"),
            "an id of 129 characters",
        ),
        (
            &format!("1;trace_id=a,parent_id=c,x={}", "x".repeat(16 * 1024)),
            "too long",
        ),
    ] {
        assert_eq!(read(value), None, "{why}: {value:?}");
    }
    let twice = [("X-Honeycomb-Trace", "1;trace_id=a,parent_id=b"); 2];
    assert_eq!(extract(&twice), None);
}

#[test]
fn what_goes_along_and_cannot_be_read_costs_itself_alone() {
    for rest in [
        "context=%%%",
        "context=",
        "context=bm8ganNvbg==",
        "context=WzEsMl0=",
        "dataset=%zz",
        "dataset=%",
        "dataset=%ff",
        "dataset=",
        "unknown=1",
    ] {
        let context = read(&format!("1;trace_id={TRACE},parent_id={PARENT},{rest}")).unwrap();
        assert_eq!(
            (context.trace_id(), context.span_id()),
            (TRACE, PARENT),
            "{rest}"
        );
        assert!(context.along.is_none(), "{rest}");
    }
    let trace_alone = read("1;trace_id=a").unwrap();
    assert_eq!((trace_alone.trace_id(), trace_alone.span_id()), ("a", ""));
    assert_eq!(sent(&trace_alone), "1;trace_id=a");
}

#[test]
fn where_both_are_there_traceparent_is_believed_unless_it_cannot_be_read() {
    let honeycomb = ("X-Honeycomb-Trace", "1;trace_id=a,parent_id=b".to_owned());
    let good = ("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    let bad = ("traceparent", format!("00-{TRACE}-{PARENT}-1"));
    assert_eq!(
        extract(&[honeycomb.clone(), good]).unwrap().trace_id(),
        TRACE
    );
    assert_eq!(extract(&[bad, honeycomb]).unwrap().trace_id(), "a");
}
