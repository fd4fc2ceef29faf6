//! Code that is instrumented with the crates `tracing` and `log`, in honey's traces.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod concurrent;
mod lines;
mod log;
mod outcomes;
mod spans;
mod values;

use std::collections::BTreeMap;

use honey::testing::{Captured, CapturedEvent, capture};
use tracing_subscriber::layer::SubscriberExt as _;

/// What `work` emits, with the layer as it is by default.
fn bridged(work: impl FnOnce()) -> Captured {
    bridged_by(honey::tracing::layer(), work)
}

fn bridged_by(layer: honey::tracing::Layer, work: impl FnOnce()) -> Captured {
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || capture(work))
}

/// A field as text; empty without one.
fn text<'a>(event: &'a CapturedEvent, key: &str) -> &'a str {
    event
        .field(key)
        .and_then(|value| value.as_str())
        .unwrap_or("")
}

/// Who is below whom, by name: `child < parent`, and `root` for those with no parent that was sent.
fn tree(captured: &Captured) -> Vec<String> {
    let names: BTreeMap<&str, &str> = captured
        .events()
        .iter()
        .map(|event| (text(event, "trace.span_id"), event.name().unwrap_or("?")))
        .filter(|(id, _)| !id.is_empty())
        .collect();
    let mut tree: Vec<String> = captured
        .events()
        .iter()
        .map(|event| {
            let parent = names.get(text(event, "trace.parent_id"));
            format!(
                "{} < {}",
                event.name().unwrap_or("?"),
                parent.unwrap_or(&"root")
            )
        })
        .collect();
    tree.sort();
    tree
}

/// How many traces there are.
fn traces(captured: &Captured) -> usize {
    let mut ids: Vec<&str> = captured
        .events()
        .iter()
        .map(|event| text(event, "trace.trace_id"))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

#[track_caller]
fn assert_balanced(captured: &Captured) {
    let stats = captured.stats();
    assert!(stats.is_balanced(), "{stats}");
    assert_eq!(stats.open, 0, "{stats}");
}
