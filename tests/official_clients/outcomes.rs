//! What the server refuses, each client hears, event by event.

use honey_local::{KnownKey, Server};
use serde_json::{Map, Value, json};

use crate::client::Official;
use crate::sent::{KEY, Sent};

/// What the server is expected to say of an event.
struct Case {
    sent: Sent,
    status: u16,
    error: &'static str,
}

fn case(id: &str, fields: Value, status: u16, error: &'static str) -> Case {
    let sent = Sent::new(id, fields);
    Case {
        sent,
        status,
        error,
    }
}

/// These go into a dataset each, and so into a request each.
fn alone(mut case: Case) -> Case {
    case.sent.dataset = format!("alone {}", case.sent.id);
    case
}

fn cases(official: Official) -> Vec<Case> {
    let columns: Map<String, Value> = (0..2_001).map(|n| (format!("c{n}"), json!(n))).collect();
    let sixty_kilobytes = "x".repeat(60_000);
    let fields = json!({
        "name": "checkout", "n": 7, "ok": true, "ratio": 0.5, "text": "café 😀 \"\\\n", "nested": { "a": [1, null] }
    });
    let mut cases = vec![
        case("good", fields, 202, ""),
        case(
            "long string",
            json!({ "text": "x".repeat(65_537) }),
            400,
            "string in field \"text\" is too long",
        ),
        case(
            "too large",
            json!({ "a": sixty_kilobytes, "b": sixty_kilobytes }),
            400,
            "event is too large",
        ),
        case(
            "too many columns",
            columns.into(),
            400,
            "Event has too many columns.",
        ),
        case("also good", json!({ "name": "last" }), 202, ""),
        alone(Case {
            sent: Sent {
                key: "a key that nobody knows",
                ..Sent::new("unknown key", json!({ "name": "never" }))
            },
            status: 401,
            error: "",
        }),
        alone(Case {
            sent: Sent {
                nan: Some("ratio"),
                ..Sent::new("poison", json!({ "name": "poison" }))
            },
            // One NaN spoils Python's whole batch; JavaScript makes it null.
            status: match official {
                Official::Python => 400,
                Official::JavaScript => 202,
            },
            error: "",
        }),
    ];
    // Batches end by number, whatever the bytes: at 85 KB each, the 60 are over the 5 MB that a body may have where 101 go
    // together, as in Python, and below it where 50 do, as in JavaScript.
    let status = match official {
        Official::Python => 400,
        Official::JavaScript => 202,
    };
    cases.extend((0..60).map(|n| {
        let fields = json!({ "n": n, "a": "y".repeat(60_000), "b": "y".repeat(25_000) });
        let sent = Sent {
            dataset: "heavy".to_owned(),
            ..Sent::new(format!("heavy {n}"), fields)
        };
        Case {
            sent,
            status,
            error: "",
        }
    }));
    cases
}

#[test]
fn each_event_has_the_servers_word() {
    for official in Official::asked_for("outcomes") {
        let server = Server::builder()
            .keys([KnownKey::new(KEY)])
            .start()
            .unwrap();
        let cases = cases(official);
        let sent: Vec<_> = cases.iter().map(|case| case.sent.clone()).collect();
        let responses = official.send(&server, &sent, str::to_owned);
        assert_eq!(responses.len(), cases.len());
        for case in &cases {
            assert_heard(official, case, &responses);
        }
        assert_requests(official, &server);
    }
}

#[track_caller]
fn assert_heard(official: Official, case: &Case, responses: &[Value]) {
    let id = &case.sent.id;
    let heard = responses
        .iter()
        .find(|response| response["id"] == **id)
        .unwrap();
    assert_eq!(heard["status"], case.status, "{official:?} {id}: {heard}");
    // JavaScript's reads an event's error under a name that the API does not use, so it hands on none.
    if official == Official::Python {
        let error = heard["error"].as_str().unwrap();
        assert!(error.contains(case.error), "{id}: {error}");
    }
}

/// The server understood what the client sent.
#[track_caller]
fn assert_requests(official: Official, server: &Server) {
    let (user_agent, encoding) = match official {
        Official::Python => ("libhoney-py/2.4.0 honey-test python/", Some("gzip")),
        Official::JavaScript => ("libhoney-js/4.3.1 honey-test node/", None),
    };
    for request in server.requests() {
        let agent = request.headers.get("user-agent").unwrap();
        assert!(agent.starts_with(user_agent), "{agent}");
        assert_eq!(request.encoding(), encoding);
    }
    let named = |name| {
        let events = server.events();
        events.into_iter().find(|event| event.name() == Some(name))
    };
    let good = named("checkout").unwrap();
    assert_eq!(good.dataset, "My Dataset");
    assert_eq!(good.time_rfc3339(), "2006-01-02T15:04:05.990000000Z");
    assert_eq!(good.str("text"), Some("café 😀 \"\\\n"));
    assert!(named("last").is_some() && named("never").is_none());
    let poison = named("poison").map(|event| event.get("ratio").cloned());
    let expected = (official == Official::JavaScript).then_some(Some(Value::Null));
    assert_eq!(poison, expected);
}
