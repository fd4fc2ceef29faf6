//! What honey set out to reach, and what it does: the one table of all targets.

use std::fmt::Write;

use super::results::{Results, figure, rounded};
use crate::call::entries;
use crate::scale::ONE_ARENA;
use crate::{latency, web};

/// One target.
struct Target {
    what: &'static str,
    proof: Proof,
    /// What to say when it is not met: why, and where there is more about it.
    why: &'static str,
    /// The measured nanoseconds, as they would be where the targets were set.
    there: Option<f64>,
}

enum Proof {
    /// A figure of these measurements.
    Measured(Bound, Option<f64>),
    /// Something that a test asserts, in words.
    Held(&'static str, &'static str),
}

/// A figure that may be at most, or must be at least, so much.
#[derive(Clone, Copy)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }

    fn limit(self) -> f64 {
        match self {
            Self::AtMost(limit) | Self::AtLeast(limit) => limit,
        }
    }

    fn sign(self) -> char {
        match self {
            Self::AtMost(_) => '≤',
            Self::AtLeast(_) => '≥',
        }
    }
}

const fn at_most(what: &'static str, most: f64, measured: Option<f64>) -> Target {
    Target {
        what,
        proof: Proof::Measured(Bound::AtMost(most), measured),
        why: "",
        there: None,
    }
}

const fn at_least(what: &'static str, least: f64, measured: Option<f64>) -> Target {
    Target {
        what,
        proof: Proof::Measured(Bound::AtLeast(least), measured),
        why: "",
        there: None,
    }
}

const fn held(what: &'static str, target: &'static str, by: &'static str) -> Target {
    Target {
        what,
        proof: Proof::Held(target, by),
        why: "",
        there: None,
    }
}

impl Target {
    const fn because(self, why: &'static str) -> Self {
        Self { why, ..self }
    }

    /// For a target in nanoseconds: what this run's floor took, beside which another machine's figures can be read.
    fn beside(self, floor: Option<f64>) -> Self {
        let Proof::Measured(_, measured) = self.proof else {
            return self;
        };
        let there = measured.zip(floor).map(|(ns, floor)| ns / floor * FLOOR_NS);
        Self { there, ..self }
    }

    fn row(&self) -> Option<String> {
        let (bound, measured) = match self.proof {
            Proof::Measured(bound, measured) => (bound, measured?),
            Proof::Held(target, by) => {
                return Some(format!("| {} | {target} | {by} | met |", self.what));
            }
        };
        let limit = bound.limit();
        // As it is shown: the digits beyond are the machine's.
        let shown = short(measured).replace(',', "").parse().unwrap_or(measured);
        let verdict = if bound.is_met_by(shown) {
            "met".to_owned()
        } else {
            let colon = if self.why.is_empty() { "" } else { ": " };
            format!(
                "**not met**, {} times{colon}{}",
                figure(measured / limit),
                self.why
            )
        };
        let there = self
            .there
            .map(|ns| format!(" ({})", short(ns)))
            .unwrap_or_default();
        Some(format!(
            "| {} | {} {} | {}{there} | {verdict} |",
            self.what,
            bound.sign(),
            short(limit),
            short(measured)
        ))
    }
}

/// What the floor of a call took where the targets in nanoseconds were set.
const FLOOR_NS: f64 = 66.0;

/// All targets: on the caller's side, on the ship side, and of building.
pub(super) fn table(results: &Results) -> String {
    let mut text = format!(
        "The targets in ns were set where the floor of a call (two clock reads and a typed record of the fields) took {FLOOR_NS} ns. In brackets is what \
        was measured in proportion to that, by this run's floor; met or not is said of the figure itself.\n\n\
        | | target | measured | |\n|---|--:|--:|---|\n"
    );
    let targets = [
        calls(results),
        deliveries(results),
        loads(results),
        builds(results),
    ];
    for row in targets.iter().flatten().filter_map(Target::row) {
        let _ = writeln!(text, "{row}");
    }
    text
}

fn short(value: f64) -> String {
    if value >= 1_000.0 {
        rounded(value)
    } else {
        figure(value)
    }
}

