//! What delivery costs.

use std::fmt::Write;

use crate::peer::Result;
use crate::report::results::{Results, figure, rounded, whole};

pub(super) fn write(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "### Delivery\n\
         The same call (through tracing or OpenTelemetry's own API where it says so) from one thread as fast as it goes without dropping, until the last \
         confirmation: honey waits by `block_on_send`, the others are held back by what they have confirmed. Each event is a trace of its own, so its ids are random, which is the hard case for compression; \
         \"traces of 10\" are a root with nine children. The server is a process of its own on the same two cores: it unpacks, counts and answers. It has counted \
         exactly what was offered. CPU and memory are the client process's. Every event names its service; honey's default fields (`host.name`, `process.pid`, `telemetry.sdk.*` …) are off, for the other libhoneys have none, and OTLP \
         sends such once for a request; one row shows what they cost. The tail rules are three, all asked of each trace, and keep everything.\n\n\
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
