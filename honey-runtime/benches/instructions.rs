//! Instructions per call, and the most they may be: callgrind counts the same on every machine, however busy.
//!
//! Fails when a call takes more than its budget. How to change one: `docs/CONTRIBUTING.md`.
//! Needs valgrind and `gungraun-runner`, which `scripts/instructions.sh` installs and then runs this.
#![expect(
    missing_docs,
    reason = "a benchmark has no users, and gungraun's macros document nothing"
)]

mod cases;
mod request;

use std::hint::black_box;
use std::time::Duration;

use gungraun::prelude::*;
use gungraun::{Callgrind, EventKind};
use tracing_subscriber::layer::SubscriberExt as _;

/// So many calls are counted together, which divides what the loop around them costs. Their events fit into one chunk.
const CALLS: u64 = 30;
/// So many rounds before, each with a flush: chunks and buffers have been around by then, and have their sizes.
const ROUNDS_BEFORE: u64 = 20;
const PATIENCE: Duration = Duration::from_secs(20);

/// Instructions that one call may take. What was counted when a budget was set, and 4 % for other compilers' choices.
mod budget {
    pub(super) const BARE: u64 = 12;
    pub(super) const DISABLED: u64 = 60;
    pub(super) const DISABLED_MANUAL: u64 = 44;
    pub(super) const UNSAMPLED_ROOT: u64 = 2_239;
    pub(super) const UNSAMPLED_CHILD: u64 = 480;
    pub(super) const UNSAMPLED_MANUAL: u64 = 368;
    pub(super) const NO_FIELDS: u64 = 703;
    pub(super) const FIVE_FIELDS: u64 = 1_077;
    pub(super) const FIVE_FIELDS_CHILD: u64 = 1_077;
    pub(super) const TWENTY_FIELDS: u64 = 1_667;
    pub(super) const SHORT_STRINGS: u64 = 1_098;
    pub(super) const LONG_STRINGS: u64 = 1_333;
    pub(super) const NESTED: u64 = 2_189;
    pub(super) const POLLED_ONCE: u64 = 1_199;
    pub(super) const POLLED_THRICE: u64 = 1_613;
    pub(super) const ROLLUP: u64 = 748;
    pub(super) const DYNAMIC_FIELDS: u64 = 1_993;
    pub(super) const MANUAL: u64 = 653;
    pub(super) const SPAN_WITHOUT_BRIDGE: u64 = 1_480;
    pub(super) const BRIDGED_SPAN: u64 = 6_936;
    pub(super) const REQUEST_WITHOUT_LAYER: u64 = 2_148;
    pub(super) const REQUEST: u64 = 5_791;
    pub(super) const REQUEST_OF_A_TRACE: u64 = 8_987;
}

/// `cases::five_fields` as a span of `tracing`.
#[tracing::instrument(
    skip_all,
    fields(
        user_id = user_id,
        plan = plan,
        cart.cached = tracing::field::Empty,
        cart.total_usd = tracing::field::Empty,
        cart.currency = tracing::field::Empty
    )
)]
#[inline(never)]
fn span_of_five_fields(user_id: u64, plan: &str) -> u64 {
    let span = tracing::Span::current();
    span.record("cart.cached", true);
    span.record("cart.total_usd", black_box(99.95));
    span.record("cart.currency", black_box("EUR"));
    black_box(user_id + plan.len() as u64)
}

/// Nothing is live.
fn disabled(work: fn(u64)) -> fn(u64) {
    work
}

/// A client is live, and warm.
fn enabled(work: fn(u64)) -> fn(u64) {
    // Not closed: what happens after the calls is not counted, and need not happen.
    std::mem::forget(cases::discard_events());
    warm_up(work);
    work
}

/// A registry of `tracing` without honey's layer.
fn registry(work: fn(u64)) -> fn(u64) {
    install(tracing_subscriber::registry());
    warm_up(work);
    work
}

/// One with it.
fn bridged(work: fn(u64)) -> fn(u64) {
    std::mem::forget(cases::discard_events());
    install(tracing_subscriber::registry().with(honey::tracing::layer()));
    warm_up(work);
    work
}

fn install(subscriber: impl tracing::Subscriber + Send + Sync) {
    let installed = tracing::subscriber::set_global_default(subscriber);
    assert!(installed.is_ok(), "each benchmark is a process of its own");
}

/// A client is live that keeps next to nothing.
fn sampled(work: fn(u64)) -> fn(u64) {
    std::mem::forget(cases::discard_one_in(u32::MAX));
    warm_up(work);
    work
}

/// The same with two dynamic fields in its scope.
fn with_dynamic_fields(work: fn(u64)) -> fn(u64) {
    std::mem::forget(cases::discard_events());
    cases::add_dynamic_fields();
    warm_up(work);
    work
}

