//! The three scopes of libhoney, global, Builder and event: what each passes on, when, and what wins.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, UNIX_EPOCH};

use honey::testing::{CapturedEvent, capture};
use honey::{Builder, Client, Config, Event, FutureExt as _, HoneyFields};
use honey_local::Server;
use serde::Serialize;
use serde_json::{Value, json};

const KEY: &str = concat!("honeykey", "4test-scopes");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn client(server: &Server, dataset: &str) -> Client {
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset(dataset)
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG);
    Client::new(config.silent()).unwrap()
}

fn data(event: &CapturedEvent) -> Value {
    Value::from(event.data().clone())
}

/// What one event holds that `make` sends.
fn only(make: impl FnOnce()) -> Value {
    let captured = capture(make);
    assert_eq!(captured.events().len(), 1);
    data(&captured.events()[0])
}

#[derive(HoneyFields, Serialize)]
struct Host {
    host: &'static str,
    cores: u32,
}

const HOST: Host = Host {
    host: "h",
    cores: 2,
};

#[test]
fn every_adder_at_every_scope() {
    let event = only(|| {
        let global = honey::global();
        global.add_field("g.field", 1);
        global.add(&BTreeMap::from([("g.map", 2)]));
        global.add_json(&json!({"g": {"json": 3}}));
        global.add_dynamic_field("g.dynamic", || 4);
        global.add_dynamic_field("g.none", || None::<u8>);
        let mut builder = Builder::new();
        builder
            .add_field("b.field", 1)
            .add(&[("b.pair", 2)])
            .add_json(&json!({"b": {"json": 3}}))
            .add_dynamic_field("b.dynamic", || 4);
        let mut event = builder.new_event();
        event.add_field("e.field", 1);
        event.add(&HOST);
        event.add(&vec![
            ("e.pair".to_owned(), "x"),
            ("e.pairs".to_owned(), "y"),
        ]);
        event.add_json(&json!({"e": {"json": 3}}));
        drop(event.timer("e.timer_ms"));
        event.send();
    });
    let mut event = event;
    let timer = event["e.timer_ms"].take();
    assert!(timer.as_f64().unwrap() >= 0.0);
    assert_eq!(
        event,
        json!({
            "g.field": 1, "g.map": 2, "g.json": 3, "g.dynamic": 4,
            "b.field": 1, "b.pair": 2, "b.json": 3, "b.dynamic": 4,
            "e.field": 1, "host": "h", "cores": 2, "e.pair": "x", "e.pairs": "y", "e.json": 3, "e.timer_ms": null,
        })
    );
}

#[test]
fn the_nearer_scope_wins_and_within_one_the_later_value() {
    let event = only(|| {
        honey::global().add_field("a", "global");
        honey::global().add_field("b", "global");
        honey::global().add_field("c", "global");
        honey::global().add_field("d", "global");
        honey::global().add_dynamic_field("c", || "dynamic");
        honey::global().add_dynamic_field("d", || "dynamic");
        let mut builder = Builder::new();
        builder
            .add_field("b", "builder")
            .add_field("b", "builder, later");
        builder.add_field("c", "builder");
        let mut event = builder.new_event();
        event.add_field("d", "event");
        event.add_field("d", "event, later");
        event.add_field("a", None::<u8>);
        event.send();
    });
    assert_eq!(
        event,
        json!({"a": "global", "b": "builder, later", "c": "dynamic", "d": "event, later"})
    );
}

#[test]
fn each_scope_copies_the_one_around_it_when_it_is_made() {
    let captured = capture(|| {
        honey::global().add_field("of", "first");
        let early = Event::new();
        let mut builder = Builder::new();
        honey::global().add_field("of", "second");
        honey::global().add_field("more", true);
        let of_builder = builder.new_event();
        builder.add_field("builder", true);
        let of_builder_later = builder.new_event();
        let late = Event::new();
        for event in [early, of_builder, of_builder_later, late] {
            event.send();
        }
    });
    let events: Vec<Value> = captured.events().iter().map(data).collect();
    assert_eq!(
        events,
        [
            json!({"of": "first"}),
            json!({"of": "first"}),
            json!({"of": "first", "builder": true}),
            json!({"of": "second", "more": true}),
        ]
    );
}

#[test]
fn a_cloned_builder_goes_its_own_way_in_both_directions() {
    let calls = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&calls);
    let captured = capture(|| {
        let mut parent = Builder::new();
        parent
            .add_field("shared", 1)
            .add_dynamic_field("call", move || counted.fetch_add(1, Ordering::Relaxed))
            .set_dataset("parent")
            .set_sample_rate(3);
        let mut child = parent.clone();
        child
            .add_field("child", true)
            .set_dataset("child")
            .set_sample_rate(5);
        parent.add_field("parent", true);
        let grandchild = child.clone();
        for builder in [&parent, &child, &grandchild] {
            builder.new_event().send_presampled();
        }
    });
    let seen: Vec<_> = captured
        .events()
        .iter()
        .map(|event| (event.dataset(), event.sample_rate(), data(event)))
        .collect();
    assert_eq!(
        seen,
        [
            ("parent", 3, json!({"shared": 1, "parent": true, "call": 0})),
            ("child", 5, json!({"shared": 1, "child": true, "call": 1})),
            ("child", 5, json!({"shared": 1, "child": true, "call": 2})),
        ]
    );
}

#[test]
fn dynamic_fields_run_when_the_event_is_made() {
    let now = Arc::new(AtomicU64::new(1));
    let read = Arc::clone(&now);
    let event = only(|| {
        honey::global().add_dynamic_field("now", move || read.load(Ordering::Relaxed));
        let event = Event::new();
        now.store(2, Ordering::Relaxed);
        event.send();
    });
    assert_eq!(event, json!({"now": 1}));
}

