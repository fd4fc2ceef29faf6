//! Events at a steady rate.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use honey::Client;

const TICK: Duration = Duration::from_millis(2);

/// Sends `per_second` events until the time is over or `is_over`, each with a number of its own.
pub(crate) fn steady(
    client: &Client,
    per_second: u64,
    numbers: &AtomicU64,
    is_over: impl Fn() -> bool,
) {
    let started = Instant::now();
    let mut sent = 0_u64;
    while !is_over() {
        let due = started.elapsed().as_micros() * u128::from(per_second) / 1_000_000;
        while u128::from(sent) < due {
            send(client, numbers.fetch_add(1, Ordering::Relaxed));
            sent += 1;
        }
        thread::sleep(TICK);
    }
}

/// One event as a web server might have it.
pub(crate) fn send(client: &Client, n: u64) {
    let mut event = client.builder().new_event();
    event.add_field("n", n);
    event.add_field("http.method", "GET");
    event.add_field("http.path", "/cart/checkout");
    event.add_field("http.status", 200 + n % 3);
    event.add_field("duration_ms", 1.5 * (n % 100) as f64);
    event.add_field("user.id", n % 10_007);
    event.send();
}
