//! The tables of docs/performance.md, with what one must know to read them.

use std::fmt::Write;

use serde_json::Value;

use super::results::{Results, figure, rounded, whole};
use super::targets;
use crate::peer::{ENTRIES, Result};

/// How the table of calls names honey's annotation, and the usual way to OpenTelemetry.
pub(super) const HONEY: &str = "**honey**, `#[honey::event]`";
pub(super) const OTEL: &str = "tracing + tracing-opentelemetry + opentelemetry_sdk";

/// The part of docs/performance.md. `run` says when, where and with what this was measured.
pub(super) fn document(results: &Results, run: &str) -> Result<String> {
    let mut text = format!(
        "## Beside its peers\n\
         `scripts/bench-peers.sh` measures all of this and writes it here. {run}\n\n\
         Every measurement of a peer is a process of its own, and they take turns; figures are medians of the rounds. Each is checked \
         to have delivered every event, or the run fails. Read the ratios; the nanoseconds are the machine's. Versions: {}.\n\n\
         ![What a call costs, and how fast events are delivered](peers.svg)\n\n",
        versions()?
    );
    text.push_str("### Targets\n");
    text.push_str(&targets::table(results));
    text.push('\n');
    calls(results, &mut text)?;
    deliveries(results, &mut text)?;
    latencies(results, &mut text)?;
    scale(results, &mut text)?;
    build(results, &mut text)?;
    Ok(text)
}

/// The peers' versions, from the lock file.
fn versions() -> Result<String> {
    const LOCK: &str = include_str!("../../Cargo.lock");
    let peers = [
        "metrique",
        "fastrace",
        "tracing",
        "tracing-subscriber",
        "tracing-opentelemetry",
        "opentelemetry_sdk",
        "opentelemetry-otlp",
        "libhoney-rust",
        "emit",
    ];
    let mut versions = Vec::new();
    for peer in peers {
        let (_, after) = LOCK
            .split_once(&format!("name = \"{peer}\"\nversion = \""))
            .ok_or_else(|| format!("{peer} is not in Cargo.lock"))?;
        let (version, _) = after.split_once('"').ok_or("a version has no end")?;
        versions.push(format!("{peer} {version}"));
    }
    versions.extend(["libhoney-py 2.4.0", "libhoney-js 4.3.1"].map(str::to_owned));
    Ok(versions.join(", "))
}

fn calls(results: &Results, text: &mut String) -> Result<()> {
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
        let Some(ns) = results.call(entry.title, "root", "ns") else {
            continue;
        };
        let times_floor = results
            .call(entry.title, "root", "times_floor")
            .unwrap_or(f64::NAN);
        let over_bare = |case: &str| {
            let over = results.call(entry.title, case, "ns")?
                - results.call(entry.title, case, "bare_ns")?;
            Some(over.max(0.0))
        };
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            entry.title,
            figure(ns),
            figure(times_floor),
            figure(times_floor / honey),
            cell(results.call(entry.title, "child", "ns")),
            cell(over_bare("idle")),
            cell(results.call(entry.title, "threads", "ns")),
            cell(over_bare("disabled")),
        )?;
    }
    text.push_str(
        "\nWhat each is set up to:\n\
         - honey: its defaults, a `Writer` to a counter: the ship thread makes the JSON of every event.\n\
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

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), figure)
}

fn deliveries(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### Delivery\n\
         The same call (through tracing or OpenTelemetry's own API where it says so) from one thread as fast as it goes without dropping, until the last \
         confirmation: honey waits by `block_on_send`, the others are held back by what they have confirmed. Each event is a trace of its own, so its ids are random, which is the hard case for compression; \
         \"traces of 10\" are a root with nine children. The server is a process of its own on the same two cores: it unpacks, counts and answers. It has counted \
         exactly what was offered. CPU and memory are the client process's.\n\n\
         | client | events/s | CPU µs per event | × honey | peak MiB | bytes per event on the wire | events per request | server CPU µs |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let honey = results
        .delivery("**honey**, zstd", "cpu_us")
        .unwrap_or(f64::NAN);
    for line in results.table("deliver") {
        let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            line["title"].as_str().unwrap_or_default(),
            rounded(number("per_second")),
            figure(number("cpu_us")),
            figure(number("cpu_us") / honey),
            whole(number("peak_mib")),
            whole(number("wire_bytes")),
            whole(number("per_request")),
            figure(number("server_cpu_us")),
        )?;
    }
    text.push_str(
        "\nTuned: OpenTelemetry a queue of 65,536 and batches of 8,192; libhoney-rust and -js batches of 1,000 and 40,000 pending; libhoney-py \
         batches of 2,000, four at a time. OTLP is protobuf over HTTP with the blocking client of its default features. \"× honey\" is CPU, beside honey with zstd.\n\n",
    );
    Ok(())
}

fn latencies(results: &Results, text: &mut String) -> Result<()> {
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

/// Each axis, and what bounds it.
const AXES: [(&str, &str, &str); 4] = [
    (
        "threads",
        "application threads, 1,000,000 annotated calls among them",
        "Two cores do all the work, the server's included: the speed is theirs, not the threads'.",
    ),
    (
        "fields",
        "fields, half numbers, half texts of about 14 bytes, on an event by hand",
        "Each field is copied, compared with the list of keys that is known, written as JSON, and compressed.",
    ),
    (
        "events",
        "events in the process's life, annotated calls",
        "The first ones pay for the connection and the first buffers. What is pending is bounded by `max_pending_bytes`, 64 MiB by default; bodies under way, buffers kept for use again and what the allocator keeps come on top.",
    ),
    (
        "destinations",
        "datasets in turn, 1,000,000 events by hand",
        "A request goes to one dataset, and costs about as much whatever is in it: the more there are, the fewer events share one.",
    ),
];

fn scale(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### Scale\n\
         honey alone, zstd, `block_on_send`, delivered and confirmed. \"Caller\" is the CPU time of the application's threads, \"CPU\" that of the whole process.\n",
    );
    for (axis, heading, bound) in AXES {
        write!(
            text,
            "\n| {heading} | events | caller ns per event | CPU µs per event | events/s | peak MiB | bytes per event |\n|--:|--:|--:|--:|--:|--:|--:|\n"
        )?;
        for line in results.table("scale").filter(|line| line["axis"] == axis) {
            let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                whole(number("value")),
                whole(number("events")),
                whole(number("caller_ns")),
                figure(number("cpu_us")),
                rounded(number("per_second")),
                whole(number("peak_mib")),
                whole(number("wire_bytes")),
            )?;
        }
        write!(text, "\n{bound}\n")?;
    }
    text.push('\n');
    Ok(())
}

fn build(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### Building\n\
         `scripts/build-cost.sh`: a clean release build of a program that depends on nothing else; crates are those the compiler is given, without the program.\n\n\
         | | crates | CPU seconds | seconds on 2 cores |\n|---|--:|--:|--:|\n",
    );
    for line in results.table("build") {
        let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            line["title"].as_str().unwrap_or_default(),
            whole(number("crates")),
            figure(number("cpu_s")),
            figure(number("seconds")),
        )?;
    }
    Ok(())
}
