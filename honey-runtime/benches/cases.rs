//! The calls that are measured, by time in `calls.rs` and by instructions in `instructions.rs`.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// A client that throws events away on its ship thread: everything up to there is as it is when they are sent.
pub(crate) fn discard_events() -> honey::Guard {
    discard_one_in(1)
}

/// The same client, that keeps one trace of so many.
pub(crate) fn discard_one_in(sample_rate: u32) -> honey::Guard {
    let config = honey::Config::new("")
        .dataset("benchmarks")
        .api_host("")
        .sample_rate(sample_rate)
        .dynamic_fields(false);
    match honey::init(config) {
        Ok(guard) => guard,
        Err(error) => unreachable!("a client that sends nothing needs nothing: {error}"),
    }
}

/// What an annotation is measured against.
#[inline(never)]
pub(crate) fn bare(user_id: u64, plan: &str) -> u64 {
    black_box(user_id + plan.len() as u64)
}

#[honey::event]
#[inline(never)]
pub(crate) fn no_fields(user_id: u64, plan: &str) -> u64 {
    black_box(user_id + plan.len() as u64)
}

/// The design's example: two arguments, three fields from inside.
#[honey::event(fields(user_id, plan))]
#[inline(never)]
pub(crate) fn five_fields(user_id: u64, plan: &str) -> u64 {
    honey::current().add_field("cart.cached", true);
    honey::current().add_field("cart.total_usd", black_box(99.95));
    honey::current().add_field("cart.currency", black_box("EUR"));
    black_box(user_id + plan.len() as u64)
}

pub(crate) const KEYS: [&str; 20] = [
    "a.00", "a.01", "a.02", "a.03", "a.04", "a.05", "a.06", "a.07", "a.08", "a.09", "a.10", "a.11",
    "a.12", "a.13", "a.14", "a.15", "a.16", "a.17", "a.18", "a.19",
];

#[honey::event]
#[inline(never)]
pub(crate) fn twenty_fields(user_id: u64, _plan: &str) -> u64 {
    let event = honey::current();
    for key in KEYS {
        event.add_field(key, user_id);
    }
    user_id
}

/// A text of eight bytes.
pub(crate) const SHORT: &str = "checkout";
/// A text of 256 bytes.
pub(crate) const LONG: &str = {
    const BYTES: [u8; 256] = [b'x'; 256];
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => "",
    }
};

#[honey::event(fields(first, second, third, fourth, fifth))]
#[inline(never)]
pub(crate) fn five_strings(
    first: &str,
    second: &str,
    third: &str,
    fourth: &str,
    fifth: &str,
) -> usize {
    black_box(first.len() + second.len() + third.len() + fourth.len() + fifth.len())
}

pub(crate) fn five_short_strings() -> usize {
    five_strings(SHORT, SHORT, SHORT, SHORT, SHORT)
}

pub(crate) fn five_long_strings() -> usize {
    five_strings(LONG, LONG, LONG, LONG, LONG)
}

/// Three events, each around the next.
#[honey::event]
#[inline(never)]
pub(crate) fn nested(user_id: u64, plan: &str) -> u64 {
    nested_middle(user_id, plan)
}

#[honey::event]
#[inline(never)]
fn nested_middle(user_id: u64, plan: &str) -> u64 {
    no_fields(user_id, plan)
}

/// Pending so many times.
struct Polls(u32);

impl Future for Polls {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        Poll::Pending
    }
}

#[honey::event(fields(user_id, plan))]
async fn five_fields_async(user_id: u64, plan: &str, pending: u32) -> u64 {
    honey::current().add_field("cart.cached", true);
    Polls(pending).await;
    honey::current().add_field("cart.total_usd", black_box(99.95));
    honey::current().add_field("cart.currency", black_box("EUR"));
    black_box(user_id + plan.len() as u64)
}

/// The same as [`five_fields`], as a future that is polled so many times.
#[inline(never)]
pub(crate) fn polled(user_id: u64, plan: &str, polls: u32) -> u64 {
    let mut future = pin!(five_fields_async(user_id, plan, polls - 1));
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

#[honey::event(rollup)]
#[inline(never)]
pub(crate) fn rolled_up(user_id: u64, plan: &str) -> u64 {
    black_box(user_id + plan.len() as u64)
}

/// `new`, five fields, `send`.
#[inline(never)]
pub(crate) fn manual(user_id: u64, plan: &'static str) {
    let mut event = honey::Event::new();
    event.add_field("user_id", user_id);
    event.add_field("plan", black_box(plan));
    event.add_field("cart.cached", true);
    event.add_field("cart.total_usd", black_box(99.95));
    event.add_field("cart.currency", black_box("EUR"));
    event.send();
}

/// The same, not kept.
#[inline(never)]
pub(crate) fn manual_unsampled(user_id: u64, plan: &'static str) {
    let mut event = honey::Event::new();
    event.set_sample_rate(u32::MAX);
    event.add_field("user_id", user_id);
    event.add_field("plan", black_box(plan));
    event.send();
}

/// Two fields that are evaluated for each event from now on.
pub(crate) fn add_dynamic_fields() {
    honey::global().add_dynamic_field("process.threads", || black_box(4_u64));
    honey::global().add_dynamic_field("process.load", || black_box(0.5));
}
