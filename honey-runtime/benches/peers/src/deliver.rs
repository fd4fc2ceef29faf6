//! What delivery costs, from the call to the server's confirmation.

use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

use crate::child;
use crate::options::Options;
use crate::peer::{self, Caller, Delivered, Peer, Result, Visitor};
use crate::server::{self, Counted, Server};
use crate::usage;
use crate::work::input;

/// A client of the table: how the table calls it, what it runs, and the share of the events it gets, so that slow ones do not
/// take all day.
struct Client {
    title: &'static str,
    command: &'static [&'static str],
    share: f64,
}

const fn client(title: &'static str, command: &'static [&'static str], share: f64) -> Client {
    Client {
        title,
        command,
        share,
    }
}

#[rustfmt::skip]
const CLIENTS: [Client; 24] = [
    client("**honey**, zstd", &["--peer", "honey", "--compression", "zstd"], 1.0),
    client("**honey**, zstd, with its default fields", &["--peer", "honey", "--compression", "zstd", "--default-fields"], 1.0),
    client("**honey**, gzip", &["--peer", "honey", "--compression", "gzip"], 1.0),
    client("**honey**, uncompressed", &["--peer", "honey"], 1.0),
    client("**honey**, zstd, MessagePack", &["--peer", "honey", "--compression", "zstd", "--message-pack"], 1.0),
    client("**honey**, uncompressed, MessagePack", &["--peer", "honey", "--message-pack"], 1.0),
    client("**honey**, zstd, traces of 10", &["--peer", "honey", "--compression", "zstd", "--per-trace", "10"], 1.0),
    client("**honey**, zstd, `before_send` that looks up a field", &["--peer", "honey", "--compression", "zstd", "--before-send"], 0.5),
    client("**honey**, zstd, tail rules", &["--peer", "honey", "--compression", "zstd", "--tail"], 0.5),
    client("**honey**, zstd, tail rules, traces of 10", &["--peer", "honey", "--compression", "zstd", "--tail", "--per-trace", "10"], 0.5),
    client("opentelemetry-otlp, uncompressed", &["--peer", "otel"], 0.4),
    client("opentelemetry-otlp, gzip", &["--peer", "otel", "--compression", "gzip"], 0.2),
    client("opentelemetry-otlp, zstd", &["--peer", "otel", "--compression", "zstd"], 0.4),
    client("opentelemetry-otlp, uncompressed, tuned", &["--peer", "otel", "--tuned"], 0.4),
    client("opentelemetry-otlp, zstd, tuned", &["--peer", "otel", "--compression", "zstd", "--tuned"], 0.4),
    client("opentelemetry-otlp, zstd, tuned, traces of 10", &["--peer", "otel", "--compression", "zstd", "--tuned", "--per-trace", "10"], 0.4),
    client("tracing + opentelemetry-otlp, uncompressed", &["--peer", "tracing-otel"], 0.2),
    client("tracing + opentelemetry-otlp, zstd, tuned", &["--peer", "tracing-otel", "--compression", "zstd", "--tuned"], 0.2),
    client("libhoney-rust, uncompressed", &["--peer", "libhoney-rust"], 0.1),
    client("libhoney-rust, tuned", &["--peer", "libhoney-rust", "--tuned"], 0.1),
    client("libhoney-js, uncompressed", &["node", "default"], 0.1),
    client("libhoney-js, tuned", &["node", "tuned"], 0.1),
    client("libhoney-py, gzip", &["python", "default"], 0.025),
    client("libhoney-py, gzip, tuned", &["python", "tuned"], 0.025),
];

/// Every client, in turns; prints the medians.
pub(crate) fn all(options: &Options) -> Result<()> {
    let rounds: usize = options.number("rounds", 3)?;
    let events: f64 = options.number("events", 1_000_000.0)?;
    let server = Server::start()?;
    let mut results: Vec<Vec<Value>> = CLIENTS.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        for (client, results) in CLIENTS.iter().zip(&mut results) {
            let result = client.run(events, &server, options)?;
            child::progress(&format!(
                "deliver: round {round} of {rounds}, {}: {result}",
                client.title
            ));
            results.push(result);
        }
    }
    for (client, results) in CLIENTS.iter().zip(&results) {
        child::print(&json!({
            "table": "deliver",
            "title": client.title,
            "events": child::median_of(results, "events"),
            "per_second": child::median_of(results, "per_second"),
            "cpu_us": child::median_of(results, "cpu_us"),
            "server_cpu_us": child::median_of(results, "server_cpu_us"),
            "peak_mib": child::median_of(results, "peak_mib"),
            "wire_bytes": child::median_of(results, "wire_bytes"),
            "per_request": child::median_of(results, "per_request"),
        }))?;
    }
    Ok(())
}

