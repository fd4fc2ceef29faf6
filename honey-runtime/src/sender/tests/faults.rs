//! Destinations beside each other, and servers in a bad mood; the faults by themselves are in the workspace's tests/faults.

use honey_test_support::{Act, Request, Server, until};

use std::time::Instant;

use crate::dispatch::Ship;
use crate::response::DropReason;
use crate::sender::Settings;
use crate::sender::testing::numbered;
use crate::sender::testing::rig::{Rig, quick, scope};

#[test]
fn two_destinations_do_not_wait_for_each_other() {
    let (dead, alive) = (Server::new(|_| Act::Hang), Server::new(Act::accept));
    let rig = Rig::http(quick());
    rig.offer(numbered(&scope(&dead.url(), "d"), 100), 1);
    until("the dead one's request", || !dead.seen().is_empty());
    for _ in 0..20 {
        rig.offer(numbered(&scope(&alive.url(), "d"), 10), 1);
    }
    until("the other's events", || rig.stats().accepted == 200);
    assert_eq!(rig.stats().pending, 100);
    assert_eq!(rig.close().dropped.by(DropReason::CloseDeadline), 100);
}

#[test]
fn a_destination_that_never_answered_has_one_request_under_way() {
    let silent = Server::new(|_| Act::Hang);
    let alive = Server::new(Act::accept);
    let rig = Rig::http(quick());
    for epoch in 1..=20 {
        rig.offer(numbered(&scope(&silent.url(), "d"), 10), epoch);
        rig.offer(numbered(&scope(&alive.url(), "d"), 10), epoch);
        let living = epoch * 10;
        until("the living one's events", || rig.stats().accepted == living);
    }
    assert_eq!(silent.seen().len(), 1);
    rig.close();
}

#[test]
fn a_dead_destination_holds_half_of_the_room_at_most() {
    let (dead, alive) = (Server::new(|_| Act::Hang), Server::new(Act::accept));
    let settings = Settings {
        max_pending_bytes: 100_000,
        ..quick()
    };
    let rig = Rig::http(settings);
    rig.offer(numbered(&scope(&alive.url(), "d"), 1), 1);
    assert!(rig.is_settled(1));
    let to = scope(&dead.url(), "d");
    for _ in 0..100 {
        rig.offer(numbered(&to, 10), 2);
    }
    rig.offer(numbered(&scope(&alive.url(), "d"), 10), 3);
    until("the living one's events", || rig.stats().accepted == 11);
    let stats = rig.balanced();
    let lost = stats.dropped.by(DropReason::QueueFull);
    assert_eq!(lost + stats.pending, 1_000);
    assert!(
        stats.pending * 160 < 60_000 && stats.pending > 100,
        "{stats}"
    );
    rig.close();
}

#[test]
fn a_flush_waits_for_its_own_epoch_only() {
    let (slow, quick_one) = (Server::new(|_| Act::Hang), Server::new(Act::accept));
    let rig = Rig::http(quick());
    rig.offer(numbered(&scope(&quick_one.url(), "d"), 3), 1);
    rig.offer(numbered(&scope(&slow.url(), "d"), 3), 2);
    assert!(rig.is_settled(1));
    assert!(!rig.sender.wait_settled(2, Instant::now()));
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| rig.is_settled(2));
        rig.close();
        assert!(
            waiting.join().unwrap_or(false),
            "close releases a flush: all have their outcome"
        );
    });
}

#[test]
fn many_events_with_a_server_that_fails_at_random_balance() {
    let server = Server::new(|request: &Request| match request.number % 7 {
        0 => Act::status(503, ""),
        2 => Act::close(),
        3 => Act::status(
            200,
            "[{\"status\":202},{\"status\":429},{\"status\":400,\"error\":\"x\"}]",
        ),
        5 => Act::status(429, ""),
        _ => Act::accept(request),
    });
    let settings = Settings {
        max_batch_events: 100,
        ..quick()
    };
    let rig = Rig::http(settings);
    let to = scope(&server.url(), "d");
    for _ in 0..200 {
        rig.offer(numbered(&to, 50), 1);
        let stats = rig.stats();
        assert!(stats.is_balanced(), "at any moment: {stats}");
    }
    let stats = rig.settled();
    assert_eq!(stats.created, 10_000);
    rig.close();
}
