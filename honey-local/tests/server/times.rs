//! The forms of an event's time, through a batch.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::pair;

fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos()
        .try_into()
        .unwrap()
}

#[test]
fn all_forms() {
    let (server, mut client) = pair();
    let forms = [
        (
            r#""2006-01-02T15:04:05.999999999Z""#,
            1_136_214_245_999_999_999,
        ),
        (r#""2006-01-02T15:04:05-07:00""#, 1_136_239_445_000_000_000),
        ("1452759330", 1_452_759_330_000_000_000),
        (r#""1452759330""#, 1_452_759_330_000_000_000),
        ("1452759330.25", 1_452_759_330_250_000_000),
        ("1452759330927", 1_452_759_330_927_000_000),
        ("1452759330927123", 1_452_759_330_927_123_000),
        ("1452759330927123456", 1_452_759_330_927_123_456),
    ];
    let elements: Vec<_> = forms
        .iter()
        .map(|(time, _)| format!(r#"{{"data":{{"a":1}},"time":{time}}}"#))
        .collect();
    client.post("/1/batch/shop", &[], format!("[{}]", elements.join(",")));
    let times: Vec<_> = server.events().iter().map(|event| event.time_ns).collect();
    assert_eq!(times, forms.map(|(_, time_ns)| time_ns));
    assert!(
        server
            .events()
            .iter()
            .all(|event| event.time_given.is_some())
    );
}

#[test]
fn none_or_far_ahead_is_the_time_of_receipt() {
    let (server, mut client) = pair();
    let before = now_ns();
    let soon_s = before / 1_000_000_000 + 3_000;
    let body = format!(
        r#"[{{"data":{{"a":1}}}},{{"data":{{"a":1}},"time":"2999-01-01T00:00:00Z"}},{{"data":{{"a":1}},"time":{soon_s}}}]"#
    );
    client.post("/1/batch/shop", &[], body);
    let events = server.events();
    for event in &events[..2] {
        assert!((before..=now_ns()).contains(&event.time_ns));
    }
    assert_eq!(events[2].time_ns, soon_s * 1_000_000_000);
}
