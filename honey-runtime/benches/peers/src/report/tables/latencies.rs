//! The longest calls.

use std::fmt::Write;

use serde_json::Value;

use crate::peer::Result;
use crate::report::results::{Results, figure, whole};

pub(super) fn write(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### The longest calls under load\n\
         One thread makes calls at the rate given, spinning in between; another does nothing but read the clock; so both cores are taken before the sender \
         and the server begin, and whoever is woken must push somebody aside. A call of more than 50 µs is looked into: had the thread waited for something, had its CPU been taken away, had it touched \
         new memory, or none of these. \"Expected\" is how many such the bare loop had, in as much time as was spent in calls.\n\n\
         | | calls | p50 | p99 | p99.9 | longest | over 50 µs | waited | CPU taken | new memory | none of these | expected | bare loop p99.9 | bare loop longest |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for line in results.table("latency") {
        latency_row(line, text)?;
    }
    text.push('\n');
    Ok(())
}

fn latency_row(line: &Value, text: &mut String) -> Result<()> {
    let calls = |key: &str| line["calls"][key].as_f64().unwrap_or(f64::NAN);
    let bare = |key: &str| line["bare"][key].as_f64().unwrap_or(f64::NAN);
    let expected = bare("slow") / bare("seconds") * calls("seconds");
    writeln!(
        text,
        "| {} | {} | {} ns | {} ns | {} µs | {} ms | {} | {} | {} | {} | {} | {} | {} ns | {} ms |",
        line["title"].as_str().unwrap_or_default(),
        whole(calls("count")),
        whole(calls("p50")),
        whole(calls("p99")),
        figure(calls("p999") / 1e3),
        figure(calls("max") / 1e6),
        whole(calls("slow")),
        whole(calls("waited")),
        whole(calls("preempted")),
        whole(calls("faulted")),
        whole(calls("others")),
        whole(expected),
        whole(bare("p999")),
        figure(bare("max") / 1e6),
    )?;
    Ok(())
}