impl Client {
    fn run(&self, events: f64, server: &Server, options: &Options) -> Result<Value> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of events"
        )]
        let events = (events * self.share) as u64 / 1_000 * 1_000;
        let before = server::stats(&server.url)?;
        let result = self.start(events, &server.url, options)?;
        let counted = server::stats(&server.url)? - before;
        if counted.events != events || counted.refused > 0 {
            return Err(format!(
                "{}: {events} events offered, {} arrived, {} requests refused",
                self.title, counted.events, counted.refused
            )
            .into());
        }
        Ok(per_event(&result, counted))
    }

    fn start(&self, events: u64, url: &str, options: &Options) -> Result<Value> {
        let (program, script) = match self.command[0] {
            "python" => (options.text("python")?, "deliver.py"),
            "node" => (options.text("node")?, "deliver.mjs"),
            _ => {
                let events = events.to_string();
                let mut arguments = vec!["deliver-one", "--url", url, "--events", &events];
                arguments.extend(self.command);
                return child::run(&arguments.into_iter().map(str::to_owned).collect::<Vec<_>>());
            }
        };
        let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/");
        let mut command = Command::new(program);
        command.arg(format!("{scripts}{script}"));
        command.args([url, &events.to_string(), self.command[1]]);
        child::run_command(&mut command)
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes and times of a run")]
fn per_event(result: &Value, counted: Counted) -> Value {
    let number = |key: &str| result[key].as_f64().unwrap_or(f64::NAN);
    let events = counted.events as f64;
    json!({
        "events": counted.events,
        "per_second": events / number("seconds"),
        "cpu_us": number("cpu_us") / events,
        "server_cpu_us": counted.cpu_us as f64 / events,
        "peak_mib": number("peak_kib") / 1024.0,
        "wire_bytes": counted.body_bytes as f64 / events,
        "per_request": events / counted.requests as f64,
    })
}

/// One client of these; prints time and CPU from the first call to the last confirmation.
pub(crate) fn one(options: &Options) -> Result<()> {
    let send = Send {
        events: options.number("events", 100_000)?,
        per_trace: options.number("per-trace", 1)?,
    };
    peer::with(options.text("peer")?, &options.setup()?, send)
}

struct Send {
    events: u64,
    /// Events in one trace: a root, and children.
    per_trace: u64,
}

impl Visitor for Send {
    fn visit<P: Peer>(self, mut peer: P) -> Result<()> {
        let mut caller = peer.caller();
        let cpu_before = usage::of_process().cpu;
        let began = Instant::now();
        for trace in 0..self.events / self.per_trace {
            caller.make_room();
            if self.per_trace == 1 {
                caller.call(input(trace));
                continue;
            }
            caller.in_parent(|caller| {
                for n in 1..self.per_trace {
                    caller.make_room();
                    caller.call(input(trace * self.per_trace + n));
                }
            });
        }
        peer.drain(self.events);
        let seconds = began.elapsed().as_secs_f64();
        let used = usage::of_process();
        if let Delivered::Counted(delivered) = peer.delivered()
            && delivered != self.events
        {
            return Err(format!(
                "{} events offered, {delivered} delivered. {}",
                self.events,
                peer.balance()
            )
            .into());
        }
        child::print(&json!({
            "seconds": seconds,
            "cpu_us": u64::try_from(used.cpu.saturating_sub(cpu_before).as_micros())?,
            "peak_kib": used.peak_kib,
            "balance": peer.balance(),
        }))
    }
}