/// An event is open around the calls.
fn inside(work: fn(u64)) -> fn(u64) {
    std::mem::forget(cases::discard_events());
    std::mem::forget(honey::start_child("outer"));
    warm_up(work);
    work
}

/// An event that sampling leaves out is open around the calls.
fn below_unsampled(work: fn(u64)) -> fn(u64) {
    std::mem::forget(cases::discard_events());
    let outer = honey::start_child("outer");
    outer.handle().sample(u32::MAX);
    std::mem::forget(outer);
    warm_up(work);
    work
}

fn warm_up(work: fn(u64)) {
    for _ in 0..ROUNDS_BEFORE {
        for n in 0..=CALLS {
            work(n);
        }
        assert!(honey::flush(PATIENCE));
    }
    work(0);
}

fn at_most(instructions: u64) -> LibraryBenchmarkConfig {
    let counted = Callgrind::with_args(["--cache-sim=no"])
        .hard_limits([(EventKind::Ir, instructions * CALLS)])
        .clone();
    LibraryBenchmarkConfig::default().tool(counted).clone()
}

#[library_benchmark]
#[bench::bare(args = [|n| _ = cases::bare(n, cases::SHORT)], setup = disabled, config = at_most(budget::BARE))]
#[bench::disabled(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = disabled, config = at_most(budget::DISABLED))]
#[bench::disabled_manual(args = [|n| cases::manual(n, cases::SHORT)], setup = disabled, config = at_most(budget::DISABLED_MANUAL))]
#[bench::unsampled_root(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = sampled, config = at_most(budget::UNSAMPLED_ROOT))]
#[bench::unsampled_child(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = below_unsampled, config = at_most(budget::UNSAMPLED_CHILD))]
#[bench::unsampled_manual(args = [|n| cases::manual_unsampled(n, cases::SHORT)], setup = enabled, config = at_most(budget::UNSAMPLED_MANUAL))]
#[bench::no_fields(args = [|n| _ = cases::no_fields(n, cases::SHORT)], setup = enabled, config = at_most(budget::NO_FIELDS))]
#[bench::five_fields(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = enabled, config = at_most(budget::FIVE_FIELDS))]
#[bench::five_fields_child(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = inside, config = at_most(budget::FIVE_FIELDS_CHILD))]
#[bench::twenty_fields(args = [|n| _ = cases::twenty_fields(n, cases::SHORT)], setup = enabled, config = at_most(budget::TWENTY_FIELDS))]
#[bench::short_strings(args = [|_| _ = cases::five_short_strings()], setup = enabled, config = at_most(budget::SHORT_STRINGS))]
#[bench::long_strings(args = [|_| _ = cases::five_long_strings()], setup = enabled, config = at_most(budget::LONG_STRINGS))]
#[bench::nested(args = [|n| _ = cases::nested(n, cases::SHORT)], setup = enabled, config = at_most(budget::NESTED))]
#[bench::polled_once(args = [|n| _ = cases::polled(n, cases::SHORT, 1)], setup = enabled, config = at_most(budget::POLLED_ONCE))]
#[bench::polled_thrice(args = [|n| _ = cases::polled(n, cases::SHORT, 3)], setup = enabled, config = at_most(budget::POLLED_THRICE))]
#[bench::rollup(args = [|n| _ = cases::rolled_up(n, cases::SHORT)], setup = inside, config = at_most(budget::ROLLUP))]
#[bench::dynamic_fields(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = with_dynamic_fields, config = at_most(budget::DYNAMIC_FIELDS))]
#[bench::manual(args = [|n| cases::manual(n, cases::SHORT)], setup = enabled, config = at_most(budget::MANUAL))]
#[bench::span_without_bridge(args = [|n| _ = span_of_five_fields(n, cases::SHORT)], setup = registry, config = at_most(budget::SPAN_WITHOUT_BRIDGE))]
#[bench::bridged_span(args = [|n| _ = span_of_five_fields(n, cases::SHORT)], setup = bridged, config = at_most(budget::BRIDGED_SPAN))]
#[bench::request_without_layer(args = [request::bare], setup = enabled, config = at_most(budget::REQUEST_WITHOUT_LAYER))]
#[bench::request(args = [request::in_event], setup = enabled, config = at_most(budget::REQUEST))]
#[bench::request_of_a_trace(args = [request::in_event_of_a_trace], setup = enabled, config = at_most(budget::REQUEST_OF_A_TRACE))]
fn calls(work: fn(u64)) {
    for n in 0..CALLS {
        work(black_box(n));
    }
}

library_benchmark_group!(name = instructions, benchmarks = calls);
gungraun::main!(library_benchmark_groups = instructions);
