//! A minute without a server, at 20,000 events a second: memory stays bounded, and every loss is counted.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config};

use crate::measure::{self, Sample, mib};
use crate::server::Server;
use crate::{plot, traffic};

const PER_SECOND: u64 = 20_000;
const BEFORE: Duration = Duration::from_secs(10);
const OUTAGE: Duration = Duration::from_mins(1);
const AFTER: Duration = Duration::from_secs(20);

pub(crate) fn run(svg: &str) {
    let mut server = Server::start("none");
    let client = Client::new(Config::new("").api_host(server.url.clone())).unwrap();
    let (numbers, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let started = Instant::now();
    let mut samples: Vec<Sample> = Vec::new();
    thread::scope(|threads| {
        threads.spawn(|| {
            traffic::steady(&client, PER_SECOND, &numbers, || {
                is_over.load(Ordering::SeqCst)
            });
        });
        for (change, length) in [("", BEFORE), ("down", OUTAGE), ("up", AFTER)] {
            if !change.is_empty() {
                server.tell(change);
            }
            let until = Instant::now() + length;
            while Instant::now() < until {
                samples.push(measure::sample(started, &client));
                thread::sleep(Duration::from_millis(250));
            }
        }
        is_over.store(true, Ordering::SeqCst);
    });
    let report = client.close(Duration::from_secs(30));
    assert!(
        report.stats.is_balanced() && report.stats.pending == 0,
        "{report}"
    );
    let points: Vec<_> = samples
        .iter()
        .map(|sample| (sample.at.as_secs_f64(), mib(sample.resident_bytes)))
        .collect();
    let shaded = (BEFORE.as_secs_f64(), (BEFORE + OUTAGE).as_secs_f64());
    plot::write(
        svg,
        "Resident memory, 20,000 events/s, the server away for 60 s",
        "MiB",
        &points,
        Some(shaded),
    );
    let most_pending = samples
        .iter()
        .map(|sample| sample.pending)
        .max()
        .unwrap_or(0);
    let before = samples
        .iter()
        .filter(|sample| sample.at < BEFORE)
        .map(|sample| sample.resident_bytes)
        .max();
    println!("offered {}; {report}", numbers.load(Ordering::SeqCst));
    println!(
        "resident before {:.1} MiB, most {:.1} MiB, at the end {:.1} MiB; most pending {most_pending}; server: {}",
        mib(before.unwrap_or(0)),
        mib(measure::peak_bytes()),
        samples
            .last()
            .map_or(0.0, |sample| mib(sample.resident_bytes)),
        server.report()
    );
}
