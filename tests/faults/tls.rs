//! Certificates that are bad, and servers that do not speak TLS.

use std::time::Duration;

use honey::{DiagnosticKind, DropReason};
use honey_test_support::{Act, Certificate, Server};

use crate::rig::{Rig, config};

#[test]
fn tls_unknown_ca() {
    let server = Server::tls(&Certificate::valid_for("localhost"), Act::accept);
    let rig = Rig::new(config(server.url()).max_age(Duration::from_millis(500)));
    rig.offer(10);
    let stats = rig.settled();
    assert_eq!(stats.dropped.by(DropReason::Tls), 10, "{stats}");
    assert_eq!(server.requests(), 0);
    assert!(stats.retries <= 1, "not retried beyond once: {stats}");
    let said = rig.said_once(DiagnosticKind::Tls);
    assert!(said.contains("UnknownIssuer"), "{said}");
    rig.end();
}

#[test]
fn tls_spoken_to_a_server_that_does_not() {
    let server = Server::new(|_| Act::status(400, "this is no TLS"));
    let rig = Rig::new(
        config(server.url().replace("http:", "https:"))
            .max_age(Duration::from_millis(500))
            .connect_timeout(Duration::from_millis(200)),
    );
    rig.offer(10);
    let stats = rig.settled();
    assert_eq!(stats.dropped.total(), 10, "{stats}");
    rig.end();
}
