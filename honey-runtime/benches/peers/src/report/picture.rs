//! The picture of the README: two groups of bars. It has its own ground, so that it can be read on a light page and a dark one.

use std::fmt::Write;

use super::results::{Results, rounded};
use crate::call::entries;

const WIDTH: f64 = 860.0;
const MARGIN: f64 = 24.0;
/// Where the bars begin.
const BARS_FROM: f64 = 300.0;
/// How long the longest is; its figure stands behind it.
const LONGEST: f64 = 320.0;
const ROW: f64 = 26.0;
const BAR: f64 = 16.0;
const HEADING: f64 = 58.0;

const STYLE: &str = "
  .ground { fill: #ffffff; stroke: #d0d7de; }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .heading { font-size: 15px; font-weight: 600; }
  .note, .figure { fill: #59636e; }
  .peer { fill: #9aa4b2; }
  .ours { fill: #e3a008; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .note, .figure { fill: #9198a1; }
    .peer { fill: #656c76; }
    .ours { fill: #e3b341; }
  }
";

/// One bar: what it is, how long, and what stands behind it.
struct Bar {
    name: String,
    value: f64,
    figure: String,
    is_ours: bool,
}

/// The whole picture, as SVG.
pub(super) fn draw(results: &Results) -> String {
    let calls = calls(results);
    let deliveries = deliveries(results);
    let height = 2.0 * (HEADING + MARGIN) + ROW * count(calls.len() + deliveries.len());
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="What a call costs, and how fast events are delivered: honey and its peers">
<style>{STYLE}</style>
<rect class="ground" x="0.5" y="0.5" width="{}" height="{}" rx="6"/>"#,
        WIDTH - 1.0,
        height - 1.0
    );
    let below = group(
        &mut svg,
        0.0,
        "What one call costs its thread",
        "2 arguments and 3 fields; nanoseconds, shorter is better",
        &calls,
    );
    group(
        &mut svg,
        below,
        "Delivered and confirmed, 2 cores, server included",
        "each event a trace of its own; events per second, longer is better; the faster of default and tuned",
        &deliveries,
    );
    svg.push_str("</svg>\n");
    svg
}

#[expect(clippy::cast_precision_loss, reason = "a few bars")]
fn count(bars: usize) -> f64 {
    bars as f64
}

fn calls(results: &Results) -> Vec<Bar> {
    let rows = [
        (entries::FLOOR, "floor: 2 clock reads, typed record"),
        (entries::HONEY, "honey"),
        ("metrique, global queue", "metrique"),
        ("fastrace", "fastrace"),
        (
            "opentelemetry_sdk without tracing",
            "opentelemetry_sdk alone",
        ),
        (entries::OTEL, "tracing + OpenTelemetry"),
        ("libhoney-rust", "libhoney-rust"),
        ("emit + emit_otlp", "emit"),
        ("tracing-subscriber's JSON lines", "tracing's JSON lines"),
    ];
    let bars = rows.into_iter().filter_map(|(title, name)| {
        let value = results.call(title, "root", "ns")?;
        Some(Bar {
            name: name.to_owned(),
            value,
            figure: format!("{} ns", rounded(value)),
            is_ours: name == "honey",
        })
    });
    bars.collect()
}

fn deliveries(results: &Results) -> Vec<Bar> {
    let rows: [(&[&str], &str); 7] = [
        (&["**honey**, uncompressed"], "honey, uncompressed"),
        (&["**honey**, zstd"], "honey, zstd"),
        (
            &[
                "opentelemetry-otlp, uncompressed",
                "opentelemetry-otlp, uncompressed, tuned",
            ],
            "OpenTelemetry OTLP, uncompressed",
        ),
        (
            &[
                "opentelemetry-otlp, zstd",
                "opentelemetry-otlp, zstd, tuned",
            ],
            "OpenTelemetry OTLP, zstd",
        ),
        (
            &["libhoney-rust, uncompressed", "libhoney-rust, tuned"],
            "libhoney-rust, uncompressed",
        ),
        (
            &["libhoney-js, uncompressed", "libhoney-js, tuned"],
            "libhoney-js, uncompressed",
        ),
        (
            &["libhoney-py, gzip", "libhoney-py, gzip, tuned"],
            "libhoney-py, gzip",
        ),
    ];
    let bars = rows.into_iter().filter_map(|(titles, name)| {
        let title = results.fastest(titles)?;
        let value = results.delivery(title, "per_second")?;
        let cpu = results.delivery(title, "cpu_us")?;
        Some(Bar {
            name: name.to_owned(),
            value,
            figure: format!("{}/s, {cpu:.1} µs of CPU each", rounded(value)),
            is_ours: name.starts_with("honey"),
        })
    });
    bars.collect()
}

/// Draws one group below `top`; returns where it ends.
fn group(svg: &mut String, top: f64, heading: &str, note: &str, bars: &[Bar]) -> f64 {
    let longest = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let _ = writeln!(
        svg,
        r#"<text class="heading" x="{MARGIN}" y="{}">{heading}</text>"#,
        top + 30.0
    );
    let _ = writeln!(
        svg,
        r#"<text class="note" x="{MARGIN}" y="{}">{note}</text>"#,
        top + 48.0
    );
    let mut y = top + HEADING;
    for bar in bars {
        let width = (bar.value / longest * LONGEST).max(1.0);
        let class = if bar.is_ours { "ours" } else { "peer" };
        let base = y + BAR - 3.0;
        let _ = writeln!(
            svg,
            r#"<text x="{}" y="{base}" text-anchor="end">{}</text><rect class="{class}" x="{BARS_FROM}" y="{y}" width="{width:.1}" height="{BAR}" rx="2"/><text class="figure" x="{:.1}" y="{base}">{}</text>"#,
            BARS_FROM - 10.0,
            bar.name,
            BARS_FROM + width + 8.0,
            bar.figure
        );
        y += ROW;
    }
    y + MARGIN
}
