//! Requests refused as a whole: status and text.

use honey_local::{KnownKey, Server};

use crate::{Client, pair, post};

const BODY: &[u8] = br#"[{"data":{"a":1}}]"#;
const JSON: (&str, &str) = ("content-type", "application/json");
const KEY: (&str, &str) = ("x-honeycomb-team", "a-key");
const UNKNOWN_KEY: &str = "unknown API key - check your credentials";
const MALFORMED: &str = "request body is malformed and cannot be read as JSON";

#[test]
fn a_key_is_needed() {
    let (server, mut client) = pair();
    for headers in [&[JSON][..], &[JSON, ("x-honeycomb-team", "")]] {
        let answer = client.send("POST", "/1/batch/shop", headers, BODY);
        assert_eq!(
            (answer.status, answer.error()),
            (401, UNKNOWN_KEY.to_owned())
        );
    }
    assert!(server.events().is_empty());
}

#[test]
fn a_key_list_makes_others_unknown() {
    let keys = || {
        [
            KnownKey::new("good"),
            KnownKey::new("limited").datasets(["Shop"]),
            KnownKey::new("mute").send_events(false),
        ]
    };
    let server = Server::builder().keys(keys()).start().unwrap();
    let status = |key, path| {
        Client::connect(&server)
            .send("POST", path, &[JSON, ("x-honeycomb-team", key)], BODY)
            .status
    };
    assert_eq!(status("good", "/1/batch/other"), 200);
    assert_eq!(status("limited", "/1/batch/shop"), 200);
    assert_eq!(status("limited", "/1/batch/other"), 401);
    assert_eq!(status("mute", "/1/batch/shop"), 401);
    assert_eq!(status("bad", "/1/batch/shop"), 401);
    assert_eq!(server.events().len(), 2);

    let server = Server::builder()
        .keys(keys())
        .unknown_key_status(400)
        .start()
        .unwrap();
    let answer = post(&server, BODY);
    assert_eq!(
        (answer.status, answer.error()),
        (400, UNKNOWN_KEY.to_owned())
    );
}

#[test]
fn the_key_does_not_show() {
    let (server, mut client) = pair();
    client.send(
        "POST",
        "/1/batch/shop",
        &[JSON, ("x-honeycomb-team", "very-secret")],
        BODY,
    );
    let shown = format!("{server:?} {:?} {:?}", server.requests(), server.events());
    assert!(!shown.contains("very-secret"), "{shown}");
    assert_eq!(server.events()[0].api_key, "very-secret");
    assert_eq!(
        server.requests()[0].headers.get("X-Honeycomb-Team"),
        Some("very-secret")
    );
}

#[test]
fn malformed_json() {
    let server = Server::start().unwrap();
    let bodies = [
        "{",
        "nonsense",
        "{\"data\":{}}",
        "1",
        "null",
        "[{\"data\":{\"a\":NaN}}]",
        "[{\"data\":{\"a\":1}},{\"data\":{\"a\":Infinity}}]",
        "[{\"data\":{\"a\":1}}",
        "[{\"data\":{\"a\":1}}] x",
        "[{\"data\":{\"a\":1}},]",
        "['a']",
        "[{\"data\":{\"a\":01}}]",
    ];
    for body in bodies {
        let answer = post(&server, body);
        assert_eq!(
            (answer.status, answer.error()),
            (400, MALFORMED.to_owned()),
            "{body}"
        );
    }
    assert_eq!(
        post(&server, b"[{\"data\":{\"a\":\"\xff\"}}]").error(),
        MALFORMED
    );
    for body in ["", " ", "[]"] {
        assert_eq!(
            post(&server, body).error(),
            "Request body should not be empty.",
            "{body:?}"
        );
    }
    assert!(server.events().is_empty());
}

#[test]
fn the_content_type_is_exact() {
    let (_server, mut client) = pair();
    for given in [
        "text/plain",
        "application/json; charset=utf-8",
        "application/jsonx",
        "application/x-www-form-urlencoded",
    ] {
        let answer = client.send(
            "POST",
            "/1/batch/shop",
            &[KEY, ("content-type", given)],
            BODY,
        );
        assert_eq!(answer.status, 415);
        assert_eq!(
            answer.error(),
            format!("Content-Type must be exactly application/json, not {given:?}")
        );
    }
    let answer = client.send("POST", "/1/batch/shop", &[KEY], BODY);
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (
            415,
            "Content-Type must be exactly application/json, and there is none"
        )
    );
}

#[test]
fn other_encodings() {
    let (_server, mut client) = pair();
    for encoding in ["br", "deflate", "identity", "GZIP", "gzip, zstd"] {
        let answer = client.post("/1/batch/shop", &[("content-encoding", encoding)], BODY);
        let error = format!("unsupported Content-Encoding {encoding:?}: use gzip, zstd or none");
        assert_eq!((answer.status, answer.error()), (415, error));
    }
    for encoding in ["gzip", "zstd"] {
        let answer = client.post("/1/batch/shop", &[("content-encoding", encoding)], BODY);
        assert_eq!((answer.status, answer.error()), (400, MALFORMED.to_owned()));
    }
}

#[test]
fn other_paths_and_methods() {
    let (server, mut client) = pair();
    for path in [
        "/",
        "/1/batch",
        "/1/batch/",
        "/1/batch/a/b",
        "/1/events/a/",
        "/1/boards",
        "/2/batch/a",
    ] {
        let answer = client.post(path, &[], BODY);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.error().starts_with("not found"), "{}", answer.body);
    }
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let answer = client.send(method, "/1/batch/shop", &[KEY, JSON], BODY);
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (405, "method not allowed: use POST")
        );
        assert!(answer.headers.contains("allow: post"), "{}", answer.headers);
    }
    assert_eq!(
        client.post("/1/auth", &[], BODY).error(),
        "method not allowed: use GET"
    );
    let statuses: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(
        statuses,
        [404, 404, 404, 404, 404, 404, 404, 405, 405, 405, 405, 405]
    );
}

#[test]
fn mutated_bodies_are_answered() {
    let (_server, mut client) = pair();
    let body = r#"[{"time":"2006-01-02T15:04:05.99+01:00","samplerate":2,"data":{"a":"\u00e9\n","b":[1,{"c":-0.5e3}],"d":null}},{"time":1452759330927,"data":{"e":true}}]"#;
    let interesting = b"\"\\{}[],:.-+0919eTZ\x00\xff \n";
    let mut state = 7_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for _ in 0..3_000 {
        let mut mutated = body.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let place = random(mutated.len());
            match random(3) {
                0 => mutated[place] = interesting[random(interesting.len())],
                1 => _ = mutated.remove(place),
                _ => mutated.insert(place, interesting[random(interesting.len())]),
            }
        }
        let answer = client.post("/1/batch/shop", &[], &mutated);
        assert!(
            matches!(answer.status, 200 | 400),
            "{answer:?} to {}",
            String::from_utf8_lossy(&mutated)
        );
    }
}
