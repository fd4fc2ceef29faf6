//! The README's picture and lines.

use std::fmt::Write;

use super::results::{Results, figure, rounded};
use super::runs;
use crate::call::entries::{FASTRACE, HONEY, OTEL};
use crate::web;

/// From the results, as Markdown.
pub(super) fn lines(results: &Results) -> String {
    let otlp = results
        .fastest(&[
            "opentelemetry-otlp, zstd",
            "opentelemetry-otlp, zstd, tuned",
        ])
        .unwrap_or_default();
    let libhoney = results
        .fastest(&["libhoney-rust, uncompressed", "libhoney-rust, tuned"])
        .unwrap_or_default();
    let call = |title: &str, case: &str| {
        let value = match case {
            "idle" => results.over_bare(title, case),
            _ => results.call(title, case, "ns"),
        };
        value.map_or_else(|| "–".to_owned(), |ns| format!("{} ns", rounded(ns)))
    };
    let delivery = |title: &str, key: &str| results.delivery(title, key).unwrap_or(f64::NAN);
    let mut text = String::from(
        "![What a call costs, and how fast events are delivered](docs/peers.svg)\n\n\
         | | honey | fastrace | tracing + OpenTelemetry | libhoney-rust |\n|---|--:|--:|--:|--:|\n",
    );
    for (name, case) in [
        ("a call with five fields", "root"),
        ("the same after 50 µs without one", "idle"),
    ] {
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            call(HONEY, case),
            call(FASTRACE, case),
            call(OTEL, case),
            call("libhoney-rust", case)
        );
    }
    for (name, key, unit) in [
        ("delivered and confirmed", "per_second", "/s"),
        ("CPU per event, end to end", "cpu_us", " µs"),
    ] {
        let write = |value: f64| {
            if key == "cpu_us" {
                figure(value)
            } else {
                rounded(value)
            }
        };
        let _ = writeln!(
            text,
            "| {name} | {}{unit} | – | {}{unit} | {}{unit} |",
            write(delivery("**honey**, zstd", key)),
            write(delivery(otlp, key)),
            write(delivery(libhoney, key))
        );
    }
    for (name, key) in [
        ("a request to an axum service, CPU over nothing", "over_us"),
        ("its p99, both cores full", "p99_us"),
    ] {
        let write = |title| results.web(title, key).unwrap_or(f64::NAN);
        let _ = writeln!(
            text,
            "| {name} | {} µs | – | {} µs | – |",
            figure(write(web::HONEY)),
            figure(write(web::TRACE_LAYER)),
        );
    }
    let nothing = results.web(web::NOTHING, "p99_us").unwrap_or(f64::NAN);
    let _ = write!(text, "\nMeasured {}. ", runs::when(results));
    text.push_str(
        "Delivery is with zstd for honey and OpenTelemetry (by its own API, without tracing), uncompressed for libhoney-rust, which has nothing else. \
         The service has honey's `EventLayer`, or tower-http's `TraceLayer` with tracing-opentelemetry; with nothing its p99 is ",
    );
    let _ = write!(text, "{} µs. ", figure(nothing));
    text.push_str(
        "All figures, how they were measured, and where honey falls short: [docs/performance.md](docs/performance.md).\n",
    );
    text
}
