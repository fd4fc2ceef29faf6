//! The key shows in nothing that a program prints, whatever goes wrong: a child process makes everything go wrong, and prints all
//! that it can print.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking; its child prints"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use honey::{Client, Config};
use honey_local::{KnownKey, Server};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Certificate, Server as Scripted};

/// Every key in our tests carries this mark, so that CI can look for it in the output of them all.
const KEY: &str = concat!("honeykey", "4test-secret");
const PASSWORD: &str = "hunter2-of-the-proxy";
const CHILD: &str = "HONEY_TEST_CHILD";
const LONG: Duration = Duration::from_mins(1);

fn send_one(config: Config) {
    println!("{config:?}");
    let client = Client::new(
        config
            .dataset("shop")
            .max_age(Duration::from_millis(1))
            // One try, which no machine is too slow for.
            .max_tries(1)
            .request_timeout(LONG)
            .connect_timeout(LONG),
    )
    .unwrap();
    let responses = client.responses();
    honey::with_client(&client, || {
        let mut event = honey::Event::new();
        event.add_field("a", 1);
        println!("{event:?} {:?}", honey::Builder::new());
        event.send();
    });
    let settled = client.flush(LONG);
    println!(
        "{settled} {client:?} {:?} {}",
        client.stats(),
        client.stats()
    );
    println!("{:?}", responses.recv_timeout(LONG));
    println!("{:?} {}", client.close(LONG), client.close(LONG));
}

/// Not a test of its own: the parent runs it in a process of its own.
#[test]
fn child() {
    if env::var_os(CHILD).is_none() {
        return;
    }
    let server = Server::builder()
        .keys([KnownKey::new("another")])
        .start()
        .unwrap();
    send_one(Config::new(KEY).api_host(server.url()));
    println!("{:?} {:?}", server.requests(), server.events());
    let nobody = Refusing::new().unwrap();
    send_one(Config::new(KEY).api_host(nobody.url()));
    // Plain text where TLS is expected.
    send_one(Config::new(KEY).api_host(server.url().replace("http://", "https://")));
    let open = Server::start().unwrap();
    send_one(Config::new(KEY).api_host(open.url()));
    println!("{:?} {:?}", open.requests(), open.events());
    with_a_scripted_server();
    for bad in [
        Config::new(format!("{KEY}\r\nX-Evil: 1")),
        Config::new(KEY).api_host("nonsense"),
        Config::new(KEY).max_concurrent_batches(0),
        Config::new(KEY).proxy(format!("http://user:{PASSWORD}@")),
        Config::new(KEY).api_host(format!("https://user:{PASSWORD}@host")),
        Config::new(KEY).header("X-Gateway", format!("{PASSWORD}\n")),
    ] {
        println!("{bad:?}");
        println!("{:?}", Client::new(bad).err());
    }
}

/// Servers that quote the key, redirect, break off; proxies that want another password; certificates that nobody trusts.
fn with_a_scripted_server() {
    let elsewhere = Scripted::new(Act::accept);
    let location = format!("{}/{KEY}", elsewhere.url());
    let quoting: [Act; 6] = [
        Act::status(401, format!(r#"{{"error":"key "{KEY}" not found"}}"#)),
        Act::status(400, format!(r#"{{"error":"unknown API key {KEY}"}}"#)),
        Act::status(
            200,
            format!(r#"[{{"status":400,"error":"{KEY} may not send"}}]"#),
        ),
        Act::status(503, format!("{KEY}{KEY}")),
        Act::Answer(Answer::new(302, KEY).header("Location", &location)),
        Act::Reset(KEY.as_bytes().to_vec()),
    ];
    for act in quoting {
        let server = Scripted::new(move |_| act.clone());
        send_one(
            Config::new(KEY)
                .api_host(server.url())
                .header("X-Gateway", PASSWORD),
        );
    }
    assert_eq!(elsewhere.connections(), 0);
    let proxy = Scripted::new(|_| Act::status(407, "who are you"));
    let url = proxy
        .url()
        .replace("http://", &format!("http://user:{PASSWORD}@"));
    for host in ["http://localhost:1", "https://localhost:1"] {
        send_one(Config::new(KEY).api_host(host).proxy(url.as_str()));
    }
    let nobody = Refusing::new().unwrap();
    let url = nobody
        .url()
        .replace("http://", &format!("http://user:{PASSWORD}@"));
    send_one(Config::new(KEY).api_host("http://localhost:1").proxy(url));
    let certificate = Certificate::valid_for("localhost");
    let tls = Scripted::tls(&certificate, Act::accept);
    send_one(Config::new(KEY).api_host(tls.url()));
    send_one(
        Config::new(KEY)
            .api_host(tls.url())
            .tls(certificate.trusted()),
    );
    assert_eq!(tls.seen()[0].header("x-honeycomb-team"), Some(KEY));
}

#[test]
fn whatever_goes_wrong_the_key_stays_out_of_every_output() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .env("HONEY_TEST_LOG", "1")
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}");
    for expected in [
        "honey: ",
        "Some(401)",
        "Connection refused",
        "TLS with",
        "Accepted",
        "api_host",
        "log: reqwest",
        "log: rustls",
        "key \\\"****",
        "the proxy refuses",
        "redirect",
        "UnknownIssuer",
    ] {
        assert!(
            said.contains(expected),
            "the child should have shown `{expected}`:\n{said}"
        );
    }
    // The password in base64 too, as the proxy gets it.
    for secret in [KEY, PASSWORD, "dXNlcjpodW50ZXI"] {
        assert!(
            !said.contains(secret),
            "a secret shows:\n{}",
            said.replace(secret, "<<<THE SECRET>>>")
                .replace(KEY, "<<<THE KEY>>>")
        );
    }
}

/// What CI does with the output of all tests finds a key, if there is one.
#[test]
fn the_search_in_the_log_of_ci_can_fail() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("log-{}", std::process::id()));
    let search = |text: &str| {
        fs::write(&log, text).unwrap();
        let mut search = Command::new(folder.join("scripts/no-key-in.sh"));
        search.arg(&log).output().unwrap()
    };
    let clean = search("test a ... ok\ntest b ... ok\n");
    let found = search(&format!("test a ... ok\ntest b {KEY} ... ok\n"));
    fs::remove_file(&log).unwrap();
    assert!(clean.status.success());
    assert!(!found.status.success());
    // The place, and not the key once more.
    let said = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(said.starts_with("2:") && !said.contains(KEY), "line 2");
    let missing = folder.join("no such log");
    let missing = Command::new(folder.join("scripts/no-key-in.sh"))
        .arg(missing)
        .output();
    assert!(!missing.unwrap().status.success());
}
