//! The balance holds at every moment, not only at the end: asked while threads come and go, queues fill, clients close.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use honey::{Client, Config, DropReason};
use honey_local::Server;

const KEY: &str = concat!("honeykey", "4test-balance");
const LONG: Duration = Duration::from_secs(30);
const THREADS: u64 = 4;

fn client(server: &Server) -> Client {
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("d")
        .send_frequency(Duration::from_millis(1))
        .silent();
    Client::new(config).unwrap()
}

fn send(client: &Client, events: u64) {
    honey::with_client(client, || {
        for number in 0..events {
            let scope = honey::start_child("work");
            scope.handle().add_field("number", number);
            if number % 10 == 3 {
                scope.handle().discard();
            }
            drop(scope);
            if number % 5 == 0 {
                let mut event = honey::Event::new();
                event.add_field("number", number);
                event.send();
            }
        }
    });
}

/// How many events `send` ends, and how many of those it discards.
fn created(events: u64) -> (u64, u64) {
    (
        events + events.div_ceil(5),
        (0..events).filter(|number| number % 10 == 3).count() as u64,
    )
}

#[test]
fn it_holds_whenever_it_is_asked() {
    let server = Server::builder()
        .max_events(1_000)
        .max_request_bytes(0)
        .start()
        .unwrap();
    let client = client(&server);
    let done = AtomicBool::new(false);
    let asked = thread::scope(|scope| {
        let asker = scope.spawn(|| {
            let mut asked = 0;
            while !done.load(Ordering::SeqCst) {
                let stats = client.stats();
                assert!(stats.is_balanced(), "{stats}");
                asked += 1;
            }
            asked
        });
        let flusher = scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                assert!(client.flush(LONG), "{}", client.stats());
            }
        });
        for _ in 0..25 {
            let threads: Vec<_> = (0..THREADS)
                .map(|_| scope.spawn(|| send(&client, 200)))
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
        }
        done.store(true, Ordering::SeqCst);
        flusher.join().unwrap();
        asker.join().unwrap()
    });
    assert!(asked > 10, "asked only {asked} times");
    let stats = client.close(LONG).stats;
    let (created, discarded) = created(200);
    let rounds = 25 * THREADS;
    assert_eq!(
        (stats.created, stats.discarded.total()),
        (created * rounds, discarded * rounds),
        "{stats}"
    );
    assert_eq!(
        (stats.accepted, stats.pending, stats.open),
        ((created - discarded) * rounds, 0, 0),
        "{stats}"
    );
    assert!(stats.is_balanced(), "{stats}");
}

#[test]
fn it_holds_when_the_client_closes_under_its_threads() {
    let server = Server::builder()
        .max_events(1_000)
        .max_request_bytes(0)
        .start()
        .unwrap();
    for round in 0..20_u64 {
        let client = client(&server);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| send(&client, 500));
            }
            while client.stats().created < round * 50 {
                thread::yield_now();
            }
            let report = client.close(LONG);
            assert!(
                report.in_time && report.stats.pending == 0 && report.stats.is_balanced(),
                "{report}"
            );
        });
        // Events that were open when it closed ended afterwards.
        let stats = client.stats();
        assert!(
            stats.is_balanced() && stats.pending == 0 && stats.open == 0,
            "{stats}"
        );
        assert_eq!(
            stats.dropped.total(),
            stats.dropped.by(DropReason::Closed),
            "{stats}"
        );
    }
}

#[test]
fn a_full_queue_drops_the_newest_and_counts_them() {
    let server = Server::builder().max_events(1_000).start().unwrap();
    // Nothing is collected until the flush, so that the queue fills to its brim.
    let config = Config::new(KEY)
        .api_host(server.url())
        .send_frequency(LONG)
        .max_pending_events(1_000)
        .silent();
    let client = Client::new(config).unwrap();
    // The first sweep, which finds nothing, is over once a flush is.
    assert!(client.flush(LONG));
    honey::with_client(&client, || {
        for number in 0..5_000 {
            let mut event = honey::Event::new();
            event.add_field("number", number);
            event.send();
        }
    });
    let stats = client.close(LONG).stats;
    assert_eq!(stats.created, 5_000);
    assert!(
        stats.accepted >= 1_000
            && stats.dropped.by(DropReason::QueueFull) == 5_000 - stats.accepted,
        "{stats}"
    );
    assert!(stats.is_balanced(), "{stats}");
    let first = server.wait_for_events(1_000, LONG).unwrap();
    assert_eq!(first[0].u64("number"), Some(0), "the oldest are kept");
}

#[test]
fn block_on_send_waits_instead_and_loses_nothing() {
    let server = Server::builder()
        .max_events(1_000)
        .max_request_bytes(0)
        .start()
        .unwrap();
    let config = Config::new(KEY)
        .api_host(server.url())
        .send_frequency(Duration::from_millis(1))
        .max_pending_events(100)
        .block_on_send(LONG)
        .silent();
    let client = Client::new(config).unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| send(&client, 1_000));
        }
    });
    let stats = client.close(LONG).stats;
    assert_eq!(
        (stats.created, stats.dropped.total()),
        (created(1_000).0 * THREADS, 0),
        "{stats}"
    );
    assert!(stats.is_balanced(), "{stats}");
}
