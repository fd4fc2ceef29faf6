//! Networks and servers that fail, and what is promised all the same.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::dispatch::Ship;
use crate::response::DropReason;
use crate::sender::settings::{HttpOptions, Proxy};
use crate::sender::testing::numbered;
use crate::sender::testing::rig::{PATIENCE, Rig, quick, scope};
use crate::sender::testing::server::{Act, Request, Server};
use crate::sender::transport::Transport;
use crate::sender::{Settings, TransportKind};

fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_server_that_comes_up_late_gets_everything() {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let Ok(address) = listener else {
        unreachable!("no port on the loopback");
    };
    let rig = Rig::http(quick());
    rig.offer_numbered(&format!("http://{address}"), 50);
    until("a failed try", || rig.stats().retries > 2);
    let Ok(listener) = TcpListener::bind(address) else {
        return; // Somebody else took the port meanwhile.
    };
    let _server = Server::on(listener, Act::accept);
    assert_eq!(rig.settled().accepted, 50);
    assert_eq!(rig.said.lock().len(), 1, "one warning");
    rig.close();
}

#[test]
fn nobody_listening_is_dropped_as_transport_when_too_old() {
    let rig = Rig::http(Settings {
        max_age: Duration::from_millis(50),
        ..quick()
    });
    rig.offer_numbered("http://127.0.0.1:1", 5);
    assert_eq!(rig.settled().dropped.by(DropReason::Transport), 5);
    let said = rig.said.lock().clone();
    assert!(
        said[0].contains("127.0.0.1:1") && said[0].contains("refused"),
        "{said:?}"
    );
    rig.close();
}

#[test]
fn five_hundreds_pass() {
    for status in [500, 502, 503, 504, 408] {
        let server = Server::new(move |request| match request.number {
            0..=2 => Act::status(status, "later"),
            _ => Act::accept(request),
        });
        let rig = Rig::http(quick());
        rig.offer_numbered(&server.url(), 9);
        let stats = rig.settled();
        assert_eq!((stats.accepted, stats.retries), (9, 3));
        rig.close();
    }
}

#[test]
fn a_kept_connection_that_died_costs_no_try() {
    // The first request of each connection is answered, the second one cut off without a word.
    let server = Server::new(|request: &Request| {
        if request.number == 1 {
            Act::Close
        } else {
            Act::accept(request)
        }
    });
    let rig = Rig::http(Settings {
        max_tries: Some(1),
        ..quick()
    });
    rig.offer_numbered(&server.url(), 1);
    rig.settled();
    rig.offer_numbered(&server.url(), 1);
    let stats = rig.settled();
    assert_eq!((stats.accepted, stats.retries), (2, 0));
    let connections: Vec<_> = server
        .seen()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, vec![0, 0, 1], "kept, found dead, fresh");
    rig.close();
}

#[test]
fn connections_that_break_before_an_answer_are_retried() {
    let server = Server::new(|request: &Request| match request.number {
        0..=3 => Act::Close,
        4 => Act::Bytes(b"HTTP/1.1 200 O".to_vec()),
        5 => Act::Bytes(b"what is this".to_vec()),
        _ => Act::accept(request),
    });
    let rig = Rig::http(quick());
    rig.offer_numbered(&server.url(), 5);
    assert_eq!(rig.settled().accepted, 5);
    rig.close();
}

#[test]
fn a_server_that_never_answers_costs_a_try_and_close_is_in_time() {
    let server = Server::new(|_| Act::Hang);
    let settings = Settings {
        request_timeout: Duration::from_millis(50),
        ..quick()
    };
    let rig = Rig::http(settings);
    rig.offer_numbered(&server.url(), 5);
    until("a second try", || rig.stats().retries > 0);
    assert_eq!(rig.stats().pending, 5);
    rig.close();

    let rig = Rig::http(quick());
    rig.offer_numbered(&server.url(), 5);
    let before = server.seen().len();
    until("the request", || {
        server.seen().len() > before || rig.stats().requests > 0
    });
    assert!(
        !rig.sender
            .wait_settled(1, Instant::now() + Duration::from_millis(20))
    );
    let started = Instant::now();
    rig.sender
        .shut_down(Instant::now() + Duration::from_secs(5));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "the threads ended by themselves"
    );
    assert_eq!(rig.balanced().dropped.by(DropReason::CloseDeadline), 5);
}

