//! When each measurement was made, and who else used the machine meanwhile.

use std::fmt::Write;

use serde_json::Value;

use super::results::Results;

/// Less than this is a machine that had nothing else to do.
const IDLE: f64 = 0.03;

/// One line for each measurement, as `scripts/bench-peers.sh` noted it.
pub(super) fn table(results: &Results) -> String {
    let mut text =
        String::from("| measurement | begun (UTC) | took | meanwhile |\n|---|---|--:|---|\n");
    for line in results.table("run") {
        let quick = if line["quick"] == true {
            "; a quick run, too short for figures to rely on"
        } else {
            ""
        };
        let took = line["seconds"].as_f64();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {}{quick} |",
            line["of"].as_str().unwrap_or_default(),
            line["begun"].as_str().unwrap_or_default(),
            took.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.0} s")),
            meanwhile(line),
        );
    }
    text
}

/// When the calls and the delivery were measured, in a few words.
pub(super) fn when(results: &Results) -> String {
    let line = |of: &str| results.table("run").find(|line| line["of"] == of);
    let Some((calls, deliveries)) = line("call").zip(line("deliver")) else {
        return "on an unknown day".to_owned();
    };
    let day = |line: &Value| {
        let begun = line["begun"].as_str().unwrap_or_default();
        begun.split(' ').next().unwrap_or_default().to_owned()
    };
    let busy = if is_idle(calls) && is_idle(deliveries) {
        ""
    } else {
        ", while the machine had other work too"
    };
    let (first, second) = (day(calls), day(deliveries));
    if first == second {
        format!("on {first}{busy}")
    } else {
        format!("on {first} (calls) and {second} (delivery){busy}")
    }
}

fn is_idle(line: &Value) -> bool {
    let share = |key: &str| line[key].as_f64().unwrap_or(1.0);
    share("others") + share("stolen") < IDLE
}

/// The shares of all CPU time that other processes had, and other machines on the same hardware.
fn meanwhile(line: &Value) -> String {
    if line["others"].is_null() {
        return "not noted; the machine was **not idle**".to_owned();
    }
    let percent = |key: &str| line[key].as_f64().unwrap_or(f64::NAN) * 100.0;
    let taken = format!(
        "others had {:.1} % of the processors, the hypervisor {:.1} %",
        percent("others"),
        percent("stolen")
    );
    if is_idle(line) {
        format!("the machine was idle otherwise ({taken})")
    } else {
        format!("the machine was **not idle**: {taken}")
    }
}
