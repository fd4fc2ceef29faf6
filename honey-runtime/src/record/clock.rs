//! One monotonic clock for the process, and how far the wall clock is from it.
//!
//! An event reads the monotonic clock only; its wall time is that plus an offset that its local root took once, so that a step
//! of the wall clock never disorders a trace. The sweep refreshes the offset.

#[cfg(feature = "fast-clock")]
use std::sync::atomic::AtomicU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::sync::OnceRef;

/// Wall clock (ns since 1970) minus monotonic clock; 0 = not read yet.
static WALL_OFFSET_NS: AtomicI64 = AtomicI64::new(0);

/// Nanoseconds since the process first asked.
#[cfg(not(feature = "fast-clock"))]
#[inline]
pub(crate) fn monotonic_ns() -> u64 {
    static BASE: OnceRef<Instant> = OnceRef::new();
    ns_since(*BASE.get_or_make(Instant::now))
}

#[inline]
fn ns_since(base: Instant) -> u64 {
    let since = Instant::now().saturating_duration_since(base);
    // Fits for 584 years. Not `as_nanos`: that computes in 128 bits.
    since
        .as_secs()
        .wrapping_mul(1_000_000_000)
        .wrapping_add(u64::from(since.subsec_nanos()))
}

/// The same by the processor's counter where that ticks evenly, else by the system's clock. The first call finds out how long a tick
/// is, which takes 10 to 20 ms, 200 at most. 0 for a reading that is before the first.
#[cfg(feature = "fast-clock")]
#[inline]
pub(crate) fn monotonic_ns() -> u64 {
    static BASE: OnceRef<Base> = OnceRef::new();
    match BASE.get_or_make(Base::find) {
        Base::Counter(clock, base) => clock.delta_as_nanos(*base, clock.raw()),
        Base::System(base) => ns_since(*base),
    }
}

/// Which clock counts, and its first reading.
#[cfg(feature = "fast-clock")]
enum Base {
    Counter(quanta::Clock, u64),
    System(Instant),
}

#[cfg(feature = "fast-clock")]
impl Base {
    /// A child process takes the system's clock, when a thread of its parent was finding out about the counter during the fork:
    /// quanta would wait for that thread.
    fn find() -> Self {
        static FOUND_OUT_BY: AtomicU32 = AtomicU32::new(0);
        let here = std::process::id();
        let others = FOUND_OUT_BY.swap(here, Ordering::Relaxed);
        if others != 0 && others != here {
            return Self::System(Instant::now());
        }
        let clock = quanta::Clock::new();
        let base = clock.raw();
        Self::Counter(clock, base)
    }
}

/// The moment that [`monotonic_ns`] gave as this number; the same number is always the same moment.
pub(crate) fn instant_of(at_ns: u64) -> Instant {
    static KNOWN: OnceRef<(Instant, u64)> = OnceRef::new();
    let (known, known_ns) = *KNOWN.get_or_make(|| (Instant::now(), monotonic_ns()));
    let later = known.checked_add(Duration::from_nanos(at_ns.saturating_sub(known_ns)));
    let earlier = Duration::from_nanos(known_ns.saturating_sub(at_ns));
    later
        .and_then(|moment| moment.checked_sub(earlier))
        .unwrap_or(known)
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::monotonic_ns;

    #[test]
    fn the_clock_goes_as_the_systems_does() {
        let mut last_ns = monotonic_ns();
        let (before, first_ns, began) = (Instant::now(), monotonic_ns(), Instant::now());
        while began.elapsed() < Duration::from_millis(50) {
            let now_ns = monotonic_ns();
            // A thread moves between processors, whose counters may differ by less than this.
            assert!(now_ns + 10_000 >= last_ns, "{last_ns} then {now_ns}");
            last_ns = now_ns;
        }
        let least = began.elapsed().as_nanos();
        let ours = u128::from(monotonic_ns() - first_ns);
        let most = before.elapsed().as_nanos();
        let slack = 1_000_000;
        assert!(ours + slack >= least * 99 / 100, "{ours} of {least}");
        assert!(ours <= most * 101 / 100 + slack, "{ours} of {most}");
    }
}