#[test]
fn an_answer_a_byte_at_a_time_ends_with_the_try() {
    // The status line alone takes longer than a try may.
    let slow = Duration::from_millis(20);
    let server = Server::new(move |request: &Request| match request.number {
        0 => Act::Trickle(
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(),
            slow,
        ),
        _ => Act::accept(request),
    });
    let rig = Rig::http(Settings {
        request_timeout: Duration::from_millis(100),
        ..quick()
    });
    rig.offer_numbered(&server.url(), 3);
    let stats = rig.settled();
    assert_eq!((stats.accepted, stats.retries), (3, 1), "{stats}");
    rig.close();
}

#[test]
fn a_body_a_byte_at_a_time_leaves_the_events_unconfirmed() {
    // The server has said 200: sending again would store the events twice.
    let slow = Duration::from_millis(20);
    let server = Server::new(move |_| {
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_owned() + &" ".repeat(1_000);
        Act::Trickle(answer.into_bytes(), slow)
    });
    let rig = Rig::http(Settings {
        request_timeout: Duration::from_secs(2),
        ..quick()
    });
    rig.offer_numbered(&server.url(), 3);
    let stats = rig.settled();
    assert_eq!((stats.unconfirmed, stats.retries), (3, 0), "{stats}");
    rig.close();
}

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
fn a_huge_answer_is_not_read() {
    let server = Server::new(|request: &Request| {
        let mut huge = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".to_vec();
        huge.extend_from_slice(&vec![b'['; 4 * 1024 * 1024]);
        if request.number == 0 {
            Act::Bytes(huge)
        } else {
            Act::accept(request)
        }
    });
    let rig = Rig::http(quick());
    rig.offer_numbered(&server.url(), 3);
    assert_eq!(rig.settled().unconfirmed, 3);
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
fn tls_that_fails_is_counted_as_tls() {
    // A server that does not speak TLS.
    let server = Server::new(|_| Act::Close);
    let listener = TcpListener::bind("127.0.0.1:0");
    let Ok(listener) = listener else {
        unreachable!("no port on the loopback");
    };
    let address = listener
        .local_addr()
        .map(|address| address.to_string())
        .unwrap_or_default();
    let no_tls = std::thread::spawn(move || {
        use std::io::{Read, Write};
        if let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.read(&mut [0; 16]);
            let _ = stream.write_all(b"HTTP/1.1 400 this is no TLS\r\n\r\n");
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    let settings = Settings {
        max_age: Duration::from_millis(300),
        probe_interval: Duration::from_secs(60),
        ..quick()
    };
    let rig = Rig::http(settings);
    rig.offer_numbered(&format!("https://{address}"), 4);
    let stats = rig.settled();
    assert_eq!(stats.dropped.by(DropReason::Tls), 4);
    assert!(rig.said.lock()[0].contains("TLS"), "{:?}", rig.said.lock());
    rig.close();
    assert!(no_tls.join().is_ok());
    drop(server);
}

#[test]
fn a_proxy_is_used_and_its_password_never_shown() {
    let proxy = Server::new(|request: &Request| match request.number {
        0 => Act::status(407, "who are you"),
        _ => Act::accept(request),
    });
    let url = proxy.url().replace("http://", "http://user:hunter2@");
    let rig = Rig::http_by(Proxy::Url(url), quick());
    rig.offer_numbered("http://somewhere.invalid", 3);
    assert_eq!(rig.settled().accepted, 3);
    rig.close();
    let seen = proxy.seen();
    assert_eq!(
        seen[0].line,
        "POST http://somewhere.invalid/1/batch/d HTTP/1.1"
    );
    assert!(seen[0].header("proxy-authorization").is_some());
    assert!(!format!("{:?}", rig.said.lock()).contains("hunter2"));
}

#[test]
fn a_proxy_that_is_none_is_said_without_its_password() {
    let options = HttpOptions {
        proxy: Proxy::Url("http://user:hunter2@".to_owned()),
        ..HttpOptions::default()
    };
    let made = Transport::new(TransportKind::Http(options), &quick());
    let error = made
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(
        error.contains("proxy") && !error.contains("hunter2"),
        "{error}"
    );
}

#[test]
fn many_events_with_a_server_that_fails_at_random_balance() {
    let server = Server::new(|request: &Request| match request.number % 7 {
        0 => Act::status(503, ""),
        2 => Act::Close,
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
