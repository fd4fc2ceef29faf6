//! The scripted server does what its scripts say: asked by a client that is nothing but a socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use honey_test_support::addresses::{BlackHole, Refusing};
use honey_test_support::{
    Act, Answer, Certificate, Greeting, Request, Server, honey_threads, unless_it_stands_still,
    until,
};
use rustls::{ClientConnection, StreamOwned};

const BODY: &str = r#"[{"data":{"n":7}},{"data":{"n":8}}]"#;

fn request(body: &str) -> String {
    format!(
        "POST /1/batch/d HTTP/1.1\r\nHost: x\r\nX-Test: a b\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream
}

/// Sends one request; everything that comes back until the connection ends, and how it ended.
fn ask(server: &Server) -> (String, Result<usize, ErrorKind>) {
    let mut stream = connect(server);
    // A server may be gone before it has read all.
    let _ = stream.write_all(request(BODY).as_bytes());
    let mut answer = Vec::new();
    let end = stream
        .read_to_end(&mut answer)
        .map_err(|error| error.kind());
    (String::from_utf8_lossy(&answer).into_owned(), end)
}

fn does(act: Act) -> Server {
    Server::new(move |_| act.clone())
}

#[test]
fn it_records_what_it_saw_and_keeps_connections() {
    let server = Server::new(Act::accept);
    let mut stream = connect(&server);
    for _ in 0..2 {
        stream.write_all(request(BODY).as_bytes()).unwrap();
        let expected =
            "HTTP/1.1 200 X\r\nContent-Length: 33\r\n\r\n[{\"status\":202},{\"status\":202}]";
        let mut answer = vec![0; expected.len()];
        stream.read_exact(&mut answer).unwrap();
        assert!(answer.ends_with(b"[{\"status\":202},{\"status\":202}]"));
    }
    connect(&server)
        .write_all(request("[]").as_bytes())
        .unwrap();
    until("the third request", || server.requests() == 3);
    let seen = server.seen();
    let places: Vec<_> = seen
        .iter()
        .map(|request| (request.number, request.connection))
        .collect();
    assert_eq!(places, [(0, 0), (1, 0), (2, 1)]);
    assert_eq!(seen[0].line, "POST /1/batch/d HTTP/1.1");
    assert_eq!(seen[0].header("x-TEST"), Some("a b"));
    assert_eq!(
        (seen[0].numbers(), seen[0].body.as_slice()),
        (vec![7, 8], BODY.as_bytes())
    );
    assert_eq!(server.connections(), 2);
}

#[test]
fn any_status_headers_and_body() {
    let server = does(Act::Answer(
        Answer::new(418, "tea\0")
            .header("Retry-After", "1")
            .header("X", "y"),
    ));
    let mut stream = connect(&server);
    stream.write_all(request("").as_bytes()).unwrap();
    let expected = b"HTTP/1.1 418 X\r\nContent-Length: 4\r\nRetry-After: 1\r\nX: y\r\n\r\ntea\0";
    let mut answer = vec![0; expected.len()];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, expected);
}

#[test]
fn a_prefix_and_the_end() {
    let (answer, end) = ask(&does(Act::Bytes(b"HTTP/1.1 200 O".to_vec())));
    assert_eq!((answer.as_str(), end), ("HTTP/1.1 200 O", Ok(14)));
    assert_eq!(ask(&does(Act::close())), (String::new(), Ok(0)));
}

#[test]
fn resets_are_resets() {
    let reset = Err(ErrorKind::ConnectionReset);
    // What had arrived may be lost with the connection.
    assert_eq!(ask(&does(Act::Reset(b"HTTP/1.1 20".to_vec()))).1, reset);
    assert_eq!(ask(&does(Act::Reset(Vec::new()))), (String::new(), reset));
    let early = Server::greeting(|_| Greeting::ReadThenReset(20), Act::accept);
    assert_eq!(ask(&early).1, reset);
    assert_eq!(early.requests(), 0);
}

#[test]
fn an_answer_then_an_idle_connection_that_dies() {
    let (answer, end) = ask(&does(Act::AnswerThenClose(Answer::new(200, "[]"))));
    assert!(answer.ends_with("[]") && end.is_ok(), "{answer}");
}

#[test]
fn a_byte_at_a_time() {
    let (answer, _) = ask(&does(Act::Trickle {
        head: b"first ".to_vec(),
        slowly: b"slow".to_vec(),
        pause: Duration::from_millis(1),
    }));
    assert_eq!(answer, "first slow");
}

