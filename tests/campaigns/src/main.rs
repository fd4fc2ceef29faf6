//! Long runs against faulty servers, with figures for docs/reliability.md: see scripts/campaigns.sh, scripts/soak.sh and
//! scripts/faults-peers.sh.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program of measurements: it prints, and fails by panicking"
)]

mod burst;
mod churn;
mod measure;
mod outage;
mod peer;
mod plot;
mod restarts;
mod serve;
mod server;
mod soak;
mod threads;
mod traffic;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "usage: campaign outage SVG | restarts | burst | churn | threads | soak MINUTES SVG | serve FAULT | peer URL EVENTS";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["outage", svg] => outage::run(svg),
        ["restarts"] => restarts::run(),
        ["burst"] => burst::run(),
        ["churn"] => churn::run(),
        ["threads"] => threads::run(),
        ["soak", minutes, svg] => {
            let minutes: f64 = minutes.parse().unwrap();
            soak::run(Duration::from_secs_f64(minutes * 60.0), svg);
        }
        ["serve", fault] => serve::run(fault),
        ["peer", url, events] => peer::run(url, events.parse().unwrap()),
        _ => {
            println!("{USAGE}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
