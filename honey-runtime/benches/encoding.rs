//! Instructions that the ship thread takes to write one event as JSON, and the most they may be. The counterpart of
//! `instructions.rs`, which counts the thread that makes the event.
//!
//! The events go their usual way, to a writer that keeps nothing; counted is what happens inside the encoder's one function.
//! Needs valgrind and `gungraun-runner`, which `scripts/instructions.sh` installs and then runs this.
#![expect(
    missing_docs,
    reason = "a benchmark has no users, and gungraun's macros document nothing"
)]

#[expect(dead_code, reason = "calls that write nothing, or the same as another")]
mod cases;

use std::hint::black_box;
use std::time::Duration;

use gungraun::prelude::*;
use gungraun::{Callgrind, EntryPoint, EventKind};

/// Events of one case. The first of them makes what all share: the JSON of their keys and of their scope.
const EVENTS: u64 = 400;
const PATIENCE: Duration = Duration::from_mins(1);

/// Instructions for one event. What was counted when a budget was set, and 4 % for other compilers' choices.
mod budget {
    pub(super) const FIVE_FIELDS: u64 = 2_106;
    pub(super) const TWENTY_FIELDS: u64 = 4_700;
    pub(super) const BY_HAND: u64 = 1_538;
    pub(super) const ESCAPED_STRINGS: u64 = 5_534;
    pub(super) const LONG_STRINGS: u64 = 3_386;
    pub(super) const SCOPE: u64 = 2_562;
    pub(super) const OVERRIDDEN_SCOPE: u64 = 4_735;
    pub(super) const NEW_KEYS: u64 = 5_278;
    pub(super) const NEW_SCOPE: u64 = 11_500;
}

/// A client whose ship thread writes events, to nobody. Without the fields that say which process it is, whose lengths differ.
fn write_events() -> honey::Guard {
    let config = honey::Config::new("")
        .dataset("benchmarks")
        .transmission(honey::transmission::Writer::new(std::io::sink()))
        .default_fields(false)
        .dynamic_fields(false);
    match honey::init(config) {
        Ok(guard) => guard,
        Err(error) => unreachable!("a client that writes to nobody needs nothing: {error}"),
    }
}

/// Of 67 bytes, of which five must be escaped.
const ESCAPED: &str = "SELECT \"id\" FROM orders WHERE customer = 'ü'\n  AND path = '\\a\\b' -";

fn five_escaped_strings() -> usize {
    cases::five_strings(ESCAPED, ESCAPED, ESCAPED, ESCAPED, ESCAPED)
}

/// Five fields under names that no event before had.
fn new_keys(n: u64) {
    let mut event = honey::Event::new();
    for field in 0..5 {
        event.add_field(format!("of.event.{n}.{field}"), n);
    }
    event.send();
}

/// An event of a scope that no event before saw.
fn new_scope(n: u64) {
    honey::global().add_field(cases::KEYS[0], n);
    cases::manual(n, cases::SHORT);
}

/// Events are written, and what is written is thrown away.
fn written(work: fn(u64)) -> fn(u64) {
    std::mem::forget(write_events());
    work
}

/// The same with ten fields in the scope.
fn in_scope(work: fn(u64)) -> fn(u64) {
    let work = written(work);
    for key in &cases::KEYS[..10] {
        honey::global().add_field(*key, 1);
    }
    work
}

fn at_most(instructions: u64) -> LibraryBenchmarkConfig {
    let counted = Callgrind::with_args(["--cache-sim=no"])
        .entry_point(EntryPoint::from("*honey::sender::encode::Encoder*::event"))
        .hard_limits([(EventKind::Ir, instructions * EVENTS)])
        .clone();
    LibraryBenchmarkConfig::default().tool(counted).clone()
}

#[library_benchmark]
#[bench::five_fields(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = written, config = at_most(budget::FIVE_FIELDS))]
#[bench::twenty_fields(args = [|n| _ = cases::twenty_fields(n, cases::SHORT)], setup = written, config = at_most(budget::TWENTY_FIELDS))]
#[bench::by_hand(args = [|n| cases::manual(n, cases::SHORT)], setup = written, config = at_most(budget::BY_HAND))]
#[bench::escaped_strings(args = [|_| _ = five_escaped_strings()], setup = written, config = at_most(budget::ESCAPED_STRINGS))]
#[bench::long_strings(args = [|_| _ = cases::five_long_strings()], setup = written, config = at_most(budget::LONG_STRINGS))]
#[bench::scope(args = [|n| _ = cases::five_fields(n, cases::SHORT)], setup = in_scope, config = at_most(budget::SCOPE))]
#[bench::overridden_scope(args = [|n| _ = cases::twenty_fields(n, cases::SHORT)], setup = in_scope, config = at_most(budget::OVERRIDDEN_SCOPE))]
#[bench::new_keys(args = [new_keys], setup = written, config = at_most(budget::NEW_KEYS))]
#[bench::new_scope(args = [new_scope], setup = in_scope, config = at_most(budget::NEW_SCOPE))]
fn events(work: fn(u64)) {
    for n in 0..EVENTS {
        work(black_box(n));
    }
    assert!(honey::flush(PATIENCE));
    assert_eq!(honey::stats().delivered(), EVENTS);
}

library_benchmark_group!(name = encoding, benchmarks = events);
gungraun::main!(library_benchmark_groups = encoding);