const CALLER: &str = "see \"The caller's side\"";
const LONGEST: &str =
    "most of them had their processor taken away, see \"The longest calls under load\"";
const SHIP: &str = "see \"What bounds the ship side\"";

fn calls(results: &Results) -> Vec<Target> {
    let call = |title: &str, case: &str, key: &str| results.call(title, case, key);
    let honey = |case: &str, key: &str| call(entries::HONEY, case, key);
    let ratio = |ours: &str, theirs: &str, case: &str| {
        Some(call(ours, case, "times_floor")? / call(theirs, case, "times_floor")?)
    };
    let over_bare = |title: &str, case: &str| results.over_bare(title, case);
    let over_clock =
        |title: &str| Some(call(title, "root", "ns")? - call(title, "root", "clock_ns")?);
    let floor = call(entries::FLOOR, "root", "ns");
    let two_threads = honey("threads", "ns").zip(honey("root", "ns"));
    vec![
        at_most(
            "a call with two arguments and three fields, times the floor (stretch: 1.5)",
            2.0,
            honey("root", "times_floor"),
        )
        .because(CALLER),
        at_most(
            "a call in a parent, times fastrace's",
            0.5,
            ratio(entries::HONEY, entries::FASTRACE, "child"),
        )
        .because(CALLER),
        at_most(
            "a call in floors, times tracing + OpenTelemetry's in floors",
            0.1,
            ratio(entries::HONEY, entries::OTEL, "root"),
        )
        .because(CALLER),
        at_most(
            "a call with `fast-clock`, ns (stretch: 70)",
            95.0,
            call(entries::HONEY_FAST_CLOCK, "root", "ns"),
        )
        .because(CALLER)
        .beside(floor),
        at_most(
            "a call after 50 µs without one, ns",
            250.0,
            over_bare(entries::HONEY, "idle"),
        )
        .because(CALLER)
        .beside(floor),
        at_most(
            "an async function polled three times, times the call",
            1.5,
            ratio(entries::HONEY_POLLED, entries::HONEY, "root"),
        ),
        at_most(
            "a call while nothing is set up, ns over the bare function",
            3.0,
            over_bare(entries::HONEY, "disabled"),
        )
        .because(CALLER)
        .beside(floor),
        at_most(
            "a call that is not sampled, below a parent, ns over the bare function",
            40.0,
            over_bare(entries::HONEY_UNSAMPLED, "child"),
        )
        .because(CALLER)
        .beside(floor),
        at_most(
            "an `Event` by hand that is not sampled, ns over the bare function",
            40.0,
            over_bare(entries::HONEY_EVENT_UNSAMPLED, "root"),
        )
        .because("`new` does not know yet that it will be left out, and reads the clock")
        .beside(floor),
        at_most(
            "an `Event` by hand with five fields, ns less one reading of the clock",
            70.0,
            over_clock(entries::HONEY_EVENT),
        )
        .because(CALLER)
        .beside(floor),
        at_most(
            "a call on each of two threads at once, everything sent between bursts, times one thread's",
            1.0,
            two_threads.map(|(two, one)| two / one),
        )
        .because("two threads leave the ship thread no core of its own"),
        held(
            "allocations for an event on the thread that makes it, steady state",
            "0",
            "asserted by `tests/allocations.rs`",
        ),
        held(
            "allocations for an event in the process, full load",
            "≤ 0.5",
            "at most 0.1, asserted by `tests/allocations.rs`",
        ),
    ]
}

