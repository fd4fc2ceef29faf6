//! Networks that fail before an answer.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use honey::{DiagnosticKind, DropReason};
use honey_test_support::addresses::{BlackHole, Refusing};
use honey_test_support::{Act, Answer, Greeting, Request, Server, unless_it_stands_still, until};

use crate::rig::{LONG, Rig, config, gathering};

const SHORT: Duration = Duration::from_millis(100);
/// How long an event may wait for what never comes. It is tried at once: where a machine stands still until it is too old, it never was.
const MAX_AGE: Duration = Duration::from_secs(1);

#[test]
fn connection_refused() {
    unless_it_stands_still(MAX_AGE / 4, || {
        let nobody = Refusing::new().unwrap();
        let rig = Rig::new(config(nobody.url()).max_age(MAX_AGE));
        rig.offer_in_vain(100, DiagnosticKind::Unreachable);
        let stats = rig.settled();
        assert_eq!(stats.dropped.by(DropReason::Transport), 100, "{stats}");
        let said = rig.said_once(DiagnosticKind::Unreachable);
        assert!(
            said.contains("127.0.0.1:") && said.contains("refused"),
            "{said}"
        );
        rig.end();
    });
}

#[test]
fn connection_refused_until_a_server_comes_up() {
    let nobody = Refusing::new().unwrap();
    let rig = Rig::to(nobody.url());
    rig.offer(100);
    until("a second try", || rig.balance().retries > 0);
    let _server = nobody.replaced_by(Act::accept).unwrap();
    assert_eq!(rig.settled().accepted, 100);
    rig.end();
}

#[test]
fn dns_fails() {
    unless_it_stands_still(MAX_AGE / 4, || {
        // RFC 6761: never resolves.
        let rig = Rig::new(config("http://nowhere.invalid").max_age(MAX_AGE));
        rig.offer_in_vain(10, DiagnosticKind::UnknownHost);
        let stats = rig.settled();
        assert_eq!(stats.dropped.by(DropReason::Transport), 10, "{stats}");
        let text = rig.said_of(DiagnosticKind::UnknownHost);
        assert!(text.contains("nowhere.invalid"), "{text}");
        rig.end();
    });
}

#[test]
fn connect_black_hole() {
    let hole = BlackHole::new().unwrap();
    let rig = Rig::new(config(hole.url()).connect_timeout(SHORT));
    rig.offer(10);
    // Each try ends at its deadline.
    until("a third try", || rig.balance().requests >= 3);
    rig.said_once(DiagnosticKind::Unreachable);
    let stats = rig.end_within(SHORT);
    assert_eq!(stats.dropped.by(DropReason::CloseDeadline), 10, "{stats}");
}

#[test]
fn accepts_and_never_answers() {
    let server = Server::greeting(|_| Greeting::Stall, Act::accept);
    let rig = Rig::new(config(server.url()).request_timeout(SHORT));
    rig.offer(10);
    until("three tries", || server.connections() >= 3);
    let stats = rig.balance();
    assert_eq!(stats.pending, 10, "{stats}");
    let started = Instant::now();
    let stats = rig.end_within(SHORT);
    assert!(started.elapsed() < LONG);
    assert_eq!(stats.dropped.by(DropReason::CloseDeadline), 10);
}

#[test]
fn answers_1_byte_a_second() {
    let server = Server::new(|request: &Request| match request.number {
        0 => Act::Trickle {
            head: Vec::new(),
            slowly: b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
            pause: Duration::from_secs(1),
        },
        _ => Act::accept(request),
    });
    let rig = Rig::new(gathering(server.url()).request_timeout(Duration::from_millis(300)));
    rig.offer_at_once(10);
    let stats = rig.settled();
    // On a machine that is held up, a try that is answered at once may be too late as well.
    assert!(stats.accepted == 10 && stats.retries >= 1, "{stats}");
    rig.end();
}

#[test]
fn answers_200_and_then_1_byte_a_second() {
    const DEADLINE: Duration = Duration::from_secs(5);
    unless_it_stands_still(DEADLINE / 4, || {
        // The server has had its say: sending again would store the events twice.
        let server = Server::new(|_| Act::Trickle {
            head: b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n[{\"status\":202}".to_vec(),
            slowly: vec![b' '; 285],
            pause: Duration::from_secs(1),
        });
        // It ends at this deadline, before which the head has come.
        let rig = Rig::new(gathering(server.url()).request_timeout(DEADLINE));
        rig.offer_at_once(10);
        let stats = rig.settled();
        assert_eq!(
            (stats.accepted, stats.unconfirmed, stats.requests),
            (1, 9, 1),
            "{stats}"
        );
        rig.end();
    });
}

#[test]
fn reset_before_any_byte_on_a_reused_connection() {
    // The answer to the first request keeps the connection, which dies while nobody uses it.
    let server = Server::new(|request: &Request| match request.number {
        0 => Act::AnswerThenClose(Answer::accept(request)),
        _ => Act::accept(request),
    });
    // A second try would be one too many.
    let rig = Rig::new(gathering(server.url()).max_tries(1));
    for _ in 0..2 {
        rig.offer_at_once(5);
        rig.settled();
    }
    let stats = rig.settled();
    assert_eq!((stats.accepted, stats.retries), (10, 0), "{stats}");
    assert_eq!(server.connections(), 2);
    assert!(rig.said().is_empty());
    rig.end();
}

#[test]
fn reset_before_any_byte_while_the_request_is_on_its_way() {
    let server = Server::new(|request: &Request| match request.number {
        1 => Act::Reset(Vec::new()),
        _ => Act::accept(request),
    });
    let rig = Rig::new(gathering(server.url()).max_tries(1));
    for _ in 0..2 {
        rig.offer_at_once(5);
        rig.settled();
    }
    let seen: Vec<_> = server
        .seen()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(seen, [0, 0, 1], "kept, reset, fresh");
    assert_eq!(rig.settled().accepted, 10);
    rig.end();
}

#[test]
fn reset_in_the_request() {
    let server = Server::greeting(
        |connection| match connection {
            0..=3 => Greeting::ReadThenReset(200),
            _ => Greeting::Serve,
        },
        Act::accept,
    );
    let rig = Rig::to(server.url());
    rig.offer(1_000);
    let stats = rig.settled();
    assert_eq!(stats.accepted, 1_000, "{stats}");
    assert!(stats.retries > 0, "{stats}");
    rig.end();
}

#[test]
fn reset_in_the_answer() {
    let server = Server::new(|request: &Request| match request.number {
        0..=2 => Act::Reset(b"HTTP/1.1 20".to_vec()),
        _ => Act::accept(request),
    });
    let rig = Rig::to(server.url());
    rig.offer(100);
    let stats = rig.settled();
    assert_eq!(stats.accepted, 100, "{stats}");
    assert!(stats.retries > 0, "{stats}");
    // At least once: the server had read them before.
    assert!(
        server
            .seen()
            .iter()
            .map(|request| request.numbers().len())
            .sum::<usize>()
            > 100
    );
    rig.end();
}

#[test]
fn a_hostname_with_one_address_that_is_dead() {
    // `localhost` may be ::1 and 127.0.0.1: the second answers.
    let server = Server::new(Act::accept);
    assert_eq!(server.address().ip(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    let rig = Rig::to(format!("http://localhost:{}", server.address().port()));
    rig.offer(10);
    assert_eq!(rig.settled().accepted, 10);
    rig.end();
}
