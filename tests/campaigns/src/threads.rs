//! Ten thousand threads that come and go, then as many that are alive at once: what they take, and what is left of it.

use std::process::exit;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config};

use crate::measure::{self, mib};
use crate::server::Server;
use crate::traffic;

const THREADS: u64 = 10_000;
/// Of each thread: half of them manual events, half of them timed.
const EVENTS: u64 = 20;
/// Threads at a time, where they come and go.
const AT_A_TIME: u64 = 100;
const ROUNDS: u64 = 5;
const STACK_BYTES: usize = 128 * 1024;
const LONGEST: Duration = Duration::from_mins(1);

pub(crate) fn run() {
    let mut server = Server::start("none");
    let client = Client::new(Config::new("").api_host(server.url.clone())).unwrap();
    let events = || record(&client);
    events();
    let before = settled_mib(&client);
    let idle = alive_at_once(&client, || ());
    let after_idle = settled_mib(&client);
    println!(
        "resident {before:.1} MiB; {THREADS} threads without an event {idle:.1}, {after_idle:.1} when they are gone"
    );
    let coming = (0..ROUNDS).map(|_| {
        for _ in 0..THREADS / AT_A_TIME {
            thread::scope(|threads| {
                (0..AT_A_TIME).for_each(|_| drop(threads.spawn(events)));
            });
        }
        settled_mib(&client)
    });
    println!(
        "{THREADS} come and go, {AT_A_TIME} at a time: {} MiB after each round",
        listed(coming)
    );
    let mut most = Vec::new();
    let gone: Vec<_> = (0..ROUNDS)
        .map(|_| {
            most.push(alive_at_once(&client, events));
            settled_mib(&client)
        })
        .collect();
    println!(
        "{THREADS} alive at once, with {EVENTS} events each: {} MiB, {} when they are gone",
        listed(most),
        listed(gone)
    );
    let stats = client.close(LONGEST).stats;
    let offered = EVENTS * (1 + 2 * ROUNDS * THREADS);
    assert!(stats.is_balanced() && stats.created == offered, "{stats}");
    println!("offered {offered}: {stats}; server: {}", server.report());
}

fn record(client: &Client) {
    honey::with_client(client, || {
        for n in 0..EVENTS / 2 {
            traffic::send(client, n);
            honey::in_child_event("work", || honey::current().add_field("n", n));
        }
    });
}

/// What is resident while all of them have done `work` and none has ended.
fn alive_at_once(client: &Client, work: impl Fn() + Sync) -> f64 {
    let all = usize::try_from(THREADS).unwrap() + 1;
    let (done, measured) = (Barrier::new(all), Barrier::new(all));
    thread::scope(|threads| {
        for _ in 0..THREADS {
            let (work, done, measured) = (&work, &done, &measured);
            let thread = thread::Builder::new().stack_size(STACK_BYTES);
            let begun = thread.spawn_scoped(threads, move || {
                work();
                done.wait();
                measured.wait();
            });
            if let Err(error) = begun {
                // Not by a panic: those that have begun wait for all.
                eprintln!("the system does not give {THREADS} threads: {error}");
                exit(1);
            }
        }
        done.wait();
        let resident = settled_mib(client);
        measured.wait();
        resident
    })
}

/// When nothing is pending.
fn settled_mib(client: &Client) -> f64 {
    assert!(client.flush(LONGEST), "{}", client.stats());
    mib(measure::sample(Instant::now(), client).resident_bytes)
}

fn listed(figures: impl IntoIterator<Item = f64>) -> String {
    let figures: Vec<_> = figures
        .into_iter()
        .map(|figure| format!("{figure:.1}"))
        .collect();
    figures.join(" ")
}
