//! The key shows in nothing that a program prints, whatever goes wrong: a child process makes everything go wrong, and prints all
//! that it can print.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking; its child prints"
)]

use std::env;
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use honey::{Client, Config};
use honey_local::{KnownKey, Server};

/// Every key in our tests carries this mark, so that CI can look for it in the output of them all.
const KEY: &str = concat!("honeykey", "4test-secret");
const CHILD: &str = "HONEY_TEST_CHILD";
const LONG: Duration = Duration::from_secs(20);

fn send_one(config: Config) {
    println!("{config:?}");
    let client = Client::new(
        config
            .dataset("shop")
            .max_age(Duration::from_millis(1))
            .max_tries(1),
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
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    send_one(Config::new(KEY).api_host(format!("http://{nobody}")));
    // Plain text where TLS is expected.
    send_one(Config::new(KEY).api_host(server.url().replace("http://", "https://")));
    let open = Server::start().unwrap();
    send_one(Config::new(KEY).api_host(open.url()));
    println!("{:?} {:?}", open.requests(), open.events());
    for bad in [
        Config::new(format!("{KEY}\r\nX-Evil: 1")),
        Config::new(KEY).api_host("nonsense"),
        Config::new(KEY).max_concurrent_batches(0),
    ] {
        println!("{bad:?}");
        println!("{:?}", Client::new(bad).err());
    }
}

#[test]
fn whatever_goes_wrong_the_key_stays_out_of_every_output() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
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
    ] {
        assert!(
            said.contains(expected),
            "the child should have shown `{expected}`:\n{said}"
        );
    }
    assert!(
        !said.contains(KEY),
        "the key shows:\n{}",
        said.replace(KEY, "<<<THE KEY>>>")
    );
}
