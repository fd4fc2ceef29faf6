//! What a call costs on the thread that makes it.

pub(crate) mod entries;
mod measure;

use std::process::Command;

use serde_json::{Value, json};

use crate::child;
use crate::options::Options;
use crate::peer::{self, Result};
use crate::server::Server;

use entries::{ENTRIES, Entry};
pub(crate) use measure::Case;
use measure::Measure;

/// Every case of every peer, in turns; prints the medians.
pub(crate) fn all(options: &Options) -> Result<()> {
    let rounds: usize = options.number("rounds", 7)?;
    let bursts: usize = options.number("bursts", 60)?;
    let server = Server::start()?;
    let mut results: Vec<(&Entry, Case, Vec<Value>)> = Vec::new();
    for entry in &ENTRIES {
        for case in entry.cases {
            results.push((entry, *case, Vec::new()));
        }
    }
    for round in 1..=rounds {
        child::progress(&format!("call: round {round} of {rounds}"));
        for (entry, case, results) in &mut results {
            let arguments = arguments(entry, *case, bursts, &server.url);
            let result = if entry.fast_clock {
                let program = options.text("fast-clock-peers")?;
                child::run_command(Command::new(program).args(arguments))?
            } else {
                child::run(&arguments)?
            };
            results.push(result);
        }
    }
    for (entry, case, results) in results {
        child::print(&json!({
            "table": "call",
            "title": entry.title,
            "case": case.name(),
            "ns": child::median_of(&results, "ns"),
            "bare_ns": child::median_of(&results, "bare_ns"),
            "floor_ns": child::median_of(&results, "floor_ns"),
            "clock_ns": child::median_of(&results, "clock_ns"),
            "times_floor": child::median(results.iter().map(times_floor)),
            "calls": results.iter().filter_map(|result| result["calls"].as_u64()).sum::<u64>(),
        }))?;
    }
    Ok(())
}

fn times_floor(result: &Value) -> f64 {
    let number = |key: &str| result[key].as_f64().unwrap_or(f64::NAN);
    number("ns") / number("floor_ns")
}

fn arguments(entry: &Entry, case: Case, bursts: usize, url: &str) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "call-one",
        "--in-process",
        "--peer",
        entry.name,
        "--case",
        case.name(),
        "--url",
        url,
        "--bursts",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(bursts.to_string());
    if entry.tuned {
        arguments.push("--tuned".to_owned());
    }
    if case == Case::Disabled {
        arguments.push("--disabled".to_owned());
    }
    arguments
}

/// One case of one peer.
pub(crate) fn one(options: &Options) -> Result<()> {
    let setup = options.setup()?;
    let measure = Measure {
        case: Case::named(options.text("case")?)?,
        bursts: options.number("bursts", 60)?,
        url: setup.url.clone(),
    };
    peer::with(options.text("peer")?, &setup, measure)
}
