//! Clients that come and go, then threads: what they leave behind does not add up.

use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config};

use crate::measure::{self, mib};
use crate::server::Server;
use crate::traffic;

const ROUNDS: u64 = 20;
const LONGEST: Duration = Duration::from_secs(30);

pub(crate) fn run() {
    let server = Server::start("none");
    let config = || Config::new("").api_host(server.url.clone());
    let lasting = Client::new(config()).unwrap();
    rounds(&lasting, "clients, 50 a round", || {
        for _ in 0..50 {
            let client = Client::new(config()).unwrap();
            (0..100).for_each(|n| traffic::send(&client, n));
            assert_eq!(client.close(LONGEST).stats.delivered(), 100);
        }
    });
    rounds(&lasting, "threads, 200 a round", || {
        for _ in 0..50 {
            thread::scope(|threads| {
                for _ in 0..4 {
                    threads.spawn(|| (0..2_000).for_each(|n| traffic::send(&lasting, n)));
                }
            });
            assert!(lasting.flush(LONGEST));
        }
    });
}

fn rounds(client: &Client, what: &str, round: impl Fn()) {
    let started = Instant::now();
    let resident = (0..ROUNDS).map(|_| {
        round();
        measure::sample(started, client)
    });
    let resident: Vec<_> = resident
        .map(|sample| format!("{:.1}", mib(sample.resident_bytes)))
        .collect();
    println!("{what}: {} MiB resident after each", resident.join(" "));
}
