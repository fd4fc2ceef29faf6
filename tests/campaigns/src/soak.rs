//! Hours of traffic to a server in every mood: memory and threads stay what they are, and the balance holds at every look.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config};

use crate::measure::{self, Sample, mib};
use crate::server::Server;
use crate::{plot, traffic};

const PER_SECOND: u64 = 5_000;
/// Threads come and go, and so does a second client.
const GENERATION: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_secs(5);

pub(crate) fn run(length: Duration, svg: &str) {
    let server = Server::start("moods");
    let config = || {
        Config::new("")
            .api_host(server.url.clone())
            .request_timeout(Duration::from_secs(2))
            .silent()
    };
    let client = Client::new(config()).unwrap();
    let numbers = AtomicU64::new(0);
    let (passing, passed) = (AtomicU64::new(0), AtomicU64::new(0));
    let started = Instant::now();
    let end = started + length;
    let mut samples: Vec<Sample> = Vec::new();
    thread::scope(|threads| {
        threads.spawn(|| {
            while Instant::now() < end {
                let generation = end.min(Instant::now() + GENERATION);
                thread::scope(|threads| {
                    for _ in 0..4 {
                        threads.spawn(|| {
                            traffic::steady(&client, PER_SECOND / 4, &numbers, || {
                                Instant::now() >= generation
                            });
                        });
                    }
                    threads.spawn(|| {
                        let short = Client::new(config()).unwrap();
                        for n in 0..100 {
                            traffic::send(&short, n);
                        }
                        let stats = short.close(Duration::from_secs(5)).stats;
                        assert!(stats.is_balanced() && stats.pending == 0, "{stats}");
                        passing.fetch_add(1, Ordering::SeqCst);
                        passed.fetch_add(stats.delivered(), Ordering::SeqCst);
                    });
                });
            }
        });
        while Instant::now() < end {
            samples.push(measure::sample(started, &client));
            thread::sleep(LOOK.min(end.saturating_duration_since(Instant::now())));
        }
    });
    let report = client.close(Duration::from_mins(1));
    assert!(
        report.stats.is_balanced() && report.stats.pending == 0,
        "{report}"
    );
    let points: Vec<_> = samples
        .iter()
        .map(|sample| (sample.at.as_secs_f64(), mib(sample.resident_bytes)))
        .collect();
    plot::write(
        svg,
        "Resident memory while soaking: 5,000 events/s, a server in every mood",
        "MiB",
        &points,
        None,
    );
    println!(
        "offered {} over {:.1} minutes; {report}",
        numbers.load(Ordering::SeqCst),
        length.as_secs_f64() / 60.0
    );
    println!(
        "{} clients came and went, {} of their events delivered",
        passing.load(Ordering::SeqCst),
        passed.load(Ordering::SeqCst)
    );
    for quarter in 0..4 {
        let part = &samples[samples.len() * quarter / 4..samples.len() * (quarter + 1) / 4];
        let resident: Vec<_> = part
            .iter()
            .map(|sample| mib(sample.resident_bytes))
            .collect();
        let threads = part.iter().map(|sample| sample.threads);
        println!(
            "quarter {}: resident {:.1}–{:.1} MiB, {}–{} threads, at most {} pending",
            quarter + 1,
            resident.iter().copied().fold(f64::INFINITY, f64::min),
            resident.iter().copied().fold(0.0, f64::max),
            threads.clone().min().unwrap_or(0),
            threads.max().unwrap_or(0),
            part.iter()
                .map(|sample| sample.stats.pending)
                .max()
                .unwrap_or(0)
        );
    }
}
