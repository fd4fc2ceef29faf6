//! Events that no server would take as they are.

use honey::{DropReason, Event};
use honey_test_support::{Act, Request, Server};
use serde_json::Value;

use crate::rig::{Rig, gathering};

/// One event that `fill` filled, at a client with these settings: its data as it arrived, if it did.
fn arrives(
    settings: impl FnOnce(honey::Config) -> honey::Config,
    fill: impl FnOnce(&mut Event),
) -> (Option<Value>, honey::Stats) {
    let server = Server::new(Act::accept);
    let rig = Rig::new(settings(gathering(server.url())));
    rig.count_one();
    let mut event = rig.client.builder().new_event();
    fill(&mut event);
    event.send();
    rig.settled();
    let mut arrived = server
        .seen()
        .iter()
        .flat_map(Request::events)
        .collect::<Vec<_>>();
    assert!(arrived.len() <= 1);
    (
        arrived.pop().map(|mut event| event["data"].take()),
        rig.end(),
    )
}

#[test]
fn event_too_large_for_its_strings() {
    let (data, stats) = arrives(
        |config| config.max_event_bytes(2_000),
        |event| {
            event.add_field("short", "kept");
            event.add_field("long", "x".repeat(10_000));
        },
    );
    let data = data.unwrap();
    assert_eq!(data["short"], "kept");
    assert!(
        data["long"]
            .as_str()
            .is_some_and(|text| (100..2_000).contains(&text.len())),
        "{data}"
    );
    assert!(
        data["meta.truncated"].to_string().contains("long"),
        "{data}"
    );
    assert_eq!((stats.accepted, stats.truncated), (1, 1), "{stats}");
}

#[test]
fn event_too_large_for_its_numbers() {
    let (data, stats) = arrives(
        |config| config.max_event_bytes(1_000),
        |event| {
            for number in 0..500 {
                event.add_field(format!("number.{number}"), number);
            }
        },
    );
    assert_eq!(data, None);
    assert_eq!(stats.dropped.by(DropReason::TooLarge), 1, "{stats}");
}

#[test]
fn too_many_fields() {
    let (data, stats) = arrives(
        |config| config,
        |event| {
            for number in 0..2_500 {
                event.add_field(format!("f{number}"), number);
            }
        },
    );
    let data = data.unwrap();
    assert!(
        data.as_object().is_some_and(|fields| fields.len() <= 2_000),
        "{}",
        data.as_object().unwrap().len()
    );
    assert_eq!((stats.accepted, stats.truncated), (1, 1), "{stats}");
}

#[test]
fn nan_and_infinities() {
    let (data, stats) = arrives(
        |config| config,
        |event| {
            event.add_field("nan", f64::NAN);
            event.add_field("more", f64::INFINITY);
            event.add_field("less", f32::NEG_INFINITY);
            event.add_field("fine", 1.5);
        },
    );
    assert_eq!(data.unwrap(), serde_json::json!({"fine": 1.5}));
    assert_eq!((stats.accepted, stats.bad_values), (1, 3), "{stats}");
}

#[test]
fn bad_keys() {
    let keys = [
        "",
        "\"",
        "a\":1,\"forged",
        "\n\0\u{7f}",
        "ключ ✓",
        "a.b",
        "\\",
    ];
    let (data, stats) = arrives(
        |config| config,
        |event| {
            for key in keys {
                event.add_field(key.to_owned(), true);
            }
        },
    );
    let data = data.unwrap();
    for key in keys {
        assert_eq!(data[key], true, "{key:?} in {data}");
    }
    assert_eq!(data.as_object().unwrap().len(), keys.len());
    assert_eq!(stats.accepted, 1, "{stats}");
}

#[test]
fn duplicate_keys() {
    let server = Server::new(Act::accept);
    let rig = Rig::gathering(server.url());
    rig.client.scope().add_field("twice", "scope");
    rig.count_one();
    let mut event = rig.client.builder().new_event();
    event.add_field("twice", 1);
    event.add_field("twice".to_owned(), 2);
    event.send();
    rig.settled();
    let body = String::from_utf8(server.seen()[0].body.clone()).unwrap();
    assert!(
        body.matches("twice").count() == 1 && body.contains(r#""twice":2"#),
        "{body}"
    );
    assert_eq!(rig.end().accepted, 1);
}

#[test]
fn no_fields() {
    let (data, stats) = arrives(|config| config, |_| ());
    assert_eq!(data, None);
    assert_eq!(stats.dropped.by(DropReason::NoFields), 1, "{stats}");
}
