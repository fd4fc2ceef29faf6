//! The program: a local Honeycomb on a terminal.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    honey_local::program::run()
}
