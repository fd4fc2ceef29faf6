//! Headers of any bytes: nothing panics, and what is written is what can be read, and no other header.

use proptest::prelude::*;

use super::{Headers, PARENT, TRACE, written};
use crate::propagation::{Format, extract};

/// Bytes that come near enough to headers to get past the first look.
fn values() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let pieces = prop_oneof![
        Just(b"00-".to_vec()),
        Just(b"cc-".to_vec()),
        Just(b"-01".to_vec()),
        Just(b"-00".to_vec()),
        Just(b"1;".to_vec()),
        Just(b"trace_id=".to_vec()),
        Just(b",parent_id=".to_vec()),
        Just(b",dataset=".to_vec()),
        Just(b",context=".to_vec()),
        Just(b"eyJhIjoiw7wifQ==".to_vec()),
        Just(b"%C3%BC".to_vec()),
        Just(b"honey=rate:7,".to_vec()),
        Just(b"\r\nevil: 1".to_vec()),
        Just(TRACE.as_bytes().to_vec()),
        Just(format!("{TRACE}-{PARENT}").into_bytes()),
        "[a-z]{1,3}=[ -~]{0,4},?".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    let value = prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat());
    (0..3_usize, value)
}

proptest! {
    #[test]
    fn whatever_comes_in_what_goes_out_is_clean_and_says_the_same(headers in prop::collection::vec(values(), 0..6)) {
        let names = ["traceparent", "tracestate", "X-Honeycomb-Trace"];
        let headers: Vec<(&str, Vec<u8>)> =
            headers.into_iter().map(|(name, value)| (names[name], value)).collect();
        if let Some(context) = extract(&headers) {
            for format in [Format::W3c, Format::Honeycomb] {
                let sent: Headers = written(&context, format);
                prop_assert!(!sent.is_empty());
                for (name, value) in &sent {
                    prop_assert!(names.contains(&name.as_str()));
                    prop_assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{value:?}");
                }
                let again = extract(&sent).unwrap();
                prop_assert_eq!(again.trace_id(), context.trace_id());
                prop_assert_eq!(again.span_id(), context.span_id());
            }
        }
    }
}

#[test]
fn thousands_of_headers_and_members_are_bounded() {
    let traceparent = ("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    let mut headers = vec![traceparent];
    for n in 0..10_000 {
        headers.push(("tracestate", format!("k{n}={}", "v".repeat(200))));
    }
    let context = extract(&headers).unwrap();
    assert_eq!((context.trace_id(), context.trace_state()), (TRACE, None));
    let endless = ",".repeat(1 << 20);
    for name in ["traceparent", "tracestate", "X-Honeycomb-Trace"] {
        let _ = extract(&[headers[0].clone(), (name, endless.clone())]);
    }
    let deep = format!("1;trace_id=a,context={}", {
        let mut text = String::new();
        crate::propagation::base64::encode("[".repeat(9_000).as_bytes(), &mut text);
        text
    });
    assert!(
        extract(&[("X-Honeycomb-Trace", deep)]).is_some(),
        "what is nested too deep is left out"
    );
}
