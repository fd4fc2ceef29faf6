//! Trees against the exact text expected.

use serde_json::{Value, json};

use super::{Color, TreeOptions, render, traces};
use crate::transmission::tree::Shown as Event;

/// An event of trace "t1"; `parent` empty for a root.
fn span(id: &str, parent: &str, start_ms: i64, fields: &Value) -> Event {
    let mut data = fields.as_object().cloned().unwrap_or_default();
    data.insert("trace.trace_id".to_owned(), json!("t1"));
    data.insert("trace.span_id".to_owned(), json!(id));
    data.insert("trace.parent_id".to_owned(), json!(parent));
    Event {
        time_ns: start_ms * 1_000_000,
        ..Event::new("shop", data)
    }
}

fn lone(fields: &Value) -> Event {
    Event::new("shop", fields.as_object().cloned().unwrap_or_default())
}

#[track_caller]
fn assert_drawn(events: &[Event], options: &TreeOptions, expected: &[&str]) {
    let drawn = render(events, options);
    assert_eq!(drawn.lines().collect::<Vec<_>>(), expected, "\n{drawn}");
    assert!(drawn.is_empty() || drawn.ends_with('\n'));
}

fn checkout() -> Vec<Event> {
    vec![
        span(
            "3",
            "2",
            2,
            &json!({"name": "query", "duration_ms": 0.29, "db.rows": 12, "build": "1.0"}),
        ),
        span(
            "2",
            "1",
            1,
            &json!({"name": "load_cart", "duration_ms": 3.1, "build": "1.0"}),
        ),
        span(
            "4",
            "1",
            10,
            &json!({"name": "charge", "duration_ms": 1030.0, "error": true, "outcome": "error",
            "error.type": "CardDeclined", "error.message": "card declined", "build": "1.0"}),
        ),
        span(
            "1",
            "",
            0,
            &json!({"name": "checkout", "duration_ms": 1041.2, "user_id": 7, "build": "1.0"}),
        ),
    ]
}

#[test]
fn nothing_gives_nothing() {
    assert_drawn(&[], &TreeOptions::default(), &[]);
}

#[test]
fn a_trace_with_its_error() {
    assert_drawn(
        &checkout(),
        &TreeOptions::default(),
        &[
            "trace t1 · 4 events · shop",
            "checkout       1.04 s  build=1.0 user_id=7",
            "├─ load_cart  3.10 ms",
            "│  └─ query    290 µs  db.rows=12",
            "└─ charge      1.03 s  ERROR CardDeclined: card declined",
        ],
    );
}

#[test]
fn offsets_and_fields_asked_for() {
    assert_drawn(
        &checkout(),
        &TreeOptions::default()
            .offsets(true)
            .fields(["user_id", "build"]),
        &[
            "trace t1 · 4 events · shop",
            "checkout          +0 ms   1.04 s  user_id=7 build=1.0",
            "├─ load_cart   +1.00 ms  3.10 ms  build=1.0",
            "│  └─ query    +2.00 ms   290 µs  build=1.0",
            "└─ charge     +10.00 ms   1.03 s  ERROR CardDeclined: card declined  build=1.0",
        ],
    );
}

#[test]
fn outcomes_are_named() {
    let ended = |id, start_ms, fields: &Value| span(id, "1", start_ms, fields);
    assert_drawn(
        &[
            span("1", "", 0, &json!({"name": "root"})),
            ended(
                "2",
                1,
                &json!({"name": "a", "outcome": "panic", "error": true, "error.type": "panic", "error.message": "boom"}),
            ),
            ended(
                "3",
                2,
                &json!({"name": "b", "outcome": "cancelled", "duration_ms": 5}),
            ),
            ended("4", 3, &json!({"name": "c", "error": "no route"})),
            ended(
                "5",
                4,
                &json!({"name": "d", "error": false, "outcome": "ok"}),
            ),
        ],
        &TreeOptions::default(),
        &[
            "trace t1 · 5 events · shop",
            "root",
            "├─ a           PANIC boom",
            "├─ b  5.00 ms  CANCELLED",
            "├─ c           ERROR no route",
            "└─ d",
        ],
    );
}

#[test]
fn rates_span_events_and_links() {
    assert_drawn(
        &[
            Event {
                sample_rate: 10,
                ..span("1", "", 0, &json!({"name": "root"}))
            },
            span(
                "",
                "1",
                1,
                &json!({"name": "cache.miss", "meta.annotation_type": "span_event"}),
            ),
            span(
                "",
                "1",
                2,
                &json!({"name": "cause", "meta.annotation_type": "link"}),
            ),
            span(
                "",
                "1",
                3,
                &json!({"meta.annotation_type": "link", "trace.link.trace_id": "t2", "trace.link.span_id": "5"}),
            ),
        ],
        &TreeOptions::default(),
        &[
            "trace t1 · 4 events · shop",
            "root             ×10",
            "├─ • cache.miss",
            "├─ ↪ cause",
            "└─ ↪ trace t2",
        ],
    );
}

