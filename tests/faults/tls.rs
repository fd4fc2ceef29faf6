//! Certificates that are bad, and servers that do not speak TLS.

use std::time::Duration;

use honey::{Config, DiagnosticKind, DropReason};
use honey_test_support::{Act, Certificate, Server, unless_it_stands_still};

use crate::rig::{KEY, Rig, config};

/// How long an event may wait for what never comes. It is tried at once: where a machine stands still until it is too old, it never was.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Ten events to a server with this certificate; `cause` is what is said.
fn fails(certificate: &Certificate, settings: impl Fn(Config) -> Config, cause: &str) {
    unless_it_stands_still(MAX_AGE / 4, || {
        let server = Server::tls(certificate, Act::accept);
        let rig = Rig::new(settings(config(server.url()).max_age(MAX_AGE)));
        rig.offer_in_vain(10, DiagnosticKind::Tls);
        let stats = rig.settled();
        assert_eq!(stats.dropped.by(DropReason::Tls), 10, "{stats}");
        assert!(stats.retries <= 1, "not retried beyond once: {stats}");
        let said = rig.said_once(DiagnosticKind::Tls);
        assert!(said.contains(cause) && said.contains("localhost"), "{said}");
        rig.end();
        assert_eq!(server.requests(), 0, "the key went nowhere");
    });
}

#[test]
fn tls_expired() {
    let certificate = Certificate::expired();
    let trusted = certificate.trusted();
    fails(
        &certificate,
        |config| config.tls(trusted.clone()),
        "expired",
    );
}

#[test]
fn tls_wrong_host() {
    let certificate = Certificate::valid_for("elsewhere.example");
    let trusted = certificate.trusted();
    fails(
        &certificate,
        |config| config.tls(trusted.clone()),
        "not valid for name",
    );
}

#[test]
fn tls_unknown_ca() {
    fails(
        &Certificate::valid_for("localhost"),
        |config| config,
        "UnknownIssuer",
    );
}

#[test]
fn tls_with_a_users_own_roots() {
    let certificate = Certificate::valid_for("localhost");
    let server = Server::tls(&certificate, Act::accept);
    let rig = Rig::new(config(server.url()).tls(certificate.trusted()));
    rig.offer(10);
    assert_eq!(rig.settled().accepted, 10);
    rig.end();
    assert_eq!(server.seen()[0].header("x-honeycomb-team"), Some(KEY));
}

#[test]
fn tls_spoken_to_a_server_that_does_not() {
    unless_it_stands_still(MAX_AGE / 4, || {
        let server = Server::greeting(
            |_| honey_test_support::Greeting::Say(b"HTTP/1.1 400 no TLS\r\n\r\n"),
            Act::accept,
        );
        let url = server.url().replace("http:", "https:");
        let rig = Rig::new(config(url).max_age(MAX_AGE));
        rig.offer_in_vain(10, DiagnosticKind::Tls);
        assert_eq!(rig.settled().dropped.by(DropReason::Tls), 10);
        let said = rig.said_once(DiagnosticKind::Tls);
        assert!(said.contains("TLS with 127.0.0.1:"), "{said}");
        rig.end();
    });
}
