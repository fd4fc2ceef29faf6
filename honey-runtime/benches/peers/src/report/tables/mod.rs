//! The tables of docs/performance.md, with what one must know to read them.

mod build;
mod calls;
mod deliveries;
mod latencies;
mod scale;
mod web;

use super::results::{Results, figure};
use super::{runs, targets};
use crate::peer::Result;

/// The part of docs/performance.md. `machine` says where and with what this was measured.
pub(super) fn document(results: &Results, machine: &str) -> Result<String> {
    let mut text = format!(
        "## Targets and measurements\n\
         `scripts/bench-peers.sh` measures all that follows, up to \"What bounds the ship side\", and writes it here. {machine}\n\n\
         Every measurement of a peer is a process of its own, and they take turns; figures are medians of the rounds. Each is checked \
         to have delivered every event, or the run fails. Read the ratios; the nanoseconds are the machine's. Versions: {}.\n\n\
         {}\n\
         ![What a call costs, and how fast events are delivered](peers.svg)\n\n\
         ### Targets\n\
         {}\n",
        versions()?,
        runs::table(results),
        targets::table(results),
    );
    calls::write(results, &mut text)?;
    deliveries::write(results, &mut text)?;
    web::write(results, &mut text)?;
    latencies::write(results, &mut text)?;
    scale::write(results, &mut text)?;
    build::write(results, &mut text)?;
    Ok(text)
}

/// The peers' versions, from the lock file.
fn versions() -> Result<String> {
    const LOCK: &str = include_str!("../../../Cargo.lock");
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

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), figure)
}
