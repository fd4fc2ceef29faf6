//! Proxies that help, refuse, or are away; their credentials show nowhere.

use std::time::Duration;

use honey::{Config, DiagnosticKind, DropReason};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Request, Server, unless_it_stands_still, until};

use crate::rig::{Rig, config};

const PASSWORD: &str = "hunter2";

/// A client of a server that only the proxy knows.
fn through(url: &str, host: &str) -> Config {
    let url = url.replace("http://", &format!("http://user:{PASSWORD}@"));
    let config = config(host).proxy(url);
    assert!(!format!("{config:?}").contains(PASSWORD));
    config
}

fn said_without_password(rig: &Rig) -> String {
    let said = format!("{:?}", rig.said());
    assert!(
        !said.contains(PASSWORD) && !said.contains("dXNlcjpodW50ZXIy"),
        "{said}"
    );
    said
}

#[test]
fn proxy_honoured() {
    let proxy = Server::new(Act::accept);
    let rig = Rig::new(through(&proxy.url(), "http://somewhere.invalid"));
    rig.offer(10);
    assert_eq!(rig.settled().accepted, 10);
    rig.end();
    let seen = proxy.seen();
    assert_eq!(
        seen[0].line,
        "POST http://somewhere.invalid/1/batch/d HTTP/1.1"
    );
    assert_eq!(
        seen[0].header("proxy-authorization"),
        Some("Basic dXNlcjpodW50ZXIy")
    );
}

#[test]
fn proxy_refused() {
    const MAX_AGE: Duration = Duration::from_secs(1);
    unless_it_stands_still(MAX_AGE / 4, || {
        let nobody = Refusing::new().unwrap();
        let rig = Rig::new(through(&nobody.url(), "http://somewhere.invalid").max_age(MAX_AGE));
        rig.offer_in_vain(10, DiagnosticKind::Unreachable);
        assert_eq!(rig.settled().dropped.by(DropReason::Transport), 10);
        let said = said_without_password(&rig);
        // Not the server, which nobody has asked.
        let cause = "Connection refused (os error 111), by way of the proxy that `Config::proxy` names. Events wait";
        assert!(said.contains(cause), "{said}");
        rig.end();
    });
}

/// The proxy wants another password: as a wrong key, one probe a minute.
fn wants_another_password(host: &str) {
    let proxy = Server::new(|request: &Request| {
        assert!(!request.line.contains(PASSWORD));
        Act::Answer(Answer::new(407, "who are you").header("Proxy-Authenticate", "Basic realm=x"))
    });
    let rig = Rig::new(through(&proxy.url(), host));
    rig.offer(10);
    let said = rig.said_of(DiagnosticKind::Proxy);
    assert!(said.contains("user and the password"), "{said}");
    said_without_password(&rig);
    until("a pause", || rig.balance().pending == 10);
    assert!(!rig.client.flush(Duration::from_millis(50)));
    assert_eq!(proxy.requests(), 1);
    let stats = rig.end_within(Duration::from_millis(50));
    assert_eq!(stats.dropped.by(DropReason::CloseDeadline), 10, "{stats}");
}

#[test]
fn proxy_407() {
    wants_another_password("http://somewhere.invalid");
}

#[test]
fn proxy_407_to_a_tunnel() {
    wants_another_password("https://somewhere.invalid");
}
