//! Servers that go and come back.

use std::time::Duration;

use honey::{DiagnosticKind, DropReason, Outcome};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Greeting, Request, Server, unless_it_stands_still, until};

use crate::rig::{LONG, Rig, config, gathering};

#[test]
fn server_restarts() {
    let mut server = Server::new(Act::accept);
    let rig = Rig::to(server.url());
    for _ in 0..5 {
        rig.offer(200);
        until("some of them", || rig.balance().accepted > 0);
        let gone = server.leave();
        rig.offer(200);
        rig.balance();
        server = gone.replaced_by(Act::accept).unwrap();
    }
    let stats = rig.settled();
    assert_eq!(stats.accepted, 2_000, "{stats}");
    rig.end();
}

#[test]
fn rolling_load_balancer() {
    // Each connection ends after its third answer; some new ones are closed at once, as by a balancer whose backend is leaving.
    let server = Server::greeting(
        |connection| match connection % 5 {
            3 => Greeting::Close,
            _ => Greeting::Serve,
        },
        |request: &Request| match request.number % 3 {
            2 => Act::AnswerThenClose(Answer::accept(request)),
            _ => Act::accept(request),
        },
    );
    let rig = Rig::new(config(server.url()).max_batch_size(50));
    for _ in 0..40 {
        rig.offer(50);
        rig.balance();
    }
    let stats = rig.settled();
    assert_eq!(stats.accepted, 2_000, "{stats}");
    assert!(server.connections() > 5);
    rig.end();
}

/// Nothing comes, and nobody asks for anything to be sent: what is too old is dropped by itself.
#[test]
fn events_age_while_nothing_happens() {
    const MAX_AGE: Duration = Duration::from_secs(1);
    unless_it_stands_still(MAX_AGE / 4, || {
        let nobody = Refusing::new().unwrap();
        let config = config(nobody.url()).send_frequency(Duration::from_millis(100));
        let rig = Rig::new(config.max_age(MAX_AGE));
        let responses = rig.client.responses();
        rig.offer_in_vain(10, DiagnosticKind::Unreachable);
        until("an outcome for each", || rig.balance().pending == 0);
        for response in responses.take(10) {
            assert_eq!(
                response.outcome,
                Outcome::Dropped(DropReason::Transport),
                "{response:?}"
            );
            assert!(response.duration >= MAX_AGE, "{response:?}");
        }
        let text = rig.said_of(DiagnosticKind::TooOld);
        let end = "for dataset \"d\" were not delivered within `max_age` and are dropped: the server could not be reached.";
        assert!(text.ends_with(end), "{text}");
        rig.end();
    });
}

#[test]
fn flush_in_an_outage() {
    let server = Server::greeting(|_| Greeting::Stall, Act::accept);
    let rig = Rig::to(server.url());
    rig.offer(100);
    assert!(
        !rig.client.flush(Duration::from_millis(50)),
        "false at its deadline"
    );
    assert_eq!(rig.balance().pending, 100);
    rig.end_within(Duration::from_millis(50));
}

#[test]
fn close_in_an_outage() {
    let server = Server::new(|request: &Request| match request.number {
        0 => Act::accept(request),
        _ => Act::Hang,
    });
    let rig = Rig::new(gathering(server.url()).request_timeout(LONG * 10));
    rig.offer_at_once(10);
    rig.settled();
    rig.offer_at_once(90);
    until("a request that hangs", || server.requests() > 1);
    let report = rig.client.close(Duration::from_millis(50));
    let stats = &report.stats;
    assert!(!report.in_time && report.elapsed < LONG, "{report}");
    assert_eq!(
        (stats.delivered(), stats.dropped.total(), stats.pending),
        (10, 90, 0),
        "{report}"
    );
    rig.end();
}
