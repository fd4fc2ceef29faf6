//! A small shop for about a second, and what its events tell. Needs no account and no network beyond this machine:
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! It starts a local Honeycomb inside the process, lets customers buy tea, and prints one request as a tree, all events as
//! a table, and the balance. With `HONEYCOMB_API_KEY` set the events go to Honeycomb instead.
//!
//! `shop.rs` is the application, `order.rs` its types, `back_office.rs` its threads: look there for how code is annotated.
//! `traffic.rs` plays the customers, `report.rs` and `table.rs` show what arrived.

mod back_office;
mod order;
mod report;
mod shop;
mod table;
mod traffic;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use honey::Config;
use honey_local::Server;

/// How long closing may take: more than enough to send what is left.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// What a variable of the environment must be set for this to leave the machine.
const SEND_ELSEWHERE: [&str; 2] = ["HONEYCOMB_API_KEY", "HONEYCOMB_API_ENDPOINT"];

static STARTED: OnceLock<Instant> = OnceLock::new();

/// A dynamic field: honey calls this for each event, whichever crate it is in.
#[honey::dynamic_field(name = "process.uptime")]
fn uptime_seconds() -> Option<f64> {
    STARTED.get().map(|started| started.elapsed().as_secs_f64())
}

/// Another one. It runs on the thread that begins the event.
#[honey::dynamic_field(name = "thread.name")]
fn thread_name() -> Option<String> {
    std::thread::current().name().map(str::to_owned)
}

// A plain `main`: the guard is made before the runtime and closed after it. `#[tokio::main]` would do it the other way
// round, and the events of the last tasks would be lost.
fn main() -> Result<(), Box<dyn Error>> {
    STARTED.get_or_init(Instant::now);
    traffic::silence_planned_panic();
    let server = if sends_elsewhere() {
        None
    } else {
        Some(Server::start()?)
    };
    let config = match &server {
        Some(server) => Config::new("any-key-will-do").api_host(server.url()),
        None => Config::from_env()?,
    };
    let guard = honey::init(config.service_name("shop").capture_panics(true))?;

    // Fields for every event, set once; and one that is evaluated for every event.
    honey::global().add_field("service.version", "1.4.2");
    honey::global().add_field("deployment.environment.name", "quickstart");
    honey::global().add_dynamic_field("shop.open_carts", shop::open_carts);

    let mut out = io::stdout();
    writeln!(out, "The shop is open for a second …")?;
    out.flush()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("web")
        .enable_time()
        .build()?;
    runtime.block_on(traffic::customers());
    drop(runtime);
    back_office::restock(3);
    back_office::change_prices(&traffic::TEAS);

    let closed = guard.close(CLOSE_TIMEOUT);
    let text = match server {
        Some(server) => report::local(&server.shutdown(), &closed),
        None => report::remote(&closed),
    };
    match out.write_all(text.as_bytes()) {
        // Such as `| head`, which has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn sends_elsewhere() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    SEND_ELSEWHERE.into_iter().any(is_set)
}
