//! Code of users that honey runs, or drops: whatever it does, the host program goes on.
#![cfg(feature = "testing")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and its users panic on purpose"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use honey::testing::capture;
use honey::transmission::Discard;
use honey::{Client, Config, FieldSink, HoneyFields};

const LONG: Duration = Duration::from_secs(60);

/// Calls a function when it is dropped.
struct OnDrop(Box<dyn Fn() + Send + Sync>);

impl OnDrop {
    fn new(call: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Box::new(call))
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn nowhere() -> Client {
    Client::new(Config::new("k").transmission(Discard).silent()).unwrap()
}

fn send_one(client: &Client) {
    honey::with_client(client, || {
        let mut event = honey::Event::new();
        event.add_field("a", 1);
        event.send();
    });
}

#[test]
fn what_a_scope_holds_may_come_back_when_it_is_dropped() {
    let (first, second) = (nowhere(), nowhere());
    let again = second.clone();
    let value = OnDrop::new(move || {
        honey::with_client(&again, || ());
        let _ = (honey::stats(), honey::current());
    });
    first.scope().add_dynamic_field("holds", move || {
        let _ = &value;
        1
    });
    // The thread's pooled buffer keeps the first client's scope, and gives it up when it serves the second.
    send_one(&first);
    first.close(LONG);
    drop(first);
    send_one(&second);
    assert_eq!(second.close(LONG).stats.created, 1);
}

#[test]
fn metadata_that_panics_when_dropped_harms_nobody() {
    let client = nowhere();
    for sample_rate in [1, u32::MAX] {
        let mut event = client.builder().new_event();
        event.add_field("a", 1);
        event.set_sample_rate(sample_rate);
        event.add_metadata("m", OnDrop::new(|| panic!("on purpose")));
        event.send();
    }
    let mut unsent = client.builder().new_event();
    unsent.add_metadata("m", OnDrop::new(|| panic!("on purpose")));
    drop(unsent);
    // Now somebody asks.
    let responses = client.responses();
    let mut event = client.builder().new_event();
    event.add_field("a", 1);
    event.add_metadata("m", OnDrop::new(|| panic!("on purpose")));
    event.send();
    let stats = client.close(LONG).stats;
    assert!(stats.created == 4 && stats.is_balanced(), "{stats}");
    // What is read is the reader's to drop. Events that ended before somebody asked have no metadata left.
    let mut panicked = 0;
    while let Ok(response) = responses.recv_timeout(LONG) {
        panicked += u32::from(catch_unwind(AssertUnwindSafe(|| drop(response))).is_err());
    }
    assert_eq!(panicked, 1);
}

/// Panics with a payload whose `Drop` panics again.
struct Twice;

impl HoneyFields for Twice {
    fn record(&self, _: &mut FieldSink<'_>) {
        std::panic::panic_any(OnDrop::new(|| panic!("the payload, on purpose")));
    }
}

#[test]
fn a_panic_whose_payload_panics_stays_inside() {
    let captured = capture(|| {
        let mut event = honey::Event::new();
        event.add(&Twice);
        event.add_field("after", true);
        event.send();
    });
    assert_eq!(captured.events()[0].field("after"), Some(&true.into()));
    assert_eq!(captured.stats().user_panics, 1);
}

#[test]
fn a_dynamic_field_that_panics_costs_only_itself() {
    let captured = capture(|| {
        honey::global().add_dynamic_field("bad", || -> u64 { panic!("on purpose") });
        honey::global().add_dynamic_field("good", || 1);
        honey::in_child_event("work", || ());
    });
    let work = captured.event("work");
    assert_eq!(
        (work.field("bad"), work.field("good")),
        (None, Some(&1.into()))
    );
    assert_eq!(captured.stats().user_panics, 1);
}
