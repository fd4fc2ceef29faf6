//! The rows of the table of calls: who is called, how the table names it, and which cases hold for it.

use super::Case;

pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) tuned: bool,
    /// By the program that was built with honey's feature `fast-clock`.
    pub(crate) fast_clock: bool,
    pub(crate) cases: &'static [Case],
}

const WITH_PARENTS: &[Case] = &[
    Case::Root,
    Case::Child,
    Case::Idle,
    Case::Threads,
    Case::Disabled,
];
/// Another variant of one that has been switched off already.
const VARIANT: &[Case] = &[Case::Root, Case::Child, Case::Idle, Case::Threads];
const WITHOUT_PARENTS: &[Case] = &[Case::Root, Case::Idle, Case::Threads];

const fn entry(name: &'static str, title: &'static str, cases: &'static [Case]) -> Entry {
    Entry {
        name,
        title,
        tuned: false,
        fast_clock: false,
        cases,
    }
}

const fn tuned(name: &'static str, title: &'static str, cases: &'static [Case]) -> Entry {
    Entry {
        tuned: true,
        ..entry(name, title, cases)
    }
}

/// How the table calls those that the targets speak of.
pub(crate) const FLOOR: &str = "floor: two clock reads and a typed record of the fields";
pub(crate) const HONEY: &str = "**honey**, `#[honey::event]`";
pub(crate) const HONEY_FAST_CLOCK: &str = "**honey**, `#[honey::event]`, feature `fast-clock`";
pub(crate) const HONEY_POLLED: &str = "**honey**, an async function, polled three times";
pub(crate) const HONEY_UNSAMPLED: &str = "**honey**, `#[honey::event]`, not sampled";
pub(crate) const HONEY_EVENT: &str = "**honey**, `Event` by hand, without name and timer";
pub(crate) const HONEY_EVENT_UNSAMPLED: &str =
    "**honey**, `Event` by hand, without name and timer, not sampled";
pub(crate) const FASTRACE: &str = "fastrace";
pub(crate) const OTEL: &str = "tracing + tracing-opentelemetry + opentelemetry_sdk";

/// In the order of the table.
#[rustfmt::skip]
pub(crate) const ENTRIES: [Entry; 18] = [
    entry("floor", FLOOR, WITHOUT_PARENTS),
    entry("honey", HONEY, WITH_PARENTS),
    Entry { fast_clock: true, ..entry("honey", HONEY_FAST_CLOCK, VARIANT) },
    entry("honey-polled", HONEY_POLLED, &[Case::Root]),
    entry("honey-unsampled", HONEY_UNSAMPLED, &[Case::Child]),
    entry("honey-manual", "**honey**, `Event` by hand", WITHOUT_PARENTS),
    entry("honey-event", HONEY_EVENT, &[Case::Root]),
    entry("honey-event-unsampled", HONEY_EVENT_UNSAMPLED, &[Case::Root]),
    entry("metrique", "metrique, global queue", WITHOUT_PARENTS),
    tuned("metrique", "metrique, typed queue (tuned)", WITHOUT_PARENTS),
    entry("fastrace", FASTRACE, WITH_PARENTS),
    entry("otel", "opentelemetry_sdk without tracing", WITH_PARENTS),
    entry("tracing-otel", OTEL, WITH_PARENTS),
    tuned("tracing-otel", "the same, tuned", VARIANT),
    entry("libhoney-rust", "libhoney-rust", WITHOUT_PARENTS),
    entry("emit", "emit + emit_otlp", WITH_PARENTS),
    tuned("emit", "emit + emit_otlp, uncompressed (tuned)", VARIANT),
    entry("tracing-json", "tracing-subscriber's JSON lines", WITH_PARENTS),
];
