//! A command-line tool: one event for the command with its exit code, one for each file, and nothing lost at the end. It counts the
//! words of files, or of standard input.
//!
//! ```text
//! cargo run --example cli -- README.md no-such-file
//! ```
//!
//! Offline: on a terminal the trace is drawn there; elsewhere nothing is recorded. With `HONEYCOMB_API_KEY` it goes to Honeycomb, with
//! `HONEYCOMB_API_ENDPOINT=http://127.0.0.1:8088` to honey-local.

use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Nobody waits longer than this for a tool to end, whatever the network does.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Wrong usage, by the shells' convention.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let honey = match honey::init_from_env!() {
        Ok(honey) => honey,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            return ExitCode::from(MISUSED);
        }
    };
    let code = run();
    // `std::process::exit` would run no destructor, the guard's included: return the code up to here instead, and close.
    let report = honey.close(CLOSE_TIMEOUT);
    if report.stats.dropped.total() > 0 {
        let _ = writeln!(io::stderr(), "telemetry was lost: {report}");
    }
    ExitCode::from(code)
}

/// The command: its event is the root, and stands for the whole run.
#[honey::event(name = "count words", ret(process.exit.code = |code| *code))]
fn run() -> u8 {
    let files: Vec<String> = env::args().skip(1).collect();
    honey::current().add_field("files", files.len());
    let mut words = 0;
    let mut code = 0;
    let results: Vec<_> = if files.is_empty() {
        vec![count_stdin()]
    } else {
        files.iter().map(|file| count_file(file)).collect()
    };
    for result in results {
        match result {
            Ok(counted) => words += counted,
            Err(error) => {
                let _ = writeln!(io::stderr(), "{error}");
                // A command that fails is an error, although it returns as usual.
                honey::current().set_error(&error);
                code = 1;
            }
        }
    }
    honey::current().add_field("words", words);
    let _ = writeln!(io::stdout(), "{words} words");
    code
}

#[honey::event(name = "count file", fields(file.path = path), ok(words = |words| *words), err)]
fn count_file(path: &str) -> io::Result<usize> {
    fs::read_to_string(path).map(|text| text.split_whitespace().count())
}

#[honey::event(name = "count stdin", ok(words = |words| *words), err)]
fn count_stdin() -> io::Result<usize> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text.split_whitespace().count())
}
