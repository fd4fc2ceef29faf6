//! A server that restarts every second for half a minute: nothing is lost.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use honey::{Client, Config};

use crate::server::Server;
use crate::traffic;

const PER_SECOND: u64 = 2_000;
const RESTARTS: u32 = 30;
const DOWN: Duration = Duration::from_millis(200);
const UP: Duration = Duration::from_millis(800);

pub(crate) fn run() {
    let mut server = Server::start("none");
    let client = Client::new(Config::new("").api_host(server.url.clone())).unwrap();
    let (numbers, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|threads| {
        threads.spawn(|| {
            traffic::steady(&client, PER_SECOND, &numbers, || {
                is_over.load(Ordering::SeqCst)
            });
        });
        for _ in 0..RESTARTS {
            thread::sleep(UP);
            server.tell("down");
            thread::sleep(DOWN);
            server.tell("up");
        }
        is_over.store(true, Ordering::SeqCst);
    });
    let report = client.close(Duration::from_mins(1));
    let offered = numbers.load(Ordering::SeqCst);
    let seen = server.report();
    println!("offered {offered}; {report}; server: {seen}");
    assert_eq!(
        (report.stats.delivered(), seen["stored"].as_u64()),
        (offered, Some(offered)),
        "something was lost"
    );
}
