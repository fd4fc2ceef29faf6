//! What honey set out to reach, and what it does.

use std::fmt::Write;

use super::results::{Results, figure, rounded};
use super::tables::{HONEY, OTEL};

/// One target: a figure that may be at most, or must be at least, so much.
struct Target {
    what: &'static str,
    bound: Bound,
    measured: Option<f64>,
}

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
}

/// The table of all targets that these measurements can judge.
pub(super) fn table(results: &Results) -> String {
    let mut text = String::from("| | target | measured | |\n|---|--:|--:|---|\n");
    for target in calls(results)
        .into_iter()
        .chain(deliveries(results))
        .chain(builds(results))
    {
        let Some(measured) = target.measured else {
            continue;
        };
        let (sign, limit) = match target.bound {
            Bound::AtMost(most) => ('≤', most),
            Bound::AtLeast(least) => ('≥', least),
        };
        let verdict = if target.bound.is_met_by(measured) {
            "met".to_owned()
        } else {
            format!("**not met**: {} times", figure(measured / limit))
        };
        let _ = writeln!(
            text,
            "| {} | {sign} {} | {} | {verdict} |",
            target.what,
            short(limit),
            short(measured)
        );
    }
    text
}

fn short(value: f64) -> String {
    if value < 1_000.0 {
        figure(value)
    } else {
        rounded(value)
    }
}

fn calls(results: &Results) -> Vec<Target> {
    let call = |case: &str, key: &str| results.call(HONEY, case, key);
    let ratio = |to: &str, case: &str| {
        Some(call(case, "times_floor")? / results.call(to, case, "times_floor")?)
    };
    let over_bare = |case: &str| Some(call(case, "ns")? - call(case, "bare_ns")?);
    vec![
        Target {
            what: "a call, times the floor",
            bound: Bound::AtMost(2.0),
            measured: call("root", "times_floor"),
        },
        Target {
            what: "a call in a parent, times fastrace's",
            bound: Bound::AtMost(0.5),
            measured: ratio("fastrace", "child"),
        },
        Target {
            what: "a call, times tracing + OpenTelemetry's",
            bound: Bound::AtMost(0.1),
            measured: ratio(OTEL, "root"),
        },
        Target {
            what: "a call after 50 µs without one, ns",
            bound: Bound::AtMost(250.0),
            measured: over_bare("idle"),
        },
        Target {
            what: "a call while nothing is set up, ns",
            bound: Bound::AtMost(3.0),
            measured: over_bare("disabled"),
        },
        Target {
            what: "a call on each of two threads, times one thread's",
            bound: Bound::AtMost(1.0),
            measured: call("threads", "ns")
                .zip(call("root", "ns"))
                .map(|(two, one)| two / one),
        },
    ]
}

fn deliveries(results: &Results) -> Vec<Target> {
    const ZSTD: &str = "**honey**, zstd";
    const PLAIN: &str = "**honey**, uncompressed";
    let times_otlp = |ours: &str, theirs: &[&str]| {
        let theirs = results.delivery(results.fastest(theirs)?, "per_second")?;
        Some(results.delivery(ours, "per_second")? / theirs)
    };
    vec![
        Target {
            what: "CPU per event from end to end, zstd, µs",
            bound: Bound::AtMost(1.2),
            measured: results.delivery(ZSTD, "cpu_us"),
        },
        Target {
            what: "the same uncompressed, µs",
            bound: Bound::AtMost(0.6),
            measured: results.delivery(PLAIN, "cpu_us"),
        },
        Target {
            what: "delivered and confirmed, zstd, events/s",
            bound: Bound::AtLeast(500_000.0),
            measured: results.delivery(ZSTD, "per_second"),
        },
        Target {
            what: "the same, times OTLP's, the faster of default and tuned",
            bound: Bound::AtLeast(1.5),
            measured: times_otlp(
                ZSTD,
                &[
                    "opentelemetry-otlp, zstd",
                    "opentelemetry-otlp, zstd, tuned",
                ],
            ),
        },
        Target {
            what: "delivered and confirmed, uncompressed, events/s",
            bound: Bound::AtLeast(1_200_000.0),
            measured: results.delivery(PLAIN, "per_second"),
        },
        Target {
            what: "the same, times OTLP's, the faster of default and tuned",
            bound: Bound::AtLeast(1.5),
            measured: times_otlp(
                PLAIN,
                &[
                    "opentelemetry-otlp, uncompressed",
                    "opentelemetry-otlp, uncompressed, tuned",
                ],
            ),
        },
    ]
}

fn builds(results: &Results) -> Vec<Target> {
    let crates = |title: &str| {
        let line = results.table("build").find(|line| line["title"] == title)?;
        line["crates"].as_f64()
    };
    vec![
        Target {
            what: "crates, default features",
            bound: Bound::AtMost(105.0),
            measured: crates("**honey**, default features"),
        },
        Target {
            what: "crates, without `http` and `zstd`",
            bound: Bound::AtMost(20.0),
            measured: crates("**honey**, without both: what a library takes"),
        },
    ]
}
