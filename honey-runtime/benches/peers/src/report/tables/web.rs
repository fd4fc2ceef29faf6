//! A web service under load.

use std::fmt::Write;

use super::cell;
use crate::peer::Result;
use crate::report::results::{Results, figure, rounded, whole};
use crate::web;

pub(super) fn write(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### A web service\n\
         An axum service that answers at once, and clients in another process with 32 connections that ask again as soon as they have the answer, both on 2 cores. \"Over nothing\" is the service's \
         CPU for a request less that of the service without instrumentation in the same round, the median of the rounds: recording, encoding, zstd and sending. honey is its `EventLayer` over HTTP, zstd; beside it tower-http's \
         `TraceLayer` with the same fields, tracing-opentelemetry and OTLP uncompressed, with the tuned queue and batches, for the default ones drop most spans. \"Delivered\" is the share of the requests \
         whose event arrived.\n\n\
         | | CPU µs per request | over nothing | requests/s | p50 µs | p99 µs | peak MiB | delivered |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for line in results.table("axum") {
        let title = line["title"].as_str().unwrap_or_default();
        let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
        let is_nothing = title == web::NOTHING;
        let over = line["over_us"].as_f64();
        let delivered = format!("{:.1} %", number("delivered") * 100.0);
        writeln!(
            text,
            "| {title} | {} | {} | {} | {} | {} | {} | {} |",
            figure(number("cpu_us")),
            cell(over.filter(|_| !is_nothing)),
            rounded(number("per_second")),
            whole(number("p50_us")),
            whole(number("p99_us")),
            whole(number("peak_mib")),
            if is_nothing { "–" } else { &delivered },
        )?;
    }
    text.push('\n');
    Ok(())
}
