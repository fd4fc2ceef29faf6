//! What arrived, as text.

use std::collections::HashSet;
use std::env;
use std::io::{self, IsTerminal};

use honey::Report;
use honey_local::Event;
use honey_local::tree::{self, Color, Trace, TreeOptions};

use crate::table;

/// The fields that tell the story of a checkout.
const TOLD: [&str; 7] = [
    "http.response.status_code",
    "customer.tier",
    "payment.tries",
    "db.calls",
    "sku",
    "db.response.returned_rows",
    "network",
];

/// When the events went to the local Honeycomb in this process.
pub(crate) fn local(events: &[Event], closed: &Report) -> String {
    let traces = tree::traces(events);
    let tree = most_telling(&traces).map(|trace| {
        let options = TreeOptions::default()
            .fields(TOLD)
            .offsets(true)
            .color(color());
        tree::render(&trace.events, &options)
    });
    format!(
        "\nOne request. Each line is an event, with some of its fields:\n\n{}\
         \nAll events by name; durations in milliseconds:\n\n{}\
         \nThe balance: {closed}\
         \nThe local Honeycomb has {} events, from {} requests with {:.1} kB of JSON, compressed.\n\
         \nTo send to Honeycomb:  HONEYCOMB_API_KEY=… cargo run --example quickstart\
         \n    in the EU, add     HONEYCOMB_API_ENDPOINT=https://api.eu1.honeycomb.io\
         \nTo watch events come:  cargo run -p honey-local\
         \n    and elsewhere      HONEYCOMB_API_ENDPOINT=http://127.0.0.1:8088 HONEYCOMB_API_KEY=local \\\n\
         \x20                          cargo run --example quickstart\n",
        tree.unwrap_or_default(),
        table::by_name(events),
        events.len(),
        closed.stats.requests,
        kilobytes(closed.stats.body_bytes),
    )
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000.0
}

/// When the events went where the environment says.
pub(crate) fn remote(closed: &Report) -> String {
    let set = |name| {
        env::var(name)
            .ok()
            .filter(|value: &String| !value.is_empty())
    };
    let host = set("HONEYCOMB_API_ENDPOINT").unwrap_or_else(|| honey::DEFAULT_API_HOST.to_owned());
    let dataset = set("HONEYCOMB_DATASET").unwrap_or_else(|| "shop".to_owned());
    let advice = match (closed.stats.created, closed.stats.delivered()) {
        (0, _) => "Nothing was recorded: OTEL_SDK_DISABLED is set.".to_owned(),
        (created, delivered) if delivered < created => {
            "Not all of them arrived; the line that begins with `honey:` says why.".to_owned()
        }
        _ => format!(
            "Where to look: the dataset `{dataset}` at https://ui.honeycomb.io (EU: https://ui.eu1.honeycomb.io), where\n\
             HEATMAP(duration_ms) grouped by `name` is a good first query; or the terminal where honey-local runs."
        ),
    };
    format!(
        "\nThe events went to {host}, as the environment says.\n\nThe balance: {closed}\n\n{advice}\n"
    )
}

fn color() -> Color {
    let is_unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stdout().is_terminal() && !is_unwanted {
        Color::Always
    } else {
        Color::Never
    }
}

/// The trace with an error and the most kinds of events, of those that arrived whole.
fn most_telling(traces: &[Trace]) -> Option<&Trace> {
    let telling = traces
        .iter()
        .filter(|trace| is_whole(trace) && has_error(trace));
    telling.max_by_key(|trace| {
        let names: HashSet<_> = trace.events.iter().map(Event::name).collect();
        (names.len(), trace.events.len())
    })
}

fn is_whole(trace: &Trace) -> bool {
    let ids: HashSet<_> = trace.events.iter().filter_map(Event::span_id).collect();
    let mut parents = trace.events.iter().filter_map(Event::parent_id);
    trace.root().is_some() && parents.all(|parent| ids.contains(parent))
}

fn has_error(trace: &Trace) -> bool {
    trace
        .events
        .iter()
        .any(|event| event.str("outcome") == Some("error"))
}
