//! `traceparent`, `tracestate` and `X-Honeycomb-Trace`: whatever comes in, what goes out is printable, and says the same when it is read
//! again.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 3] = ["traceparent", "tracestate", "X-Honeycomb-Trace"];

/// A line is a header: its first byte says which.
fn headers(input: &[u8]) -> Vec<(&'static str, &[u8])> {
    let lines = input.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| {
            let (first, value) = line.split_first()?;
            Some((NAMES[usize::from(*first) % NAMES.len()], value))
        })
        .collect()
}

fuzz_target!(|input: &[u8]| {
    let Some(written) = honey::fuzzing::headers(&headers(input)) else {
        return;
    };
    for sent in written {
        assert!(!sent.is_empty());
        for (name, value) in &sent {
            assert!(NAMES.contains(&name.as_str()));
            assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        }
        let as_read: Vec<(&str, &[u8])> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let again = honey::fuzzing::headers(&as_read).expect("what was written can be read");
        assert!(again.contains(&sent), "{sent:?} became {again:?}");
    }
});
