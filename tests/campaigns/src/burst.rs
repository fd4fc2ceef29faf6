//! Ten million events as fast as four threads can make them: dropping what has no room, then waiting for room instead.

use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config};

use crate::measure::{self, mib};
use crate::server::Server;
use crate::traffic;

const THREADS: u64 = 4;
const EVENTS: u64 = 10_000_000;

pub(crate) fn run() {
    for waits in [false, true] {
        let server = Server::start("none");
        let mut config = Config::new("").api_host(server.url.clone());
        if waits {
            config = config.block_on_send(Duration::from_mins(10));
        }
        let client = Client::new(config).unwrap();
        let started = Instant::now();
        thread::scope(|threads| {
            for part in 0..THREADS {
                let client = &client;
                threads.spawn(move || {
                    for n in part * EVENTS / THREADS..(part + 1) * EVENTS / THREADS {
                        traffic::send(client, n);
                    }
                });
            }
        });
        let offering = started.elapsed();
        let report = client.close(Duration::from_mins(10));
        assert!(
            report.stats.is_balanced() && report.stats.pending == 0,
            "{report}"
        );
        println!(
            "{}: offered {EVENTS} in {offering:.1?}; {report}; most resident {:.1} MiB",
            if waits {
                "waiting for room"
            } else {
                "dropping"
            },
            mib(measure::peak_bytes())
        );
    }
}
