//! How long single calls take while the sender is under load, beside a bare loop on another thread at the same time: what that
//! loop suffers too is the machine's doing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::child;
use crate::options::Options;
use crate::peer::{self, Caller, Peer, Result, Visitor};
use crate::server::Server;
use crate::usage::{self, Used};
use crate::work::input;

/// A call that takes longer is looked into.
const SLOW: Duration = Duration::from_micros(50);

/// How the table calls the runs that the targets speak of.
pub(crate) const HONEY: &str = "**honey**, zstd, 100,000 calls/s";
pub(crate) const HONEY_FAST: &str = "**honey**, zstd, 300,000 calls/s";

/// How the table calls a run, and its arguments.
#[rustfmt::skip]
const RUNS: [(&str, &[&str]); 6] = [
    (HONEY, &["--peer", "honey", "--compression", "zstd", "--per-second", "100000"]),
    (HONEY_FAST, &["--peer", "honey", "--compression", "zstd", "--per-second", "300000"]),
    ("**honey**, uncompressed, 300,000 calls/s", &["--peer", "honey", "--per-second", "300000"]),
    ("opentelemetry-otlp, tuned, 100,000 calls/s", &["--peer", "otel", "--tuned", "--per-second", "100000"]),
    ("tracing + opentelemetry-otlp, tuned, 100,000 calls/s", &["--peer", "tracing-otel", "--tuned", "--per-second", "100000"]),
    ("libhoney-rust, tuned, 20,000 calls/s", &["--peer", "libhoney-rust", "--tuned", "--per-second", "20000"]),
];

pub(crate) fn all(options: &Options) -> Result<()> {
    let rounds: usize = options.number("rounds", 3)?;
    let seconds = options.number("seconds", 5_u64)?.to_string();
    let server = Server::start()?;
    for (title, run) in RUNS {
        child::progress(&format!("latency: {title}"));
        let mut arguments = vec!["latency-one", "--url", &server.url, "--seconds", &seconds];
        arguments.extend(run);
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        let results = (0..rounds)
            .map(|_| child::run(&arguments))
            .collect::<Result<Vec<_>>>()?;
        let medians = |side: &str| medians(&results, side);
        child::print(
            &json!({ "table": "latency", "title": title, "calls": medians("calls"), "bare": medians("bare") }),
        )?;
    }
    Ok(())
}

/// The median of each figure of one side.
fn medians(results: &[Value], side: &str) -> Value {
    let sides: Vec<Value> = results.iter().map(|result| result[side].clone()).collect();
    let keys = sides
        .first()
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    keys.map(|(key, _)| (key.clone(), json!(child::median_of(&sides, key))))
        .collect()
}

/// One peer at one rate.
pub(crate) fn one(options: &Options) -> Result<()> {
    let watch = Watch {
        lasting: Duration::from_secs(options.number("seconds", 5)?),
        interval: Duration::from_secs(1) / options.number("per-second", 100_000)?,
    };
    peer::with(options.text("peer")?, &options.setup()?, watch)
}

struct Watch {
    lasting: Duration,
    /// From the beginning of a call to the beginning of the next.
    interval: Duration,
}

impl Visitor for Watch {
    fn visit<P: Peer>(self, mut peer: P) -> Result<()> {
        let mut caller = peer.caller();
        let over = AtomicBool::new(false);
        let (calls, bare) = std::thread::scope(|threads| {
            let bare = threads.spawn(|| watch_nothing(&over));
            let calls = self.watch(&mut caller);
            over.store(true, Ordering::Relaxed);
            (calls, bare.join())
        });
        let (calls, bare) = (calls?, bare.map_err(|_| "the bare loop panicked")??);
        peer.drain(calls.times.len());
        child::print(
            &json!({ "calls": calls.to_json(), "bare": bare.to_json(), "balance": peer.balance() }),
        )
    }
}

impl Watch {
    fn watch(&self, caller: &mut impl Caller) -> Result<Seen> {
        let mut seen = Seen::new()?;
        let until = Instant::now() + self.lasting;
        let mut now = Instant::now();
        let mut next = now;
        for n in 0.. {
            // The pause until the next call is due. What falls into it is no call's.
            while now < next {
                let then = now;
                now = Instant::now();
                if now - then > SLOW {
                    seen.switches = usage::of_thread();
                }
            }
            if now >= until {
                break;
            }
            caller.make_room();
            now = Instant::now();
            caller.call(input(n));
            let ended = Instant::now();
            seen.add(ended - now)?;
            next = (next + self.interval).max(now);
            now = ended;
        }
        Ok(seen)
    }
}

/// A loop that does nothing but read the clock.
fn watch_nothing(over: &AtomicBool) -> Result<Seen> {
    let mut seen = Seen::new()?;
    let mut now = Instant::now();
    while !over.load(Ordering::Relaxed) {
        let then = now;
        now = Instant::now();
        seen.add(now - then)?;
    }
    Ok(seen)
}

/// What one thread has seen.
struct Seen {
    times: Histogram<u64>,
    total: Duration,
    /// Of the slow ones: those that waited for something, those that lost their CPU meanwhile, those that touched new memory,
    /// and those that did nothing of the kind; and the longest of the last.
    slow: u64,
    waited: u64,
    preempted: u64,
    faulted: u64,
    others: u64,
    longest_other: Duration,
    /// As they were before the next call.
    switches: Used,
}

impl Seen {
    fn new() -> Result<Self> {
        Ok(Self {
            times: Histogram::new(3)?,
            total: Duration::ZERO,
            slow: 0,
            waited: 0,
            preempted: 0,
            faulted: 0,
            others: 0,
            longest_other: Duration::ZERO,
            switches: usage::of_thread(),
        })
    }

    fn add(&mut self, took: Duration) -> Result<()> {
        self.times.record(u64::try_from(took.as_nanos())?)?;
        self.total += took;
        if took > SLOW {
            let now = usage::of_thread();
            self.slow += 1;
            if now.waits > self.switches.waits {
                self.waited += 1;
            } else if now.preemptions > self.switches.preemptions {
                self.preempted += 1;
            } else if now.page_faults > self.switches.page_faults {
                self.faulted += 1;
            } else {
                self.others += 1;
                self.longest_other = self.longest_other.max(took);
            }
            self.switches = now;
        }
        Ok(())
    }

    fn to_json(&self) -> Value {
        let at = |quantile: f64| self.times.value_at_quantile(quantile);
        json!({
            "count": self.times.len(),
            "seconds": self.total.as_secs_f64(),
            "p50": at(0.5),
            "p99": at(0.99),
            "p999": at(0.999),
            "max": self.times.max(),
            "slow": self.slow,
            "waited": self.waited,
            "preempted": self.preempted,
            "faulted": self.faulted,
            "others": self.others,
            "longest_other": u64::try_from(self.longest_other.as_nanos()).unwrap_or(u64::MAX),
        })
    }
}
