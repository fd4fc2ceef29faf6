//! Sending through the public face while things go wrong: outages, closing, floods. Each ends with the balance.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config, DropReason, Stats};
use honey_local::Server;

const KEY: &str = concat!("honeykey", "4test-ship");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn config(api_host: impl Into<String>) -> Config {
    Config::new(KEY)
        .api_host(api_host)
        .dataset("ship")
        .send_frequency(Duration::from_millis(5))
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .silent()
}

fn send(client: &Client, events: usize) {
    for n in 0..events {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.add_field("text", "some text that is neither long nor short");
        event.send();
    }
}

fn balanced(client: &Client) -> Stats {
    let stats = client.stats();
    assert!(stats.is_balanced(), "{stats}");
    stats
}

#[test]
fn an_outage_is_bounded_in_memory_and_every_loss_is_counted() {
    let client = Client::new(config("http://127.0.0.1:1").max_pending_bytes(1_000_000)).unwrap();
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| send(&client, 50_000));
        }
    });
    let stats = balanced(&client);
    assert_eq!(stats.created, 200_000);
    assert!(stats.pending > 1_000 && stats.pending < 20_000, "{stats}");
    let started = Instant::now();
    let report = client.close(Duration::from_millis(200));
    assert!(started.elapsed() < LONG, "{report}");
    let stats = balanced(&client);
    let lost =
        stats.dropped.by(DropReason::QueueFull) + stats.dropped.by(DropReason::CloseDeadline);
    assert_eq!((lost, stats.pending), (200_000, 0));
}

#[test]
fn a_server_that_takes_connections_and_is_silent_cannot_hold_up_closing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::new(config(format!("http://{}", listener.local_addr().unwrap()))).unwrap();
    send(&client, 100);
    assert!(!client.flush(Duration::from_millis(50)));
    let started = Instant::now();
    client.close(Duration::from_millis(100));
    assert!(started.elapsed() < LONG);
    assert_eq!(balanced(&client).dropped.by(DropReason::CloseDeadline), 100);
}

#[test]
fn closing_from_many_threads_and_using_afterwards_is_harmless() {
    let server = Server::start().unwrap();
    let client = Client::new(config(server.url())).unwrap();
    send(&client, 1_000);
    thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| client.close(LONG));
            threads.spawn(|| client.flush(LONG));
        }
    });
    send(&client, 10);
    assert!(client.flush(LONG));
    client.close(LONG);
    let stats = balanced(&client);
    assert_eq!(
        (stats.accepted, stats.dropped.by(DropReason::Closed)),
        (1_000, 10)
    );
    assert_eq!(server.events().len(), 1_000);
}

#[test]
fn made_used_and_dropped_inside_any_runtime() {
    for runtime in [
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap(),
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap(),
    ] {
        let server = Server::start().unwrap();
        runtime.block_on(async {
            let client = Client::new(config(server.url())).unwrap();
            send(&client, 10);
            assert!(client.flush_async(LONG).await);
            drop(client);
        });
        assert_eq!(server.wait_for_events(10, LONG).unwrap().len(), 10);
    }
}

/// As in the documentation of `flush_async`: what the runtime calls for each invocation of a function as a service.
async fn invoked(client: &Client, number: u64) -> bool {
    let handle = async {
        honey::current().add_field("number", number);
        honey::in_child_event("query", || ());
    };
    let handle = honey::FutureExt::in_child_event(handle, "handle");
    honey::FutureExt::with_client(handle, client).await;
    client.flush_async(LONG).await
}

#[test]
fn a_flush_for_each_invocation_leaves_nothing_behind_when_the_process_is_frozen() {
    let server = Server::start().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    // Nothing is sent by itself.
    let client = Client::new(config(server.url()).send_frequency(LONG * 60)).unwrap();
    for number in 0..20 {
        assert!(runtime.block_on(invoked(&client, number)));
        // The invocation is over: what comes now, nobody may be there to send.
        let events = server.events();
        assert_eq!(events.len() as u64, (number + 1) * 2);
        let latest = events.iter().filter_map(|event| event.u64("number"));
        assert_eq!(latest.max(), Some(number));
        assert_eq!(balanced(&client).pending, 0);
    }
}

#[test]
fn a_flood_from_many_threads_with_room_made_arrives_whole() {
    let server = Server::builder().max_events(200_000).start().unwrap();
    let client = Client::new(
        config(server.url())
            .max_pending_bytes(4_000_000)
            .block_on_send(LONG),
    )
    .unwrap();
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| send(&client, 25_000));
        }
    });
    client.close(LONG);
    let stats = balanced(&client);
    assert_eq!(
        (stats.created, stats.accepted),
        (100_000, 100_000),
        "{stats}"
    );
    assert_eq!(server.events().len(), 100_000);
}

/// Answers every third request, cuts the others off at some point: before reading, after reading, in the answer.
#[test]
fn connections_that_break_at_any_point_lose_nothing() {
    static REQUESTS: AtomicUsize = AtomicUsize::new(0);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let turn = REQUESTS.fetch_add(1, Ordering::SeqCst) % 4;
            if turn == 0 {
                continue;
            }
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.split("\r\n").next());
            let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
            let _ = stream.read_exact(&mut body);
            let _ = match turn {
                1 => Ok(()),
                2 => stream.write_all(b"HTTP/1.1 20"),
                _ => stream.write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]",
                ),
            };
        }
    });
    let client = Client::new(config(format!("http://{address}"))).unwrap();
    for _ in 0..10 {
        send(&client, 100);
        assert!(client.flush(LONG));
        balanced(&client);
    }
    client.close(LONG);
    let stats = balanced(&client);
    assert_eq!(
        (stats.unconfirmed, stats.created),
        (1_000, 1_000),
        "{stats}"
    );
}
