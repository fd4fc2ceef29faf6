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
    for (place, part) in quarters(&samples).into_iter().enumerate() {
        let resident = part.iter().map(|sample| mib(sample.resident_bytes));
        let threads = part.iter().map(|sample| sample.threads);
        println!(
            "quarter {}: resident {:.1}–{:.1} MiB, {}–{} threads, at most {} pending",
            place + 1,
            resident.clone().fold(f64::INFINITY, f64::min),
            resident.fold(0.0, f64::max),
            threads.clone().min().unwrap_or(0),
            threads.max().unwrap_or(0),
            part.iter().map(|sample| sample.pending).max().unwrap_or(0)
        );
    }
    println!("{}", verdict(&samples).unwrap());
}

fn quarters(samples: &[Sample]) -> [&[Sample]; 4] {
    std::array::from_fn(|quarter| {
        &samples[samples.len() * quarter / 4..samples.len() * (quarter + 1) / 4]
    })
}

/// A shorter run says nothing about growth: stores fill, and the allocator finds its size.
const LEAST_FOR_A_VERDICT: Duration = Duration::from_mins(10);
/// From the second quarter's peak to the last one's: in twenty minutes less than a byte an event.
const MAX_GROWTH_BYTES: u64 = 2 << 20;
/// This program's own, four that send, one for the short client and the one that begins them all, and two of honey's for each client.
const MAX_THREADS: u64 = 11;

/// Whether memory and threads stayed what they are, once warm.
fn verdict(samples: &[Sample]) -> Result<String, String> {
    let length = samples.last().map_or(Duration::ZERO, |last| last.at);
    if length < LEAST_FOR_A_VERDICT {
        return Ok(format!(
            "too short for a verdict: under {LEAST_FOR_A_VERDICT:?}"
        ));
    }
    let peak = |part: &[Sample]| {
        part.iter()
            .map(|sample| sample.resident_bytes)
            .max()
            .unwrap_or(0)
    };
    let [_, second, _, last] = quarters(samples).map(peak);
    let growth = last.saturating_sub(second);
    let threads = samples
        .iter()
        .map(|sample| sample.threads)
        .max()
        .unwrap_or(0);
    let said = format!(
        "grown by {:.1} MiB since the second quarter (at most {:.1}), at most {threads} threads ({MAX_THREADS})",
        mib(growth),
        mib(MAX_GROWTH_BYTES)
    );
    if growth <= MAX_GROWTH_BYTES && threads <= MAX_THREADS {
        Ok(format!("passed: {said}"))
    } else {
        Err(format!("failed: {said}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty minutes of looks.
    fn samples(resident_bytes: impl Fn(u64) -> u64, threads: u64) -> Vec<Sample> {
        let sample = |look| Sample {
            at: LOOK * u32::try_from(look).unwrap(),
            resident_bytes: resident_bytes(look),
            threads,
            pending: 0,
        };
        (0..=240).map(sample).collect()
    }

    #[test]
    fn what_settles_passes_and_what_grows_fails() {
        let settles = |look: u64| (20 << 20) - (10 << 20) / (look + 1);
        let passed = verdict(&samples(settles, MAX_THREADS));
        assert!(passed.is_ok_and(|said| said.starts_with("passed")));
        // A byte an event.
        let leaks = |look: u64| (20 << 20) + look * LOOK.as_secs() * PER_SECOND;
        assert!(verdict(&samples(leaks, MAX_THREADS)).is_err());
        assert!(verdict(&samples(settles, MAX_THREADS + 1)).is_err());
        let short = verdict(&samples(leaks, 1)[..60]);
        assert!(short.is_ok_and(|said| said.starts_with("too short")));
    }
}
