//! `GET /1/auth`.

use honey_local::{KnownKey, Server};

use crate::{Client, pair};

#[test]
fn whose_key_it_is() {
    let keys = [
        KnownKey::new("k").team("The Bakery").environment("Test"),
        KnownKey::new("mute").send_events(false),
    ];
    let server = Server::builder().keys(keys).start().unwrap();
    let mut client = Client::connect(&server);
    let mut auth = |key| client.send("GET", "/1/auth", &[("X-Honeycomb-Team", key)], b"");
    let answer = auth("k");
    assert_eq!(answer.status, 200);
    let about = answer.json();
    assert_eq!(
        about["team"],
        serde_json::json!({ "name": "The Bakery", "slug": "the-bakery" })
    );
    assert_eq!(
        about["environment"],
        serde_json::json!({ "name": "Test", "slug": "test" })
    );
    assert_eq!(about["api_key_access"]["events"], true);
    assert_eq!(auth("mute").json()["api_key_access"]["events"], false);
    let answer = auth("wrong");
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (401, "unknown API key - check your credentials")
    );
}

#[test]
fn any_key_by_default_but_not_none() {
    let (_server, mut client) = pair();
    assert_eq!(
        client
            .send("GET", "/1/auth", &[("X-Honeycomb-Team", "x")], b"")
            .status,
        200
    );
    assert_eq!(client.send("GET", "/1/auth", &[], b"").status, 401);
}