#[test]
fn orphans_stand_at_the_top() {
    assert_drawn(
        &[
            span("2", "gone", 0, &json!({"name": "early"})),
            span("3", "2", 1, &json!({"name": "below"})),
            span("1", "", 5, &json!({"name": "root"})),
        ],
        &TreeOptions::default(),
        &[
            "trace t1 · 3 events · shop",
            "root",
            "early     (orphan: its parent gone is not here)",
            "└─ below",
        ],
    );
}

#[test]
fn cycles_and_duplicate_ids_end() {
    assert_drawn(
        &[
            span("1", "2", 0, &json!({"name": "hen"})),
            span("2", "1", 1, &json!({"name": "egg"})),
            span("3", "3", 2, &json!({"name": "self"})),
            span("2", "1", 3, &json!({"name": "second egg"})),
        ],
        &TreeOptions::default(),
        &[
            "trace t1 · 4 events · shop",
            "hen            (cycle: it is its own ancestor)",
            "├─ egg",
            "└─ second egg  (another event has the same id)",
            "self           (cycle: it is its own ancestor)",
        ],
    );
}

#[test]
fn a_very_deep_chain_is_drawn() {
    let chain: Vec<_> = (1..=100_000)
        .map(|n: i64| {
            span(
                &n.to_string(),
                &(n - 1).to_string(),
                n,
                &json!({"name": "n"}),
            )
        })
        .collect();
    let drawn = render(&chain, &TreeOptions::default());
    assert_eq!(drawn.lines().count(), 100_001);
    assert!(
        drawn
            .lines()
            .last()
            .is_some_and(|line| line.ends_with("⋯ n"))
    );
}

#[test]
fn traces_apart_and_events_without_one() {
    let other = lone(&json!({"trace.trace_id": "t2", "trace.span_id": "1", "name": "other"}));
    let events = [
        span("1", "", 0, &json!({"name": "one"})),
        lone(&json!({"a": 1})),
        other,
        lone(&json!({"name": "lone", "b": "x y"})),
    ];
    assert_drawn(
        &events,
        &TreeOptions::default(),
        &[
            "trace t1 · 1 event · shop",
            "one",
            "",
            "no trace · 2 events · shop",
            "(no name)  a=1",
            "lone       b=\"x y\"",
            "",
            "trace t2 · 1 event · shop",
            "other",
        ],
    );
    assert_eq!(
        traces(&events)
            .iter()
            .filter_map(|trace| trace.root()?.data.get("name")?.as_str())
            .collect::<Vec<_>>(),
        ["one", "other"]
    );
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let event = lone(&json!({"name": "a\u{1b}[2Jb", "k\n": "v\u{7}", "long": "x".repeat(100)}));
    let long = format!("long={}…", "x".repeat(60));
    let line = format!("a\\u{{1b}}[2Jb  k\\n=\"v\\u{{7}}\" {long}");
    assert_drawn(
        &[event],
        &TreeOptions::default(),
        &["no trace · 1 event · shop", &line],
    );
}

#[test]
fn colour_when_asked_for() {
    let events = [
        span("1", "", 0, &json!({"name": "root", "outcome": "error"})),
        span("2", "1", 1, &json!({"name": "a", "n": 1})),
    ];
    assert_drawn(
        &events,
        &TreeOptions::default().color(Color::Always),
        &[
            "\u{1b}[1mtrace t1 · 2 events · shop\u{1b}[0m",
            "\u{1b}[1;31mroot\u{1b}[0m  \u{1b}[1;31mERROR\u{1b}[0m",
            "\u{1b}[2m└─ \u{1b}[0ma  \u{1b}[2mn=1\u{1b}[0m",
        ],
    );
}

#[test]
fn what_the_program_says_comes_before_what_the_protocol_says() {
    let request = |fields: &Value| {
        let mut all = json!({"duration_ms": 1, "http.request.method": "GET", "http.response.body.size": 3,
            "http.response.status_code": 200, "network.protocol.version": "1.1", "server.address": "shop",
            "server.port": 80, "span.kind": "server", "url.path": "/cart/7", "user_agent.original": "curl"});
        let known = all.as_object_mut().into_iter();
        known.for_each(|all| all.extend(fields.as_object().cloned().unwrap_or_default()));
        lone(&all)
    };
    let routed =
        json!({"name": "GET /cart/{id}", "http.route": "/cart/{id}", "user.id": 7, "zone": "b"});
    assert_drawn(
        &[
            request(&routed),
            request(&json!({"name": "other", "http.route": "/cart/{id}"})),
        ],
        &TreeOptions::default(),
        &[
            "no trace · 2 events · shop",
            "GET /cart/{id}  1.00 ms  user.id=7 zone=b http.response.status_code=200 server.address=shop url.path=/cart/7",
            "other           1.00 ms  http.response.status_code=200 server.address=shop url.path=/cart/7 \
             http.request.method=GET http.response.body.size=3",
        ],
    );
}