#[test]
fn a_flood_is_as_long_as_it_was_told_or_until_nobody_reads() {
    let flood = |most_bytes| Act::Flood {
        head: b"head ".to_vec(),
        piece: vec![b'x'; 1_000],
        most_bytes,
    };
    assert_eq!(ask(&does(flood(10_000))).0.len(), 10_005);
    let server = does(flood(u64::MAX));
    let mut stream = connect(&server);
    stream.write_all(request(BODY).as_bytes()).unwrap();
    stream.read_exact(&mut vec![0; 100_000]).unwrap();
    drop(stream);
    drop(server);
}

#[test]
fn greetings_come_before_anything_is_read() {
    let server = Server::greeting(
        |connection| {
            if connection == 0 {
                Greeting::Close
            } else {
                Greeting::Stall
            }
        },
        Act::accept,
    );
    let (answer, _) = ask(&server);
    assert_eq!(answer, "");
    let mut stalled = connect(&server);
    stalled
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    assert!(stalled.read(&mut [0]).is_err());
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_server_that_goes_breaks_off_everything_and_may_come_again() {
    let server = does(Act::Hang);
    let address = server.address();
    let mut hanging = connect(&server);
    hanging.write_all(request(BODY).as_bytes()).unwrap();
    until("the request", || server.requests() == 1);
    let gone = server.leave();
    assert!(matches!(hanging.read(&mut [0]), Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).is_err());
    let again = gone.replaced_by(Act::accept).unwrap();
    assert_eq!(again.address(), address);
    connect(&again).write_all(request(BODY).as_bytes()).unwrap();
    until("the request", || again.requests() == 1);
}

#[test]
fn addresses_where_connecting_fails() {
    let refusing = Refusing::new().unwrap();
    let address = refusing.url().replace("http://", "");
    assert_eq!(
        TcpStream::connect(address).unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    let black_hole = BlackHole::new().unwrap();
    let address = black_hole.url().replace("http://", "").parse().unwrap();
    let error = TcpStream::connect_timeout(&address, Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

/// A request over TLS; the client trusts this certificate.
fn ask_tls(server: &Server, certificate: &Certificate) -> std::io::Result<Vec<u8>> {
    let name = "localhost".try_into().unwrap();
    let session = ClientConnection::new(Arc::new(certificate.trusted()), name).unwrap();
    let mut stream = StreamOwned::new(session, connect(server));
    stream.write_all(request(BODY).as_bytes())?;
    let mut answer = vec![0; 15];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

#[test]
fn tls_with_certificates_good_and_bad() {
    let good = Certificate::valid_for("localhost");
    let server = Server::tls(&good, |request: &Request| Act::accept(request));
    assert_eq!(ask_tls(&server, &good).unwrap(), b"HTTP/1.1 200 X\r");
    let other = Certificate::valid_for("localhost");
    assert!(ask_tls(&server, &other).is_err());
    for (bad, why) in [
        (Certificate::expired(), "xpired"),
        (Certificate::valid_for("elsewhere"), "not valid for name"),
    ] {
        let server = Server::tls(&bad, Act::accept);
        let error = ask_tls(&server, &bad).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert_eq!(server.requests(), 0);
    }
}

#[test]
fn what_fails_is_run_again_only_where_the_machine_stood_still() {
    let runs = AtomicU32::new(0);
    let fails_until = |run| {
        let number = runs.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(number >= run, "on purpose");
        number
    };
    // As if it always stood still, and as if it never did.
    let (always, never) = (Duration::ZERO, Duration::MAX);
    assert_eq!(unless_it_stands_still(always, || fails_until(3)), 3);
    runs.store(0, Ordering::SeqCst);
    let failed = |stall| {
        std::panic::catch_unwind(AssertUnwindSafe(|| {
            unless_it_stands_still(stall, || fails_until(9))
        }))
    };
    assert!(failed(never).is_err());
    assert_eq!(runs.swap(0, Ordering::SeqCst), 1);
    assert!(failed(always).is_err());
    assert_eq!(runs.load(Ordering::SeqCst), 5);
}

#[test]
fn honeys_threads_are_known_by_their_names() {
    let (ready, wait) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::Builder::new().name("honey-ship".to_owned());
    let thread = thread.spawn(move || wait.recv()).unwrap();
    until("the thread", || honey_threads().len() == 1);
    drop(ready);
    assert!(thread.join().unwrap().is_err());
    until("its end", || honey_threads().is_empty());
}
