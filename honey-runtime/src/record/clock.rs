//! One monotonic clock for the process, and how far the wall clock is from it.
//!
//! An event reads the monotonic clock only; its wall time is that plus an offset that its local root took once, so that a step
//! of the wall clock never disorders a trace. The sweep refreshes the offset.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

static BASE: OnceLock<Instant> = OnceLock::new();
/// Wall clock (ns since 1970) minus monotonic clock (ns since `BASE`); 0 = not read yet.
static WALL_OFFSET_NS: AtomicI64 = AtomicI64::new(0);

/// Nanoseconds since the process first asked.
#[inline]
pub(crate) fn monotonic_ns() -> u64 {
    let base = BASE.get_or_init(Instant::now);
    let since = Instant::now().saturating_duration_since(*base);
    // Fits for 584 years. Not `as_nanos`: that computes in 128 bits.
    since
        .as_secs()
        .wrapping_mul(1_000_000_000)
        .wrapping_add(u64::from(since.subsec_nanos()))
}

/// The moment that [`monotonic_ns`] gave as this number; the same number is always the same moment.
pub(crate) fn instant_of(monotonic_ns: u64) -> Instant {
    let base = *BASE.get_or_init(Instant::now);
    base.checked_add(Duration::from_nanos(monotonic_ns))
        .unwrap_or(base)
}

/// What to add to [`monotonic_ns`] for nanoseconds since 1970.
#[inline]
pub(crate) fn wall_offset_ns() -> i64 {
    match WALL_OFFSET_NS.load(Ordering::Relaxed) {
        0 => refresh_wall_clock(),
        offset => offset,
    }
}

/// Reads the wall clock again; returns the new offset.
pub(crate) fn refresh_wall_clock() -> i64 {
    let monotonic = i64::try_from(monotonic_ns()).unwrap_or(i64::MAX);
    let offset = unix_ns_of(SystemTime::now()).saturating_sub(monotonic);
    WALL_OFFSET_NS.store(offset, Ordering::Relaxed);
    offset
}

/// A wall-clock time as nanoseconds since 1970, negative before it.
pub(crate) fn unix_ns_of(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}
