//! A request to honey-local: `METHOD PATH`, headers, an empty line, then the body as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NOW_NS: i64 = 1_700_000_000_000_000_000;

fuzz_target!(|data: &[u8]| {
    let end = data.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((data, &data[..0]), |end| (&data[..end], &data[end + 2..]));
    let Ok(head) = std::str::from_utf8(head) else {
        return;
    };
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let (method, path) = first.split_once(' ').unwrap_or((first, "/"));
    let mut headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    headers.push(("x-honeycomb-team", "key"));
    let (status, answer, events) =
        honey_local::fuzzing::request(method, path, &headers, body, NOW_NS);
    assert!((200..600).contains(&status), "{status}");
    if answer.is_empty() {
        return;
    }
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    if let Some(statuses) = answer.as_array() {
        let taken = statuses
            .iter()
            .filter(|answer| answer["status"] == 202)
            .count();
        assert_eq!(taken, events);
    }
});
