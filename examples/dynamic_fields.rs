//! Fields that are computed for each event: what is true of the process at the moment. Offline: it sends to a local Honeycomb.
//!
//! ```text
//! cargo run --example dynamic_fields
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use honey::{Builder, Config};
use honey_local::Server;

const TIMEOUT: Duration = Duration::from_secs(5);
/// What `/proc/self/statm` counts in.
const PAGE_BYTES: u64 = 4_096;

/// Called for each event, of any module: keep such functions cheap.
#[honey::dynamic_field(name = "process.uptime_ms")]
fn uptime() -> u64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

/// Reading a file is not cheap: once a second is enough. `None`, where there is no such file, leaves the field out.
#[honey::dynamic_field(name = "process.memory_bytes", every = "1s")]
fn memory() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

/// It does not change.
#[honey::dynamic_field(name = "process.pid", once)]
fn pid() -> u32 {
    std::process::id()
}

#[honey::event(fields(item))]
fn sell(item: &str) -> usize {
    item.len()
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let mut out = io::stdout();
    for field in honey::dynamic_fields() {
        writeln!(out, "{} from {}", field.name(), field.module())?;
    }
    let config = Config::new("any-key")
        .api_host(server.url())
        .dataset("shop");
    let guard = honey::init(config)?;

    // A closure, for what only the program's own state knows; on a Builder for its events alone.
    let queued = Arc::new(AtomicU64::new(0));
    let length = Arc::clone(&queued);
    honey::global().add_dynamic_field("queue.length", move || length.load(Ordering::Relaxed));
    let mut tills = Builder::new();
    tills.add_dynamic_field("till.open", || true);

    sell("tea");
    queued.store(3, Ordering::Relaxed);
    sell("coffee");
    tills.send_now(&[("total_usd", 9.5)]);

    writeln!(out, "{}", guard.close(TIMEOUT))?;
    for event in server.events() {
        let name = event.name().unwrap_or("by hand");
        writeln!(out, "{name}:")?;
        for (field, value) in event.data.iter() {
            let is_dynamic = ["process.", "queue.", "till."]
                .iter()
                .any(|prefix| field.starts_with(prefix));
            if is_dynamic {
                writeln!(out, "  {field} = {value}")?;
            }
        }
    }
    Ok(())
}