fn deliveries(results: &Results) -> Vec<Target> {
    const ZSTD: &str = "**honey**, zstd";
    const PLAIN: &str = "**honey**, uncompressed";
    let ours = |title: &str, key: &str| results.delivery(title, key);
    let times_otlp = |title: &str, theirs: &[&str]| {
        let theirs = results.delivery(results.fastest(theirs)?, "per_second")?;
        Some(ours(title, "per_second")? / theirs)
    };
    let otlp_zstd = [
        "opentelemetry-otlp, zstd",
        "opentelemetry-otlp, zstd, tuned",
    ];
    let otlp = [
        "opentelemetry-otlp, uncompressed",
        "opentelemetry-otlp, uncompressed, tuned",
    ];
    vec![
        at_most(
            "CPU per event from end to end, zstd, µs",
            1.2,
            ours(ZSTD, "cpu_us"),
        )
        .because(SHIP),
        at_most("the same uncompressed, µs", 0.6, ours(PLAIN, "cpu_us")).because(SHIP),
        at_least(
            "delivered and confirmed, zstd, events/s",
            500_000.0,
            ours(ZSTD, "per_second"),
        ),
        at_least(
            "the same, times OTLP's, the faster of default and tuned",
            1.5,
            times_otlp(ZSTD, &otlp_zstd),
        ),
        at_least(
            "delivered and confirmed, uncompressed, events/s",
            1_200_000.0,
            ours(PLAIN, "per_second"),
        ),
        at_least(
            "the same, times OTLP's, the faster of default and tuned",
            1.5,
            times_otlp(PLAIN, &otlp),
        ),
    ]
}

/// What `max_pending_bytes` is by default, and the constant beside it: see "What bounds the ship side".
const MOST_MIB: f64 = 64.0 + 48.0;

fn loads(results: &Results) -> Vec<Target> {
    let p99 = |title| results.web(title, "p99_us");
    vec![
        at_most(
            "peak memory with 64 MiB that may be pending, one thread, 10,000,000 events, MiB",
            MOST_MIB,
            results.scale("events", 10_000_000, "peak_mib"),
        ),
        at_most(
            "the same with 64 threads, 1,000,000 events, MiB",
            MOST_MIB,
            results.scale("threads", 64, "peak_mib"),
        )
        .because(SHIP),
        at_most(
            "the same with `MALLOC_ARENA_MAX=1`, MiB",
            MOST_MIB,
            results.scale(ONE_ARENA, 64, "peak_mib"),
        ),
        at_most(
            "calls over 50 µs at 100,000 calls/s, times those that the bare loop had",
            1.0,
            unexplained(results, latency::HONEY),
        )
        .because(LONGEST),
        at_most(
            "the same at 300,000 calls/s",
            1.0,
            unexplained(results, latency::HONEY_FAST),
        )
        .because(LONGEST),
        at_most(
            "a request to an axum service with `EventLayer`, over nothing, CPU µs",
            2.0,
            results.web(web::HONEY, "over_us"),
        )
        .because("its event has some fifteen fields, see \"What bounds the ship side\""),
        at_most(
            "the p99 of that service, times the same with `TraceLayer` and OpenTelemetry",
            1.0,
            p99(web::HONEY)
                .zip(p99(web::TRACE_LAYER))
                .map(|(a, b)| a / b),
        )
        .because("see ADR 6"),
    ]
}

/// As many calls beyond what the machine's own noise explains; less than one is none.
fn unexplained(results: &Results, run: &str) -> Option<f64> {
    let calls = |key| results.latency(run, "calls", key);
    let bare = |key| results.latency(run, "bare", key);
    let expected = bare("slow")? / bare("seconds")? * calls("seconds")?;
    Some(calls("slow")? / expected.max(1.0))
}

fn builds(results: &Results) -> Vec<Target> {
    let crates = |title: &str| {
        let line = results.table("build").find(|line| line["title"] == title)?;
        line["crates"].as_f64()
    };
    let annotation = |variant: &str| {
        let own = |variant: &str| {
            let plain = results.compile_time("plain", "check")?;
            Some(results.compile_time(variant, "check")? - plain)
        };
        Some(own(variant)? / own("fastrace")?)
    };
    vec![
        at_most(
            "crates, default features",
            105.0,
            crates("**honey**, default features"),
        ),
        at_most(
            "crates, without `http` and `zstd`",
            20.0,
            crates("**honey**, without both: what a library takes"),
        ),
        at_most(
            "`cargo check` of an annotation, times fastrace's",
            1.0,
            annotation("honey"),
        ),
        at_most(
            "the same with the feature `catalog`",
            2.0,
            annotation("catalog"),
        ),
    ]
}
