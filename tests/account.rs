//! `honey::verify` and `honey::markers`: what the server says, or exactly what is wrong, within the time given.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support::addresses::Refusing;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use honey::markers::Marker;
use honey::{Client, Config, RequestError, Verified};
use honey_local::{KnownKey, Server};
use serde_json::json;

const KEY: &str = concat!("honeykey", "4test-account");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn client(config: Config) -> Client {
    Client::new(config.dataset("account").silent()).unwrap()
}

fn verify(config: Config) -> Result<Verified, RequestError> {
    honey::with_client(&client(config), || honey::verify(LONG))
}

/// What is wrong, with everything that it must not say looked for.
fn refusal(config: Config) -> RequestError {
    let error = verify(config).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains(KEY) && !text.contains("hunter2"), "{text}");
    error
}

fn to(api_host: impl Into<String>) -> Config {
    Config::new(KEY).api_host(api_host)
}

/// A server that reads a request's head, says `answer`, and closes.
fn saying(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_key_that_works_is_described() {
    let key = KnownKey::new(KEY).team("Bakery").environment("test");
    let server = Server::builder().keys([key]).start().unwrap();
    let verified = verify(to(server.url())).unwrap();
    assert_eq!(
        (verified.team.as_str(), verified.environment.as_str()),
        ("Bakery", "test")
    );
    assert_eq!(verified.key_type, "ingest");
    assert!(verified.may("events") && verified.may("createDatasets") && !verified.may("boards"));
    assert_eq!(
        verified.to_string(),
        "team \"Bakery\", environment \"test\", ingest key: createDatasets, events, markers"
    );
    let classic = KnownKey::new(KEY).environment("");
    let server = Server::builder().keys([classic]).start().unwrap();
    let shown = verify(to(server.url())).unwrap().to_string();
    assert!(shown.contains("classic"), "{shown}");
}

#[test]
fn a_key_that_does_not_work_says_why() {
    let another = KnownKey::new("another");
    let server = Server::builder().keys([another]).start().unwrap();
    let unknown = refusal(to(server.url()));
    assert!(unknown.is_unauthorized(), "{unknown}");
    assert_eq!(unknown.status(), Some(401));
    assert!(unknown.to_string().contains("EU"), "{unknown}");

    let silent = KnownKey::new(KEY).team("Bakery").send_events(false);
    let server = Server::builder().keys([silent]).start().unwrap();
    let forbidden = refusal(to(server.url()));
    assert!(forbidden.is_forbidden(), "{forbidden}");
    let text = forbidden.to_string();
    assert!(
        text.contains("Send Events") && text.contains("Bakery"),
        "{text}"
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_told_by_its_kind() {
    let (server, nobody) = (Server::start().unwrap(), Refusing::new().unwrap());
    let refused = refusal(to(nobody.url()));
    assert!(refused.is_unreachable(), "{refused}");
    assert!(refused.to_string().contains("Nothing listens"), "{refused}");

    let unknown = refusal(to("https://honey.invalid"));
    assert!(unknown.is_unreachable(), "{unknown}");
    assert!(unknown.to_string().contains("spelled right"), "{unknown}");

    let plain = refusal(to(server.url().replace("http://", "https://")));
    assert!(plain.is_tls(), "{plain}");
    assert!(plain.to_string().contains("Config::tls"), "{plain}");

    let broken = refusal(to(saying("")));
    assert!(broken.is_unreachable(), "{broken}");
}

#[test]
fn a_proxy_that_is_in_the_way_is_named() {
    let nobody = Refusing::new().unwrap();
    let proxy = nobody.url().replace("http://", "http://u:hunter2@");
    let away = refusal(to("https://honey.invalid").proxy(proxy));
    assert!(away.is_unreachable(), "{away}");
    assert!(away.to_string().contains("Config::proxy"), "{away}");
    let locked = saying("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    for api_host in ["https://honey.invalid", "http://honey.invalid"] {
        let refused = refusal(to(api_host).proxy(locked.clone()));
        let text = refused.to_string();
        assert!(
            text.contains("password") || text.contains("Config::proxy"),
            "{text}"
        );
    }
}

#[test]
fn an_answer_of_somebody_else_is_recognized() {
    for (answer, advice) in [
        (
            "HTTP/1.1 302 Found\r\nlocation: https://sign.in/\r\ncontent-length: 0\r\n\r\n",
            "redirect",
        ),
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "path prefix",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<html></html>",
            "Honeycomb's API",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            "Honeycomb's API",
        ),
        (
            "HTTP/1.1 503 Busy\r\ncontent-length: 16\r\n\r\n{\"error\":\"wait\"}",
            "\"wait\"",
        ),
        (
            "HTTP/1.1 429 Slow\r\ncontent-length: 0\r\n\r\n",
            "slow down",
        ),
    ] {
        let error = refusal(to(saying(answer)));
        assert!(error.status().is_some());
        assert!(error.to_string().contains(advice), "{error}");
    }
}

#[test]
fn it_never_waits_longer_than_it_was_told() {
    // Connections are taken by the system, and never answered.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", mute.local_addr().unwrap());
    let client = client(to(url));
    honey::with_client(&client, || {
        let started = Instant::now();
        let error = honey::verify(Duration::from_millis(50)).unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert!(error.to_string().contains("50ms"), "{error}");
        assert!(started.elapsed() < LONG);
        assert!(honey::verify(Duration::ZERO).unwrap_err().is_timeout());
    });
}

#[test]
fn without_a_server_to_ask_it_says_so() {
    let discards = refusal(to(""));
    assert!(
        discards.to_string().contains("nothing to a server"),
        "{discards}"
    );
    let nobody = honey::verify(LONG).unwrap_err();
    assert!(nobody.to_string().contains("honey::init"), "{nobody}");
    let server = Server::start().unwrap();
    let closed = client(to(server.url()));
    closed.close(LONG);
    let error = honey::with_client(&closed, || honey::verify(LONG)).unwrap_err();
    assert!(error.to_string().contains("before `close`"), "{error}");
}

#[test]
fn it_works_from_inside_any_runtime_and_not_from_honeys_own_threads() {
    let server = Server::start().unwrap();
    let (sender, heard) = mpsc::channel();
    let config = to(server.url()).on_response(move |_| {
        let _ = sender.send(honey::verify(LONG).map_err(|error| error.to_string()));
    });
    let client = client(config);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    honey::with_client(&client, || {
        // Neither timer nor reactor, and one thread.
        assert!(runtime.block_on(honey::verify_async(LONG)).is_ok());
        assert!(runtime.block_on(async { honey::verify(LONG) }).is_ok());
        let mut event = honey::Event::new();
        event.add_field("a", 1);
        event.send();
    });
    let inside = heard.recv_timeout(LONG).unwrap().unwrap_err();
    assert!(inside.contains("own code"), "{inside}");
    client.close(LONG);
}

#[test]
fn a_marker_arrives_with_all_it_says() {
    let server = Server::start().unwrap();
    let client = client(to(server.url()).header("X-Gateway", "yes"));
    let second = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
    honey::with_client(&client, || {
        Marker::new("plain \"quoted\"").post(LONG).unwrap();
        let full = Marker::new("checkout 1.4.2")
            .kind("deploy")
            .url("https://ci.example/1742")
            .start(second(1_700_000_000))
            .end(second(1_700_000_060));
        full.clone().dataset(" my/set ").post(LONG).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime
            .block_on(full.everywhere().post_async(LONG))
            .unwrap();
    });
    let markers = server.markers();
    assert_eq!(
        markers
            .iter()
            .map(|marker| marker.dataset.as_str())
            .collect::<Vec<_>>(),
        ["account", "my/set", "__all__"]
    );
    assert_eq!(markers[0].data["message"], "plain \"quoted\"");
    for marker in &markers[1..] {
        let data = serde_json::Value::from(marker.data.clone());
        assert_eq!(
            data,
            json!({
                "message": "checkout 1.4.2", "type": "deploy", "url": "https://ci.example/1742",
                "start_time": 1_700_000_000, "end_time": 1_700_000_060,
            })
        );
    }
    assert_eq!(server.requests()[0].headers.get("x-gateway"), Some("yes"));
}

#[test]
fn a_marker_that_is_refused_says_why() {
    let another = KnownKey::new("another");
    let server = Server::builder().keys([another]).start().unwrap();
    let nobody = Refusing::new().unwrap();
    for (api_host, advice) in [
        (server.url(), "API key"),
        (
            saying("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"),
            "Manage Markers",
        ),
        (nobody.url(), "Nothing listens"),
    ] {
        let error = honey::with_client(&client(to(api_host)), || Marker::new("x").post(LONG));
        let error = error.unwrap_err().to_string();
        assert!(error.contains(advice) && !error.contains(KEY), "{error}");
    }
    let client = client(to(server.url()));
    let hostile = Marker::new("x").dataset("a\r\nX-Evil: 1");
    let error = honey::with_client(&client, || hostile.post(LONG)).unwrap_err();
    assert!(error.to_string().contains("control characters"), "{error}");
}
