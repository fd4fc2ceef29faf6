//! How it scales.

use std::fmt::Write;

use crate::peer::Result;
use crate::report::results::{Results, figure, rounded, whole};
use crate::scale::ONE_ARENA;

/// Each axis, and what bounds it.
const AXES: [(&str, &str, &str); 5] = [
    (
        "threads",
        "application threads, 1,000,000 annotated calls among them",
        "Two cores do all the work, the server's included: the speed is theirs, not the threads'. Most of the time all of them wait for room, and who waits goes on when a sixteenth of it is free: see \"Many threads\" in \"What bounds the ship side\".",
    ),
    (
        ONE_ARENA,
        "the same with `MALLOC_ARENA_MAX=1`",
        "glibc keeps a heap for each of up to eight threads a processor, and what one has freed no other gets: a difference in memory to the rows above is that.",
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

pub(super) fn write(results: &Results, text: &mut String) -> Result<()> {
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
