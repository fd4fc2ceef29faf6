//! What a call costs.

use std::fmt::Write;

use super::cell;
use crate::call::entries::{ENTRIES, HONEY};
use crate::peer::Result;
use crate::report::results::Results;

pub(super) fn write(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### The call\n\
         One function everywhere: two arguments recorded (`u64`, `&str`), three fields added in the body (`bool`, `f64`, `&str`), timed, one event \
         a call. Bursts of 1,000 calls, between a burst of the bare function and one of the floor in the same process; everything is sent before \
         the next burst. \"× floor\" is the ratio to that floor, \"× honey\" the ratio of those ratios. \"Child\": 100 calls in an open parent, whose cost is in it; the \
         bare root has a random trace id of its own. \"After 50 µs\": a single call after 50 µs without any, over the bare function. \"Two threads\": both at once. \"Off\": annotated, \
         never set up, over the bare function.\n\n\
         | ns on the calling thread | root | × floor | × honey | child | after 50 µs | two threads | off |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let honey = results
        .call(HONEY, "root", "times_floor")
        .unwrap_or(f64::NAN);
    for entry in &ENTRIES {
        let times_floor = results.call(entry.title, "root", "times_floor");
        let over_bare = |case: &str| results.over_bare(entry.title, case);
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            entry.title,
            cell(results.call(entry.title, "root", "ns")),
            cell(times_floor),
            cell(times_floor.map(|times| times / honey)),
            cell(results.call(entry.title, "child", "ns")),
            cell(over_bare("idle")),
            cell(results.call(entry.title, "threads", "ns")),
            cell(over_bare("disabled")),
        )?;
    }
    text.push_str(
        "\nWhat each is set up to:\n\
         - honey: its defaults but for `default_fields(false)`, a `Writer` to a counter: the ship thread makes the JSON of every event. Not sampled: a rate of 2^32 − 1, \
         below a parent, whose decision is inherited, or by hand.\n\
         - OpenTelemetry: the batch processor's defaults, an exporter that counts and drops spans, so without any encoding. Through tracing: a registry, \
         `LevelFilter::INFO`, the layer, fields declared empty and recorded in the body. Tuned: no location, thread, target and idle times; a queue of 65,536, batches of 8,192.\n\
         - fastrace: the attribute with `properties`, then `LocalSpan::add_properties` (a root: `Span::root`); a reporter that counts. Values become strings there.\n\
         - metrique: a struct with `append_on_drop`, JSON to a counter. It has no traces. Tuned: a queue of one type of entry instead of the boxed global one.\n\
         - emit: `#[emit::span]`, the guard takes the fields; emit_otlp over HTTP to the loopback server. Tuned: without its gzip.\n\
         - libhoney-rust: events by hand to the loopback server, its responses read. It has no traces.\n\
         - tracing-subscriber: `fmt().json()`, a line when a span closes, to a counter.\n\n",
    );
    Ok(())
}
