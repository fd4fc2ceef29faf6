//! Too much at once.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use honey::{DiagnosticKind, DropReason};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Greeting, Request, Server, until};

use crate::rig::{LONG, Rig, config};

/// A server that is away while 5,000 events come, and then gets what was kept.
fn overfull(settings: impl FnOnce(honey::Config) -> honey::Config) -> (honey::Stats, Vec<i64>) {
    let nobody = Refusing::new().unwrap();
    let rig = Rig::new(settings(config(nobody.url())));
    rig.offer(5_000);
    rig.balance();
    let server = nobody.replaced_by(Act::accept).unwrap();
    rig.settled();
    rig.said_of(DiagnosticKind::QueueFull);
    let numbers = server.seen().iter().flat_map(Request::numbers).collect();
    (rig.end(), numbers)
}

#[test]
fn queue_full_by_count() {
    let (stats, numbers) = overfull(|config| config.max_pending_events(1_000));
    assert_eq!(
        stats.accepted + stats.dropped.by(DropReason::QueueFull),
        5_000,
        "{stats}"
    );
    // A thread holds a block of the room for a moment, so the last few of the thousand may come later.
    assert!((500..=1_000).contains(&stats.accepted), "{stats}");
    assert!(
        (0..500).all(|n| numbers.contains(&n)),
        "the newest are dropped, not the oldest"
    );
}

#[test]
fn queue_full_by_bytes() {
    let (stats, numbers) = overfull(|config| config.max_pending_bytes(100_000));
    assert_eq!(
        stats.accepted + stats.dropped.by(DropReason::QueueFull),
        5_000,
        "{stats}"
    );
    assert!((100..=2_000).contains(&stats.accepted), "{stats}");
    assert!(
        (0..100).all(|n| numbers.contains(&n)),
        "the newest are dropped, not the oldest"
    );
}

#[test]
fn block_on_send_waits_instead() {
    let server = Server::new(|_| Act::status(200, "[]"));
    let rig = Rig::new(
        config(server.url())
            .max_pending_events(50)
            .block_on_send(LONG),
    );
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| rig.offer(500));
        }
    });
    let stats = rig.settled();
    assert_eq!(
        (stats.unconfirmed, stats.dropped.total()),
        (2_000, 0),
        "{stats}"
    );
    rig.end();
}

#[test]
fn block_on_send_is_released_by_close() {
    let server = Server::greeting(|_| Greeting::Stall, Act::accept);
    let rig = Rig::new(
        config(server.url())
            .max_pending_events(50)
            .block_on_send(LONG),
    );
    thread::scope(|threads| {
        let senders: Vec<_> = (0..4).map(|_| threads.spawn(|| rig.offer(100))).collect();
        until("a full queue", || rig.balance().pending == 50);
        rig.client.close(Duration::from_millis(50));
        for sender in senders {
            sender.join().unwrap();
        }
    });
    let stats = rig.end();
    assert_eq!(
        (stats.created, stats.dropped.total()),
        (400, 400),
        "{stats}"
    );
    assert_eq!(stats.dropped.by(DropReason::CloseDeadline), 50, "{stats}");
}

#[test]
fn a_million_events_in_a_burst() {
    let server = Server::new(|_| Act::status(200, "[]"));
    let rig = Rig::new(config(server.url()).max_pending_bytes(16_000_000));
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| rig.offer(250_000));
        }
        rig.balance();
    });
    let stats = rig.settled();
    assert_eq!(
        stats.unconfirmed + stats.dropped.by(DropReason::QueueFull),
        1_000_000,
        "{stats}"
    );
    rig.end();
}

#[test]
fn ten_thousand_threads() {
    const THREADS: usize = 10_000;
    let server = Server::new(|_| Act::status(200, "[]"));
    let rig = Arc::new(Rig::to(server.url()));
    // All of them are there at once.
    let (all_there, may_go) = (
        Arc::new(Barrier::new(THREADS + 1)),
        Arc::new(Barrier::new(THREADS + 1)),
    );
    let mut threads = Vec::new();
    for _ in 0..THREADS {
        let (rig, all_there, may_go) = (
            Arc::clone(&rig),
            Arc::clone(&all_there),
            Arc::clone(&may_go),
        );
        let thread = thread::Builder::new().stack_size(64 * 1024);
        threads.push(
            thread
                .spawn(move || {
                    rig.offer(2);
                    all_there.wait();
                    may_go.wait();
                    rig.offer(1);
                })
                .unwrap(),
        );
    }
    all_there.wait();
    rig.balance();
    may_go.wait();
    for thread in threads {
        thread.join().unwrap();
    }
    let stats = rig.settled();
    assert_eq!(
        (stats.unconfirmed, stats.dropped.total()),
        (30_000, 0),
        "{stats}"
    );
    Arc::into_inner(rig).unwrap().end();
}
