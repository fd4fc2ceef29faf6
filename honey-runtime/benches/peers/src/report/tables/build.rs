//! What building costs.

use std::fmt::Write;

use super::cell;
use crate::peer::Result;
use crate::report::results::{Results, figure, whole};

pub(super) fn write(results: &Results, text: &mut String) -> Result<()> {
    builds(results, text)?;
    compile_times(results, text)
}

fn builds(results: &Results, text: &mut String) -> Result<()> {
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

fn compile_times(results: &Results, text: &mut String) -> Result<()> {
    text.push_str(
        "\n### Compile time\n\
         `scripts/compile-time.sh`: one crate of 800 annotated functions (half of them async, half returning `Result`, three fields each), plain, with honey, with honey's feature `catalog`, with \
         tracing's `#[instrument]` and with fastrace's `#[trace]`; dependencies built before, incremental compilation off, medians of 3, in turns. Fields differ in kind: honey and tracing record typed \
         values, fastrace formats text, with a third property in place of the computed one.\n\n\
         | | `cargo check`, s | times plain | `cargo build`, s | times plain |\n|---|--:|--:|--:|--:|\n",
    );
    for (variant, title) in [
        ("plain", "plain"),
        ("honey", "**honey**"),
        ("catalog", "**honey**, `catalog`"),
        ("fastrace", "fastrace 0.7"),
        ("tracing", "tracing 0.1"),
    ] {
        let seconds = |variant, command| results.compile_time(variant, command);
        let times = |command| Some(seconds(variant, command)? / seconds("plain", command)?);
        writeln!(
            text,
            "| {title} | {} | {} | {} | {} |",
            cell(seconds(variant, "check")),
            cell(times("check")),
            cell(seconds(variant, "build")),
            cell(times("build")),
        )?;
    }
    Ok(())
}