#[test]
fn what_is_given_before_init_is_kept_for_it() {
    honey::global().add_field("early", true);
    honey::global().add_json(&json!({"early": {"json": 1}}));
    honey::global().add_dynamic_field("early.dynamic", || 7);
    let mut builder = Builder::new();
    builder.add_field("builder", "early");
    // 1,000 fields may wait; what comes beyond is left out as a whole.
    let crowd: BTreeMap<String, u8> = (0..1_000).map(|n| (format!("crowd{n}"), 0)).collect();
    honey::global().add(&crowd);
    Event::new().send();

    let server = Server::start().unwrap();
    let config = Config::new(KEY).api_host(server.url()).dataset("d");
    let guard = honey::init(config.default_fields(false).silent()).unwrap();
    builder.new_event().send();
    assert_eq!(
        guard.close(LONG).stats.created,
        1,
        "there was no client before"
    );
    let event = &server.events()[0];
    assert_eq!(
        Value::from(event.data.as_ref().clone()),
        json!({"early": true, "early.json": 1, "early.dynamic": 7, "builder": "early"})
    );
}

#[test]
fn clients_are_isolated_on_threads_and_in_interleaved_futures() {
    let (one, other) = (Server::start().unwrap(), Server::start().unwrap());
    let clients = [client(&one, "one"), client(&other, "other")];
    for (client, name) in clients.iter().zip(["one", "other"]) {
        honey::with_client(client, || honey::global().add_field("client", name));
    }
    let task = |number: u64| async move {
        for step in 0..3_u64 {
            let mut event = Event::new();
            event.add_field("step", number * 10 + step);
            event.send();
            honey::in_child_event("timed", || ());
            tokio::task::yield_now().await;
        }
    };
    let mut context = Context::from_waker(Waker::noop());
    let mut first = pin!(task(1).with_client(&clients[0]));
    let mut second = pin!(task(2).with_client(&clients[1]));
    while first.as_mut().poll(&mut context).is_pending()
        | second.as_mut().poll(&mut context).is_pending()
    {}
    // Nested: the innermost counts, and the one before comes back.
    honey::with_client(&clients[0], || {
        honey::with_client(&clients[1], || honey::send_now(&[("nested", "inner")]));
        honey::send_now(&[("nested", "outer")]);
    });
    for (client, server) in clients.iter().zip([&one, &other]) {
        let stats = client.close(LONG).stats;
        assert!(stats.accepted == 7 && stats.is_balanced(), "{stats}");
        let name = server.events()[0].str("client").unwrap().to_owned();
        for event in server.events() {
            assert_eq!(event.dataset, name.as_str());
            assert_eq!(event.str("client"), Some(name.as_str()));
            let step = event.u64("step").map(|step| step / 10);
            let expected = if name == "one" { 1 } else { 2 };
            assert!(step.is_none_or(|number| number == expected));
            let nested = event.str("nested");
            let expected = if name == "one" { "outer" } else { "inner" };
            assert!(nested.is_none_or(|nested| nested == expected));
        }
    }
}

#[test]
fn send_now_is_one_event_with_the_scopes_fields() {
    let captured = capture(|| {
        honey::global().add_field("global", true);
        honey::send_now(&BTreeMap::from([("duration_ms", 153.12)]));
        let mut builder = Builder::new();
        builder.add_field("builder", true).set_dataset("other");
        builder.send_now(&HOST);
    });
    let events: Vec<Value> = captured.events().iter().map(data).collect();
    assert_eq!(
        events,
        [
            json!({"global": true, "duration_ms": 153.12}),
            json!({"global": true, "builder": true, "host": "h", "cores": 2}),
        ]
    );
    assert_eq!(captured.events()[1].dataset(), "other");
}

#[test]
fn an_events_time_is_when_it_was_made_or_what_it_was_given() {
    let captured = capture(|| {
        honey::global().add_field("a", 1);
        for time in [
            UNIX_EPOCH + Duration::new(1_456_707_661, 1),
            UNIX_EPOCH - Duration::from_secs(1),
        ] {
            let mut event = Event::new();
            event.set_timestamp(time);
            event.send();
        }
        Event::new().send();
    });
    let times: Vec<_> = captured.events().iter().map(CapturedEvent::time).collect();
    assert_eq!(
        times[..2],
        [
            "2016-02-29T01:01:01.000000001Z",
            "1969-12-31T23:59:59.000000000Z"
        ]
    );
    // Times of one form are in the order of their texts.
    assert!(times[2] > "2025-01-01T00:00:00Z", "{}", times[2]);
}

/// The first thing a thread does with honey may be to go on with an event of another, and to look for its client only then.
#[test]
fn an_event_goes_on_where_nothing_was_recorded_before() {
    #[honey::event]
    async fn outer() {
        tokio::task::yield_now().await;
        inner();
    }

    #[honey::event]
    fn inner() {}

    let events = honey::testing::Capture::new();
    let config = Config::new("").transmission(events.clone());
    let client = Client::new(config).unwrap();
    let mut future = Box::pin(outer());
    let begun = honey::with_client(&client, || {
        let mut context = Context::from_waker(Waker::noop());
        future.as_mut().poll(&mut context).is_pending()
    });
    assert!(begun);
    let elsewhere = std::thread::spawn(move || {
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_ready());
    });
    elsewhere.join().unwrap();
    let report = client.close(LONG);
    assert_eq!(report.stats.created, 2, "{report}");
    assert_eq!(events.take().len(), 2);
}
