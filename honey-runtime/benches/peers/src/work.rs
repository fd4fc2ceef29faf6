//! The work that every peer instruments: two arguments, three values found in the body, and next to nothing to do.

use std::hint::black_box;

/// What one call is given.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    pub(crate) user_id: u64,
    pub(crate) label: &'static str,
}

/// What the body finds out, and adds to the event.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) cache_hit: bool,
    pub(crate) total: f64,
    pub(crate) tier: &'static str,
}

const LABELS: [&str; 4] = [
    "/checkout/cart",
    "/checkout/cart/items",
    "/orders/recent",
    "/search",
];
const TIERS: [&str; 3] = ["gold", "silver", "bronze"];

/// The input of the n-th call: other values each time, so that neither a branch predictor nor a compressor has it too easy.
pub(crate) fn input(n: u64) -> Input {
    Input {
        user_id: n.wrapping_mul(0x9e37_79b9) % 1_000_000,
        label: LABELS[usize::try_from(n % 4).unwrap_or(0)],
    }
}

/// The body of the call. Not inlined, since no annotated function of interest is.
#[inline(never)]
pub(crate) fn work(user_id: u64, label: &str) -> Found {
    let user_id = black_box(user_id);
    let cents = u32::try_from(user_id % 10_000).unwrap_or(0);
    Found {
        cache_hit: user_id.is_multiple_of(3),
        total: f64::from(cents) / 100.0 + f64::from(black_box(label).len() == 7),
        tier: TIERS[usize::try_from(user_id % 3).unwrap_or(0)],
    }
}
