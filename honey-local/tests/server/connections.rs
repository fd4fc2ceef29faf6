//! Connections: kept alive, many, slow, broken, and cut off at the end.

use std::time::{Duration, Instant};

use honey_local::Server;

use crate::{Client, pair, post};

/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_secs(60);
const BODY: &str = r#"[{"data":{"a":1}}]"#;
const HEAD: &[u8] = b"POST /1/batch/shop HTTP/1.1\r\nhost: h\r\nx-honeycomb-team: k\r\ncontent-type: application/json\r\n";

#[test]
fn a_connection_is_kept_alive() {
    let (server, mut client) = pair();
    for _ in 0..100 {
        assert_eq!(
            client.post("/1/batch/shop", &[], BODY).body,
            r#"[{"status":202}]"#
        );
    }
    assert_eq!(
        server
            .events()
            .iter()
            .map(|event| event.number)
            .collect::<Vec<_>>(),
        (1..=100).collect::<Vec<_>>()
    );
}

#[test]
fn a_chunked_body() {
    let (server, mut client) = pair();
    client.write(HEAD);
    client.write(
        b"transfer-encoding: chunked\r\n\r\n7\r\n[{\"data\r\nb\r\n\":{\"a\":1}}]\r\n0\r\n\r\n",
    );
    assert_eq!(client.read().status, 200);
    assert_eq!(server.events().len(), 1);
}

#[test]
fn many_at_once() {
    let server = Server::start().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut client = Client::connect(&server);
                for _ in 0..50 {
                    assert_eq!(client.post("/1/batch/shop", &[], BODY).status, 200);
                }
            });
        }
    });
    assert_eq!(server.events().len(), 800);
}

#[test]
fn slow_and_broken_clients_hold_nobody_up() {
    let (server, mut slow) = pair();
    slow.write(HEAD);
    slow.write(b"content-length: 18\r\n\r\n[{");
    let mut broken = Client::connect(&server);
    broken.write(HEAD);
    broken.write(b"content-length: 1000\r\n\r\n[{");
    drop(broken);
    for nonsense in [
        &b"\x16\x03\x01\x00\x00 not http\r\n\r\n"[..],
        b"POST\r\n\r\n",
        b"POST /1/batch/a HTTP/1.1\r\ncontent-length: x\r\n\r\n",
    ] {
        let mut client = Client::connect(&server);
        client.write(nonsense);
        assert_eq!(client.read().status, 400);
    }
    let mut endless = Client::connect(&server);
    endless.write(b"GET /1/auth HTTP/1.1\r\n");
    endless.write(&[b"x: ", &vec![b'y'; 70_000][..]].concat());
    assert_eq!(endless.read().status, 431);
    assert_eq!(post(&server, BODY).status, 200);
    slow.write(&br#"[{"data":{"a":1}}]"#[2..]);
    assert_eq!(slow.read().status, 200);
}

#[test]
fn two_servers_are_apart() {
    let (one, two) = (Server::start().unwrap(), Server::start().unwrap());
    assert_ne!(one.url(), two.url());
    post(&one, BODY);
    assert_eq!((one.events().len(), two.events().len()), (1, 0));
}

#[test]
fn a_port_in_use_is_an_error() {
    let server = Server::start().unwrap();
    let error = Server::builder().bind(server.addr()).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn shutdown_cuts_open_connections() {
    let (server, mut idle) = pair();
    let mut halfway = Client::connect(&server);
    assert_eq!(idle.post("/1/batch/shop", &[], BODY).status, 200);
    halfway.write(HEAD);
    halfway.write(b"content-length: 18\r\n\r\n[{");
    let (addr, start) = (server.addr(), Instant::now());
    assert_eq!(server.shutdown().len(), 1);
    assert!(start.elapsed() < LONG);
    assert!(idle.is_closed());
    assert!(std::net::TcpStream::connect(addr).is_err());
}

#[tokio::test(flavor = "current_thread")]
async fn it_works_inside_a_runtime() {
    let server = Server::start().unwrap();
    post(&server, BODY);
    assert_eq!(server.wait_for_events(1, LONG).unwrap().len(), 1);
    drop(server);
}
