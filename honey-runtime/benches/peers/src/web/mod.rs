//! An axum service under load: with honey, with tower-http's `TraceLayer` and OpenTelemetry, and with nothing.
//!
//! The service is a process of its own, the clients another; each round has all three, one after the other.

mod app;
mod load;

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) use load::run as load;

use crate::child;
use crate::options::Options;
use crate::peer::{self, Compression, Delivered, Peer, Result, Setup, Visitor};
use crate::server::Server;
use crate::usage;
use app::Instrument;

/// Clients at once, each with a connection that it keeps.
const CONNECTIONS: usize = 32;
/// Before anything is measured: connections, buffers, the first batches.
const WARM_UP: Duration = Duration::from_secs(1);

pub(crate) const NOTHING: &str = "nothing";
pub(crate) const HONEY: &str = "**honey**, `EventLayer`";
pub(crate) const TRACE_LAYER: &str = "tower-http's `TraceLayer`, tracing-opentelemetry, OTLP";

/// How the table calls a variant, and its arguments.
const VARIANTS: [(&str, &[&str]); 4] = [
    (NOTHING, &["--peer", "nothing"]),
    (HONEY, &["--peer", "honey"]),
    (
        "**honey**, `EventLayer`, with its default fields",
        &["--peer", "honey", "--default-fields"],
    ),
    (TRACE_LAYER, &["--peer", "tracing-otel"]),
];

pub(crate) fn all(options: &Options) -> Result<()> {
    let rounds: usize = options.number("rounds", 5)?;
    let seconds = options.number("seconds", 5_u64)?.to_string();
    let server = Server::start()?;
    let mut results: [Vec<Value>; VARIANTS.len()] = Default::default();
    for round in 1..=rounds {
        for ((title, variant), results) in VARIANTS.iter().zip(&mut results) {
            child::progress(&format!("axum: round {round} of {rounds}, {title}"));
            let mut arguments = vec!["axum-one", "--url", &server.url, "--seconds", &seconds];
            arguments.extend(*variant);
            let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
            results.push(child::run(&arguments)?);
        }
        note_over_nothing(&mut results)?;
    }
    for ((title, _), results) in VARIANTS.iter().zip(&results) {
        let keys = [
            "per_second",
            "cpu_us",
            "over_us",
            "p50_us",
            "p99_us",
            "p999_us",
            "peak_mib",
            "delivered",
        ];
        let medians = keys.map(|key| (key.to_owned(), json!(child::median_of(results, key))));
        let mut line: serde_json::Map<String, Value> = medians.into_iter().collect();
        line.insert("table".to_owned(), json!("axum"));
        line.insert("title".to_owned(), json!(title));
        child::print(&Value::Object(line))?;
    }
    Ok(())
}

/// How much more the last round of each took than that of nothing, which ran just before: the machine's pace changes by the minute.
fn note_over_nothing(results: &mut [Vec<Value>; VARIANTS.len()]) -> Result<()> {
    let cpu_us = |result: &Value| result["cpu_us"].as_f64().ok_or("no cpu_us");
    let [nothing, ..] = &*results;
    let nothing = cpu_us(nothing.last().ok_or("no round")?)?;
    for last in results.iter_mut().filter_map(|results| results.last_mut()) {
        last["over_us"] = json!(cpu_us(last)? - nothing);
    }
    Ok(())
}

/// One variant: this process serves.
pub(crate) fn one(options: &Options) -> Result<()> {
    let lasting = Duration::from_secs(options.number("seconds", 5)?);
    let run = |instrument| Run {
        lasting,
        instrument,
    };
    let mut setup = options.setup()?;
    match options.text("peer")? {
        "nothing" => {
            let seen = run(Instrument::Nothing).measure()?;
            child::print(&seen.to_json(None))
        }
        // As it comes: zstd.
        "honey" => {
            setup.compression = Compression::Zstd;
            peer::with("honey", &setup, run(Instrument::Honey))
        }
        // With the default queue and batches it would drop most spans.
        "tracing-otel" => {
            let setup = Setup {
                tuned: true,
                ..setup
            };
            peer::with("tracing-otel", &setup, run(Instrument::TraceLayer))
        }
        other => Err(format!("no service `{other}`").into()),
    }
}

struct Run {
    lasting: Duration,
    instrument: Instrument,
}

impl Visitor for Run {
    fn visit<P: Peer>(self, mut peer: P) -> Result<()> {
        let mut seen = self.measure()?;
        let before = usage::of_process().cpu;
        peer.drain(seen.requests);
        // What was recorded in the time measured and is sent after it.
        seen.cpu += usage::of_process().cpu.saturating_sub(before);
        let Delivered::Counted(delivered) = peer.delivered() else {
            return Err("a peer that does not know what it delivered".into());
        };
        child::print(&seen.to_json(Some(delivered)))
    }
}

/// What one run showed.
struct Seen {
    /// In all, and in the time measured.
    requests: u64,
    measured: Value,
    cpu: Duration,
}

impl Run {
    fn measure(&self) -> Result<Seen> {
        let runtime = tokio::runtime::Runtime::new()?;
        let address = runtime.block_on(app::serve(self.instrument))?;
        let warmed = load_from_outside(address, WARM_UP)?;
        let before = usage::of_process().cpu;
        let measured = load_from_outside(address, self.lasting)?;
        let cpu = usage::of_process().cpu.saturating_sub(before);
        let requests = |seen: &Value| seen["requests"].as_u64().unwrap_or(0);
        Ok(Seen {
            requests: requests(&warmed) + requests(&measured),
            measured,
            cpu,
        })
    }
}

impl Seen {
    fn to_json(&self, delivered: Option<u64>) -> Value {
        let measured = self.measured["requests"].as_f64().unwrap_or(f64::NAN);
        let mut line = self.measured.clone();
        line["cpu_us"] = json!(self.cpu.as_secs_f64() * 1e6 / measured);
        line["peak_mib"] = json!(usage::of_process().peak_kib / 1_024);
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let share = delivered.map(|delivered| delivered as f64 / self.requests as f64);
        line["delivered"] = json!(share);
        line
    }
}

/// The clients' process.
fn load_from_outside(address: SocketAddr, lasting: Duration) -> Result<Value> {
    let arguments = [
        "axum-load".to_owned(),
        "--address".to_owned(),
        address.to_string(),
        "--connections".to_owned(),
        CONNECTIONS.to_string(),
        "--milliseconds".to_owned(),
        lasting.as_millis().to_string(),
    ];
    child::run(&arguments)
}
