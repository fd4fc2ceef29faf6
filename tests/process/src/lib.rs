//! The program that the tests of processes run: `process-child SCENARIO [HOW]`, with the server's URL in the environment. It prints
//! one line for each client that it closes: see `report`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what fails here fails a test; the tests read what it prints"
)]

mod endings;
mod forks;
mod held;
mod report;
mod shortages;
mod system;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use honey::{Config, Guard};

/// For what has no reason to take long.
const LONG: Duration = Duration::from_mins(3);
/// Longer than any test: nothing is sent before somebody waits for it.
const NEVER: Duration = Duration::from_hours(1);

/// What all scenarios start from.
fn config() -> Config {
    let url = env::var("HONEY_TEST_URL").unwrap_or_default();
    Config::new(concat!("honeykey", "4test"))
        .api_host(url)
        .dataset("processes")
        // What a slow machine's server has not answered in ten seconds would be sent again, and arrive twice.
        .request_timeout(LONG)
}

fn init() -> Guard {
    honey::init(config()).unwrap()
}

/// One event, with the name of the process that it belongs to.
#[honey::event(fields(who, number))]
fn job(who: &'static str, number: u32) {}

fn jobs(who: &'static str, numbers: std::ops::Range<u32>) {
    for number in numbers {
        job(who, number);
    }
}

/// In a child: never drops handles of the parent's threads. The system would look at these threads' stacks, which it may have given to
/// others by then, or back.
fn leave_to_parent<T>(handles: T) {
    std::mem::forget(handles);
}

/// The program.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let scenario = arguments.next().unwrap_or_default();
    let how = arguments.next().unwrap_or_default();
    match scenario.as_str() {
        "fork" => forks::run(&how),
        "held" => held::run(&how),
        "end" => endings::run(&how),
        "short-of" => shortages::run(&how),
        other => {
            println!("no such scenario: {other:?}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
