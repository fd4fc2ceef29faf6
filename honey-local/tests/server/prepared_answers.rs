//! Answers a test prepares.

use std::time::{Duration, Instant};

use honey_local::Answer;

use crate::pair;

const BODY: &str = r#"[{"data":{"a":1}}]"#;

#[test]
fn in_order_for_requests_that_bring_events() {
    let (server, mut client) = pair();
    server.respond_next(2, Answer::new(503));
    server.respond_next(
        1,
        Answer::new(429).header("Retry-After", 1).body("slow down"),
    );
    server.respond_next(1, Answer::new(200).body("[").keep_events());
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(client.post("/1/batch/shop", &[], BODY));
        assert_eq!(
            client
                .send("GET", "/1/auth", &[("x-honeycomb-team", "k")], b"")
                .status,
            200
        );
    }
    assert_eq!(
        statuses
            .iter()
            .map(|answer| answer.status)
            .collect::<Vec<_>>(),
        [503, 503, 429, 200, 200]
    );
    assert!(statuses[2].headers.contains("retry-after: 1"));
    assert_eq!(
        (statuses[2].body.as_str(), statuses[3].body.as_str()),
        ("slow down", "[")
    );
    assert_eq!(server.events().len(), 2);
    let events: Vec<_> = server
        .requests()
        .iter()
        .filter(|request| request.method == "POST")
        .map(|request| request.events.len())
        .collect();
    assert_eq!(events, [0, 0, 0, 1, 1]);
}

#[test]
fn a_late_answer_holds_nobody_else_up() {
    let (server, mut client) = pair();
    let delay = Duration::from_millis(300);
    server.respond_next(1, Answer::new(200).delay(delay).keep_events());
    let start = Instant::now();
    std::thread::scope(|scope| {
        let late = scope.spawn(|| client.post("/1/batch/late", &[], BODY).status);
        server.wait_for_events(1, Duration::from_secs(60)).unwrap();
        assert_eq!(crate::post(&server, BODY).status, 200);
        assert_eq!(late.join().unwrap(), 200);
    });
    assert!(start.elapsed() >= delay);
    assert_eq!(server.events()[1].dataset, "shop");
}

#[test]
fn nonsense_prepared_is_a_500() {
    let (server, mut client) = pair();
    server.respond_next(1, Answer::new(7));
    server.respond_next(1, Answer::new(200).header("no name", "x"));
    assert_eq!(client.post("/1/batch/shop", &[], BODY).status, 500);
    assert_eq!(client.post("/1/batch/shop", &[], BODY).status, 500);
}
