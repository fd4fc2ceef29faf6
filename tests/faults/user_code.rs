//! Code of users that panics while honey runs it.
#![expect(clippy::panic, reason = "its users panic on purpose")]

use std::fmt;
use std::sync::OnceLock;

use honey::{Client, DiagnosticKind, FieldSink, HoneyFields};
use honey_test_support::{Act, Request, Server};
use serde_json::Value;

use crate::rig::{KEY, LONG, Rig, config};

struct Bad;

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it")?;
        panic!("on purpose")
    }
}

impl HoneyFields for Bad {
    fn record(&self, sink: &mut FieldSink<'_>) {
        sink.put("before", honey::Value::I64(1));
        panic!("on purpose")
    }
}

/// What arrives of one event that `fill` filled.
fn arrives(fill: impl FnOnce(&mut honey::Event)) -> Value {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    rig.count_one();
    let mut event = rig.client.builder().new_event();
    fill(&mut event);
    event.add_field("after", true);
    event.send();
    assert_eq!(rig.settled().user_panics, 1);
    rig.said_once(DiagnosticKind::UserPanic);
    assert_eq!(rig.end().accepted, 1);
    server
        .seen()
        .iter()
        .flat_map(Request::events)
        .next()
        .unwrap()["data"]
        .clone()
}

#[test]
fn a_display_panics() {
    let data = arrives(|event| {
        event.add_field("bad", honey::display(&Bad));
    });
    assert_eq!(
        (&data["bad"], &data["after"]),
        (&"[panicked while being recorded]".into(), &true.into()),
        "{data}"
    );
}

#[test]
fn a_users_fields_panic() {
    let data = arrives(|event| {
        event.add(&Bad);
    });
    assert_eq!(data["after"], true, "{data}");
}

#[test]
fn a_dynamic_field_panics() {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    rig.client
        .scope()
        .add_dynamic_field("bad", || -> u64 { panic!("on purpose") });
    rig.client.scope().add_dynamic_field("good", || 1);
    rig.offer(1);
    assert_eq!(rig.settled().user_panics, 1);
    let event = server.seen()[0].events()[0]["data"].clone();
    assert_eq!(
        (&event["good"], &event["n"]),
        (&1.into(), &0.into()),
        "{event}"
    );
    assert_eq!(rig.end().accepted, 1);
}

#[test]
fn a_handler_panics_and_makes_events() {
    // Made by hand: the handler of a rig listens. Events made by honey's own threads are never recorded, or sending them would
    // make the next.
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let server = Server::new(|_| Act::status(400, "no"));
    let config = config(server.url()).on_diagnostic(|_, _| {
        honey::with_client(CLIENT.wait(), || drop(honey::start_child("about sending")));
        panic!("on purpose")
    });
    let client = CLIENT.get_or_init(|| Client::new(config).unwrap());
    let mut event = client.builder().new_event();
    event.add_field("a", 1);
    event.send();
    assert!(client.flush(LONG));
    let stats = client.close(LONG).stats;
    assert_eq!((stats.created, stats.rejected), (1, 1), "{stats}");
    assert!(stats.is_balanced(), "{stats}");
    assert!(!format!("{:?}", server.seen()[0].body).contains(KEY));
}
