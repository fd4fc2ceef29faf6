//! honey beside its peers: what a call costs, what delivery costs, what waits the application sees, and how it all scales.
//!
//! `scripts/bench-peers.sh` runs all of it. Each command prints lines of JSON; `report` makes tables and pictures of them.
//! Every measurement of a peer has a process of its own, so that none pays for another's threads or globals, and the
//! processes take turns, so that a busy moment of the machine meets all of them.

mod call;
mod child;
mod deliver;
mod latency;
mod options;
mod peer;
mod report;
mod scale;
mod server;
mod usage;
mod web;
mod work;

use std::io::{self, Write};
use std::process::ExitCode;

use options::Options;
use peer::Result;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "peers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = Options::parse(arguments)?;
    match command.as_str() {
        "call" => call::all(&options),
        "call-one" => call::one(&options),
        "deliver" => deliver::all(&options),
        "deliver-one" => deliver::one(&options),
        "latency" => latency::all(&options),
        "latency-one" => latency::one(&options),
        "scale" => scale::all(&options),
        "scale-one" => scale::one(&options),
        "axum" => web::all(&options),
        "axum-one" => web::one(&options),
        "axum-load" => web::load(&options),
        "serve" => server::serve(),
        "report" => report::write(&options),
        other => Err(format!(
            "no command `{other}`: call, deliver, latency, scale, axum or report; scripts/bench-peers.sh runs them all"
        )
        .into()),
    }
}
