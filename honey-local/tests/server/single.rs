//! The endpoint for single events.

use crate::pair;

#[test]
fn an_event_with_headers() {
    let (server, mut client) = pair();
    let headers = [
        ("X-Honeycomb-Event-Time", "2006-01-02T15:04:05.99Z"),
        ("X-Honeycomb-Samplerate", "10"),
    ];
    let answer = client.post(
        "/1/events/shop",
        &headers,
        r#"{"name":"get","duration_ms":32,"ok":true}"#,
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    client.post("/1/events/shop", &[], r#"{"name":"get"}"#);
    let events = server.events();
    assert_eq!(
        (events[0].time_ns, events[0].sample_rate),
        (1_136_214_245_990_000_000, 10)
    );
    assert_eq!(
        events[0].time_given.as_deref(),
        Some("2006-01-02T15:04:05.99Z")
    );
    assert_eq!(
        (
            events[0].name(),
            events[0].duration_ms(),
            events[0].bool("ok")
        ),
        (Some("get"), Some(32.0), Some(true))
    );
    assert_eq!(
        (events[1].time_given.as_deref(), events[1].sample_rate_given),
        (None, None)
    );
    assert_eq!((events[1].number, events[1].request), (2, 2));
}

#[test]
fn what_it_refuses() {
    let (server, mut client) = pair();
    for (headers, body, error) in [
        (&[][..], "{}", "empty event data"),
        (&[], "", "Request body should not be empty."),
        (&[], "[1]", "event data must be a JSON object"),
        (
            &[],
            "{",
            "request body is malformed and cannot be read as JSON",
        ),
        (&[], r#"{"a":1,"a":1}"#, "duplicate key \"a\""),
        (
            &[("x-honeycomb-samplerate", "ten")],
            r#"{"a":1}"#,
            "samplerate must be an integer from 0, not ten",
        ),
    ] {
        let answer = client.post("/1/events/shop", headers, body);
        assert_eq!((answer.status, answer.error().as_str()), (400, error));
    }
    let answer = client.post(
        "/1/events/shop",
        &[("x-honeycomb-event-time", "noon")],
        r#"{"a":1}"#,
    );
    assert!(answer.error().starts_with("time cannot be read: \"noon\""));
    assert!(server.events().is_empty());
}
