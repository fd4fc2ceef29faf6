//! Waiting for events.

use std::time::{Duration, Instant};

use honey_local::Server;

use crate::{pair, post};

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);
const BODY: &str = r#"[{"data":{"a":1}},{"data":{"a":2}}]"#;

#[test]
fn the_error_says_how_many_arrived() {
    let (server, mut client) = pair();
    client.post("/1/batch/shop", &[], BODY);
    let start = Instant::now();
    let timeout = server.wait_for_events(3, SHORT).unwrap_err();
    assert!(start.elapsed() >= SHORT);
    assert_eq!((timeout.wanted(), timeout.arrived()), (3, 2));
    assert_eq!(timeout.to_string(), "2 of 3 events arrived within 50ms");
}

#[test]
fn it_returns_when_they_are_there() {
    let server = Server::start().unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.wait_for_events(4, LONG));
        post(&server, BODY);
        post(&server, BODY);
        assert_eq!(waiting.join().unwrap().unwrap().len(), 4);
    });
}

#[test]
fn forgotten_events_count_and_cleared_ones_do_not() {
    let server = Server::builder().max_events(1).start().unwrap();
    post(&server, BODY);
    assert_eq!(server.wait_for_events(2, LONG).unwrap().len(), 1);
    server.clear();
    assert_eq!(server.wait_for_events(1, SHORT).unwrap_err().arrived(), 0);
}

#[test]
fn events_as_a_stream() {
    let (server, mut client) = pair();
    assert!(server.events_after(0, SHORT).is_empty());
    client.post("/1/batch/shop", &[], BODY);
    assert_eq!(server.events_after(0, LONG).len(), 2);
    assert_eq!(server.events_after(1, LONG).len(), 1);
    assert!(server.events_after(2, SHORT).is_empty());
}
