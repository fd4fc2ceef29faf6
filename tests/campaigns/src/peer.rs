//! honey as one of the clients of scripts/faults-peers.sh: sends, closes, and says what it was told became of the events.

use std::thread;
use std::time::{Duration, Instant};

use honey::{Client, Config};
use serde_json::json;

/// Between the two halves of the events: long enough for one request, so that a connection is idle when the second one begins.
const BREAK: Duration = Duration::from_millis(500);

/// Between two events, as the other clients have it.
const PACE: Duration = Duration::from_millis(1);

pub(crate) fn run(url: &str, events: u64) {
    let client = Client::new(Config::new("peer").api_host(url).dataset("d")).unwrap();
    let started = Instant::now();
    for n in 0..events {
        if n == events / 2 {
            thread::sleep(BREAK);
        }
        thread::sleep(PACE);
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
    let stats = client.close(Duration::from_secs(20)).stats;
    let told = json!({
        "delivered": stats.delivered(),
        "lost": stats.dropped.total() + stats.rejected,
        "seconds": started.elapsed().as_secs_f64(),
    });
    println!("{told}");
}
