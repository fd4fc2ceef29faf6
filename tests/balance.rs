//! The balance holds at every moment, not only at the end: asked while threads come and go, queues fill, clients close.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use honey::transmission::Discard;
use honey::{Client, Config, DropReason};
use honey_local::{Answer, Server};

const KEY: &str = concat!("honeykey", "4test-balance");
const LONG: Duration = Duration::from_mins(1);
const THREADS: u64 = 4;

fn client(server: &Server) -> Client {
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("d")
        .send_frequency(Duration::from_millis(1))
        .request_timeout(LONG)
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
    let server = Server::builder().max_events(10_000).start().unwrap();
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
    // A thread's two halves arrive one after the other, so the order is not the sending order.
    assert!(
        first.iter().any(|event| event.u64("number") == Some(0)),
        "the oldest are kept"
    );
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

/// A server that takes its time, as a real one far away does.
fn slow_server(events: usize) -> Server {
    let server = Server::builder()
        .max_events(1_000)
        .max_request_bytes(0)
        .start()
        .unwrap();
    server.respond_next(
        events,
        Answer::new(200)
            .body("[]")
            .delay(Duration::from_millis(100)),
    );
    server
}

#[test]
fn a_flush_ends_although_events_keep_coming() {
    let server = slow_server(10_000);
    // A short queue, so that a flush has little to wait for.
    let config = Config::new(KEY)
        .api_host(server.url())
        .max_pending_events(1_000)
        .silent();
    let client = Client::new(config).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                send(&client, 10);
                thread::yield_now();
            }
        });
        while client.stats().delivered() == 0 {
            thread::yield_now();
        }
        for _ in 0..3 {
            assert!(client.flush(LONG), "{}", client.stats());
        }
        done.store(true, Ordering::SeqCst);
    });
    assert!(client.close(LONG).stats.is_balanced());
}

#[test]
fn whoever_closes_second_waits_for_the_first() {
    let server = slow_server(1);
    let client = client(&server);
    send(&client, 1);
    thread::scope(|scope| {
        let closers: Vec<_> = (0..4).map(|_| scope.spawn(|| client.close(LONG))).collect();
        for closer in closers {
            let report = closer.join().unwrap();
            assert!(report.in_time && report.stats.pending == 0, "{report}");
            assert_eq!(report.stats.delivered(), 2, "{report}");
        }
    });
    // And does not wait beyond its own deadline.
    let hanging = Server::start().unwrap();
    hanging.respond_next(1, Answer::new(200).body("[]").delay(Duration::from_secs(2)));
    let client = self::client(&hanging);
    send(&client, 1);
    let deadline = Duration::from_millis(200);
    thread::scope(|scope| {
        let first = scope.spawn(|| client.close(deadline));
        let second = client.close(Duration::ZERO);
        assert!(!second.in_time || second.stats.pending == 0, "{second}");
        let first = first.join().unwrap();
        assert!(
            first.stats.pending == 0 && first.stats.is_balanced(),
            "{first}"
        );
    });
}

#[test]
fn limits_that_mean_none_are_taken_as_such() {
    let server = Server::start().unwrap();
    let config = Config::new(KEY)
        .api_host(server.url())
        .block_on_send(Duration::MAX)
        .send_frequency(Duration::MAX)
        .request_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .max_age(Duration::MAX)
        .max_batch_size(0)
        .responses_capacity(usize::MAX)
        .max_pending_events(3);
    let client = Client::new(config.silent()).unwrap();
    let responses = client.responses();
    send(&client, 10);
    let report = client.close(Duration::MAX);
    let (created, discarded) = created(10);
    assert_eq!(
        (report.stats.accepted, report.stats.dropped.total()),
        (created - discarded, 0),
        "{report}"
    );
    assert_eq!(responses.count() as u64, created);
}

#[test]
fn what_builders_hold_counts_as_pending_bytes() {
    const MEGABYTE: usize = 1_000_000;
    let server = Server::start().unwrap();
    server.respond_next(100, Answer::new(503).delay(Duration::from_millis(10)));
    let config = Config::new(KEY)
        .api_host(server.url())
        .max_pending_bytes(10 * MEGABYTE)
        .silent();
    let client = Client::new(config).unwrap();
    for number in 0..100 {
        let mut builder = client.builder();
        builder.add_field("big", "x".repeat(MEGABYTE));
        let mut event = builder.new_event();
        event.add_field("number", number);
        event.send();
    }
    let stats = client.stats();
    assert!(
        stats.pending <= 10 && stats.dropped.by(DropReason::QueueFull) >= 90,
        "{stats}"
    );
    assert!(client.close(Duration::ZERO).stats.is_balanced());
}

#[test]
fn a_thread_may_serve_many_clients_in_turn() {
    let clients: Vec<_> = (0..20)
        .map(|_| Client::new(Config::new(KEY).transmission(Discard)).unwrap())
        .collect();
    for _ in 0..50 {
        for client in &clients {
            send(client, 1);
        }
    }
    for client in clients {
        let stats = client.close(LONG).stats;
        assert!(
            stats.created == 100 && stats.is_balanced() && stats.dropped.total() == 0,
            "{stats}"
        );
    }
}
