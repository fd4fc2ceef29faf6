//! Ends of all kinds: of the client, of threads, of functions, of futures.
#![expect(clippy::panic, reason = "a function under test panics on purpose")]

use std::cell::RefCell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;

use honey::{Client, DropReason, FutureExt as _};
use honey_test_support::{Act, Request, Server, until};
use serde_json::Value;

use crate::rig::{LONG, Rig};

fn arrived(server: &Server) -> Vec<Value> {
    let events = server
        .seen()
        .iter()
        .flat_map(Request::events)
        .collect::<Vec<_>>();
    events
        .into_iter()
        .map(|mut event| event["data"].take())
        .collect()
}

#[test]
fn send_flush_and_close_after_close() {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    rig.offer(10);
    for _ in 0..2 {
        let report = rig.client.close(LONG);
        assert!(report.in_time, "{report}");
        rig.offer(5);
        assert!(rig.client.flush(LONG));
    }
    let stats = rig.end();
    assert_eq!(
        (stats.accepted, stats.dropped.by(DropReason::Closed)),
        (10, 10),
        "{stats}"
    );
}

#[test]
fn send_flush_and_close_at_once_from_many_threads() {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| rig.offer(500));
            threads.spawn(|| rig.client.flush(LONG));
            threads.spawn(|| {
                until("some that arrived", || rig.balance().accepted > 0);
                assert!(rig.client.close(LONG).in_time);
            });
        }
    });
    let stats = rig.end();
    assert_eq!(
        stats.accepted + stats.dropped.by(DropReason::Closed),
        4_000,
        "{stats}"
    );
}

/// Sends, flushes and closes when it is dropped.
struct Last(Client);

impl Drop for Last {
    fn drop(&mut self) {
        for _ in 0..2 {
            let mut event = self.0.builder().new_event();
            event.add_field("last", true);
            event.send();
            assert!(self.0.flush(LONG));
            assert!(self.0.close(LONG).in_time);
        }
    }
}

#[test]
fn send_flush_and_close_from_a_drop() {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    let last = Last(rig.client.clone());
    rig.count_one();
    rig.count_one();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _last = last;
        panic!("on purpose: the drop happens while unwinding")
    }));
    assert!(panicked.is_err());
    let stats = rig.end();
    assert_eq!(
        (stats.accepted, stats.dropped.by(DropReason::Closed)),
        (1, 1),
        "{stats}"
    );
}

#[test]
fn send_flush_and_close_from_a_tls_destructor() {
    thread_local! {
        static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
    }
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    rig.count_one();
    rig.count_one();
    let last = Last(rig.client.clone());
    let thread = thread::spawn(|| LAST.with(|place| place.replace(Some(last))).is_none());
    assert!(thread.join().unwrap());
    let stats = rig.end();
    assert_eq!(
        (stats.accepted, stats.dropped.by(DropReason::Closed)),
        (1, 1),
        "{stats}"
    );
}

#[test]
fn send_flush_and_close_from_inside_a_runtime() {
    let current = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let multi = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    for runtime in [current.unwrap(), multi.unwrap()] {
        let server = Server::new(Act::accept);
        let rig = Rig::to(server.url());
        runtime.block_on(async {
            rig.offer(10);
            assert!(rig.client.flush_async(LONG).await);
            rig.offer(10);
            assert!(rig.client.flush(LONG), "blocking, and allowed");
            rig.client.close(LONG);
        });
        assert_eq!(rig.end().accepted, 20);
    }
}

#[honey::event(fields(id))]
fn panics(id: u64) {
    honey::current().add_field("got.to", "here");
    panic!("on purpose: {id}")
}

#[test]
fn panic_in_an_events_function() {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    rig.count_one();
    honey::with_client(&rig.client, || assert!(catch_unwind(|| panics(7)).is_err()));
    rig.settled();
    let event = &arrived(&server)[0];
    for (key, value) in [
        ("outcome", Value::from("panic")),
        ("error", true.into()),
        ("error.type", "panic".into()),
        ("id", 7.into()),
        ("got.to", "here".into()),
    ] {
        assert_eq!(event[key], value, "{key} in {event}");
    }
    assert_eq!(rig.end().accepted, 1);
}

#[honey::event(fields(id))]
async fn never_ends(id: u64) -> u64 {
    honey::current().add_field("got.to", "here");
    pending::<()>().await;
    id
}

#[test]
fn async_event_dropped_before_it_ends() {
    let server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    {
        let mut polled = pin!(never_ends(7).with_client(&rig.client));
        let _never_polled = never_ends(8).with_client(&rig.client);
        assert!(
            polled
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        assert_eq!(rig.balance().open, 1);
    }
    rig.count_one();
    rig.settled();
    let event = &arrived(&server)[0];
    assert_eq!(
        (&event["outcome"], &event["got.to"], &event["id"]),
        (&"cancelled".into(), &"here".into(), &7.into())
    );
    assert_eq!(event.get("error"), None);
    assert_eq!(rig.end().accepted, 1);
}
