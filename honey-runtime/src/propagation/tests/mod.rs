//! What is read and written, case by case.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod honeycomb;
mod hostile;
mod w3c;

use super::{SpanContext, extract, inject};

pub(super) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub(super) const PARENT: &str = "00f067aa0ba902b7";

type Headers = Vec<(String, String)>;

/// What the context writes into headers, in one format.
fn written(context: &SpanContext, format: super::Format) -> Headers {
    let mut headers = Headers::new();
    let formats = super::Formats::of([format]);
    context.inject_by(formats, &mut super::Borrowed(&mut headers));
    headers
}

#[test]
fn carriers_of_every_kind_are_read_and_written_without_regard_to_case() {
    use std::collections::{BTreeMap, HashMap};

    let traceparent = format!("00-{TRACE}-{PARENT}-01");
    let pair = ("TraceParent".to_owned(), traceparent.clone());
    let expected = extract(&[("traceparent", traceparent.as_str())]).unwrap();
    let mut map = HashMap::from([pair.clone()]);
    let mut tree = BTreeMap::from([pair.clone()]);
    let mut list = vec![pair.clone()];
    let read = [
        extract(&map),
        extract(&tree),
        extract(&list),
        extract(list.as_slice()),
        extract(&HashMap::from([("TRACEPARENT", traceparent.as_bytes())])),
        extract(&|name: &str| (name == "traceparent").then_some(&traceparent)),
    ];
    for context in read {
        assert_eq!(context.as_ref(), Some(&expected));
    }
    assert_eq!(extract(&HashMap::<String, String>::new()), None);

    let (name, other) = ("traceparent".to_owned(), format!("00-{TRACE}-{PARENT}-00"));
    let other_context = extract(&[("traceparent", other.as_str())]).unwrap();
    other_context.inject(&mut map);
    other_context.inject(&mut tree);
    other_context.inject(&mut list);
    assert_eq!(map, HashMap::from([(name.clone(), other.clone())]));
    assert_eq!(tree, BTreeMap::from([(name.clone(), other.clone())]));
    assert_eq!(list, [(name, other.clone())]);
    let mut seen = String::new();
    other_context.inject(&mut |name: &'static str, value: &str| seen = format!("{name}: {value}"));
    assert_eq!(seen, format!("traceparent: {other}"));
}

#[cfg(feature = "header-map")]
#[test]
fn headers_of_http_are_read_all_and_written_in_the_place_of_old_ones() {
    let mut headers = http::HeaderMap::new();
    for (name, value) in [
        ("traceparent", format!("00-{TRACE}-{PARENT}-01")),
        ("tracestate", "a=1".to_owned()),
        ("tracestate", "b=2".to_owned()),
    ] {
        headers.append(name, value.parse().unwrap());
    }
    let context = extract(&headers).unwrap();
    assert_eq!(context.trace_state(), Some("a=1,b=2"));

    let unstated = extract(&[("traceparent", format!("00-{TRACE}-{PARENT}-00"))]).unwrap();
    unstated.inject(&mut headers);
    assert_eq!(
        headers.len(),
        1,
        "the old list of members is gone: {headers:?}"
    );
    assert_eq!(headers["traceparent"], format!("00-{TRACE}-{PARENT}-00"));
    let mut both = http::HeaderMap::new();
    let formats = super::Formats::of([super::Format::W3c, super::Format::Honeycomb]);
    context.inject_by(formats, &mut super::Borrowed(&mut both));
    assert_eq!(
        both["x-honeycomb-trace"],
        format!("1;trace_id={TRACE},parent_id={PARENT}")
    );
    assert_eq!(both["tracestate"], "a=1,b=2");
}

#[test]
fn without_an_event_nothing_is_written() {
    let mut headers = Headers::new();
    inject(&mut headers);
    assert_eq!(headers, []);
}
