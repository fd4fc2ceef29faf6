//! What becomes of a dataset's name that is given to a client as it is.

use honey_local::{KnownKey, Server};
use serde_json::json;

use crate::client::Official;
use crate::ours;
use crate::sent::{KEY, Sent};

/// The name as given, and where the event is found with honey-runtime, libhoney-py and libhoney-js; "": nowhere, it was refused.
const NAMES: [(&str, &str, &str, &str); 11] = [
    ("My Dataset", "My Dataset", "My Dataset", "My Dataset"),
    ("foo.bar", "foo.bar", "foo.bar", "foo.bar"),
    ("foo(bar)", "foo(bar)", "foo(bar)", "foo(bar)"),
    ("ünïcode", "ünïcode", "ünïcode", "ünïcode"),
    // The official ones of Python and JavaScript escape nothing, and their HTTP libraries only what no URL may have.
    ("foo/bar", "foo/bar", "", ""),
    ("foo%20bar", "foo%20bar", "foo bar", "foo bar"),
    ("50% off", "50% off", "50% off", ""),
    ("a?b#c", "a?b#c", "a", "a"),
    // Ours is escaped twice, since every URL parser resolves it even when it is escaped; Python's leaves the path.
    ("..", "%2E%2E", "", ".."),
    ("../batch/other", "../batch/other", "other", ""),
    // A dataset's name is trimmed.
    (" padded ", "padded", "padded", " padded"),
];

#[test]
fn as_given() {
    let events: Vec<_> = (NAMES.iter())
        .map(|(name, ..)| Sent {
            dataset: (*name).to_owned(),
            ..Sent::new(*name, json!({ "given": name }))
        })
        .collect();
    let server = server();
    ours::send(&server, &events);
    assert_eq!(found(&server), NAMES.map(|(_, ours, ..)| ours));
    for official in Official::asked_for("names of datasets") {
        let server = self::server();
        official.send(&server, &events, str::to_owned);
        let expected = NAMES.map(|(_, _, python, javascript)| match official {
            Official::Python => python,
            Official::JavaScript => javascript,
        });
        assert_eq!(found(&server), expected, "{official:?}");
    }
}

fn server() -> Server {
    Server::builder()
        .keys([KnownKey::new(KEY)])
        .start()
        .unwrap()
}

/// Where each event is found.
fn found(server: &Server) -> Vec<String> {
    let events = server.events();
    let dataset = |given: &str| {
        let event = events
            .iter()
            .find(|event| event.str("given") == Some(given));
        event.map_or(String::new(), |event| event.dataset.to_string())
    };
    NAMES.iter().map(|(given, ..)| dataset(given)).collect()
}
