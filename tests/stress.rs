//! Everything at once, bounded by counts: threads that come and go, clients made and dropped, flush and close at any moment,
//! senders that wait for room. All come back, and each client's balance is exact.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use honey::transmission::Discard;
use honey::{Client, Config};
use honey_local::{Answer, Server};

const ROUNDS: u64 = 30;
const THREADS: u64 = 6;
const EVENTS: u64 = 200;
/// Longer than the whole test: who waits so long waits for ever.
const FOREVER: Duration = Duration::from_hours(1);
const LONG: Duration = Duration::from_mins(1);

/// Events of a thread, a quarter of them from threads of its own that end at once.
fn work(client: &Client, recorded: &AtomicU64) {
    for number in 0..EVENTS {
        honey::with_client(client, || {
            let scope = honey::start_child("work");
            scope.handle().add_field("number", number);
            if number % 4 == 0 {
                let here = honey::current();
                let inner = thread::spawn(move || {
                    honey::scope(here, || {
                        honey::current().add_field("elsewhere", true);
                        drop(honey::start_child("inner"));
                    });
                });
                inner.join().unwrap();
            }
        });
        recorded.fetch_add(1, Ordering::Relaxed);
        if number % 50 == 17 {
            let _ = client.flush(Duration::from_millis(number % 3));
        }
        if number % 70 == 31 {
            let other = Client::new(Config::new("k").transmission(Discard)).unwrap();
            honey::with_client(&other, || drop(honey::start_child("other")));
            drop(other);
        }
    }
}

/// Closes `client` in the middle of it all, at another moment in each round.
fn close_in_the_middle(client: &Client, round: u64) {
    let recorded = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| work(client, &recorded));
        }
        let moment = round * THREADS * EVENTS / ROUNDS;
        while recorded.load(Ordering::Relaxed) < moment {
            assert!(client.stats().is_balanced());
            thread::yield_now();
        }
        let report = client.close(LONG);
        assert!(report.stats.is_balanced(), "{report}");
    });
    let stats = client.close(LONG).stats;
    assert!(stats.is_balanced(), "{stats}");
    assert_eq!((stats.pending, stats.open), (0, 0), "{stats}");
    assert!(
        stats.created <= THREADS * (EVENTS + EVENTS.div_ceil(4)),
        "{stats}"
    );
}

#[test]
fn threads_and_clients_come_and_go() {
    for round in 0..ROUNDS {
        let config = Config::new("k").transmission(Discard);
        let client = Client::new(config.send_frequency(Duration::from_millis(1))).unwrap();
        close_in_the_middle(&client, round);
    }
}

/// There is hardly any room, and the server takes nothing: all wait, and close releases them.
#[test]
fn senders_that_wait_for_room_are_released_by_close() {
    for round in 0..ROUNDS / 3 {
        let server = Server::start().unwrap();
        server.respond_next(1_000_000, Answer::new(503));
        let config = Config::new(concat!("honeykey", "4test-stress"))
            .api_host(server.url())
            .dataset("d")
            .max_pending_events(8)
            .block_on_send(FOREVER)
            .silent();
        let client = Client::new(config).unwrap();
        let recorded = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| work(&client, &recorded));
            }
            while client.stats().pending < round % 8 {
                thread::yield_now();
            }
            let report = client.close(Duration::from_millis(round));
            assert!(report.stats.is_balanced(), "{report}");
        });
        let stats = client.stats();
        assert!(stats.is_balanced(), "{stats}");
        assert_eq!((stats.pending, stats.open), (0, 0), "{stats}");
        assert_eq!(stats.delivered(), 0, "{stats}");
    }
}
