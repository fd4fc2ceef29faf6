//! When each measurement was made, and who else used the machine meanwhile.

use std::fmt::Write;

use super::results::Results;

/// Less than this is a machine that had nothing else to do.
const IDLE: f64 = 0.03;

/// One line for each measurement, as `scripts/bench-peers.sh` noted it.
pub(super) fn table(results: &Results) -> String {
    let mut text =
        String::from("| measurement | begun (UTC) | took | meanwhile |\n|---|---|--:|---|\n");
    for line in results.table("run") {
        let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
        let quick = if line["quick"] == true {
            "; a quick run, too short for figures to rely on"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {:.0} s | {}{quick} |",
            line["of"].as_str().unwrap_or_default(),
            line["begun"].as_str().unwrap_or_default(),
            number("seconds"),
            meanwhile(number("others"), number("stolen")),
        );
    }
    text
}

/// The shares of all CPU time that other processes had, and other machines on the same hardware.
fn meanwhile(others: f64, stolen: f64) -> String {
    let taken = format!(
        "others had {:.1} % of the processors, the hypervisor {:.1} %",
        others * 100.0,
        stolen * 100.0
    );
    if others + stolen < IDLE {
        format!("the machine was idle otherwise ({taken})")
    } else {
        format!("the machine was **not idle**: {taken}")
    }
}
