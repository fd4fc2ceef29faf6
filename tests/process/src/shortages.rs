//! Processes that are short of something: descriptors, threads, certificates, names.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustls::crypto::CryptoProvider;

use crate::report::{report, report_but};
use crate::system::{become_nobody, descriptors, limit_descriptors, limit_threads};
use crate::{LONG, config, init, jobs};

/// For a close that cannot succeed.
const SOON: Duration = Duration::from_millis(500);

pub(crate) fn run(how: &str) {
    match how {
        "descriptors-at-init" => {
            limit_descriptors(3);
            refused();
        }
        "descriptors" => without_descriptors(),
        "threads-0" => without_threads(0),
        "threads-1" => without_threads(1),
        "certificates" => without_certificates(),
        "names" => without_names(),
        "proxy" => through_a_proxy_that_refuses(),
        other => unreachable!("{other}"),
    }
}

/// `init` says no in words, and leaves nothing behind.
fn refused() {
    match honey::init(config()) {
        Ok(_) => println!("init succeeded"),
        Err(error) => println!("init failed: {error}"),
    }
    let started = Instant::now();
    while threads() > 1 && started.elapsed() < LONG {
        thread::yield_now();
    }
    println!("threads left: {}", threads() - 1);
}

fn threads() -> usize {
    fs::read_dir("/proc/self/task").map_or(1, Iterator::count)
}

/// No connection can be made for a while.
fn without_descriptors() {
    let guard = init();
    let before = descriptors();
    // The lowest number that is free is the first that is refused.
    limit_descriptors(3);
    jobs("main", 0..10);
    let started = Instant::now();
    while honey::stats().retries == 0 && started.elapsed() < LONG {
        thread::yield_now();
    }
    println!(
        "retried without a descriptor: {}",
        honey::stats().retries > 0
    );
    limit_descriptors(before);
    report("main", &guard.close(LONG));
}

/// The system gives no thread, or only one of the two.
fn without_threads(given: u64) {
    become_nobody();
    // This one counts too.
    limit_threads(1 + given);
    refused();
}

/// `https://` can be set up without a store of certificates, and `http://` works.
fn without_certificates() {
    let encrypted = honey::Client::new(config().api_host("https://127.0.0.1:1")).unwrap();
    println!("set up for https");
    let _ = encrypted.close(Duration::ZERO);
    // The program's other libraries have the process's provider to choose.
    println!(
        "the process's TLS provider is untouched: {}",
        CryptoProvider::get_default().is_none()
    );
    let guard = init();
    jobs("main", 0..5);
    report("main", &guard.close(LONG));
}

/// Nobody answers for names.
fn without_names() {
    let guard = honey::init(config().api_host("http://collector.example:8080").silent()).unwrap();
    jobs("main", 0..5);
    println!("flushed: {}", honey::flush(Duration::from_millis(300)));
    report_but("honey-dns", "main", &guard.close(SOON));
}

fn through_a_proxy_that_refuses() {
    let guard = honey::init(config().silent()).unwrap();
    jobs("main", 0..5);
    let started = Instant::now();
    while honey::stats().retries == 0 && started.elapsed() < LONG {
        thread::yield_now();
    }
    println!("retried: {}", honey::stats().retries > 0);
    report("main", &guard.close(SOON));
}
