//! One monotonic clock for the process, and how far the wall clock is from it.
//!
//! An event reads the monotonic clock only; its wall time is that plus an offset that its local root took once, so that a step
//! of the wall clock never disorders a trace. The sweep refreshes the offset.

use std::hash::{Hash as _, Hasher};
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
    static BASE: OnceRef<SystemBase> = OnceRef::new();
    BASE.get_or_make(|| SystemBase::at(Instant::now()))
        .ns_until(Instant::now())
}

/// Where nanoseconds are counted from.
struct SystemBase {
    moment: Instant,
    /// The number that it shows; `None`: what moments show is no time here.
    shown_ns: Option<u64>,
}

impl SystemBase {
    fn at(moment: Instant) -> Self {
        // A difference of each kind: in the seconds, in the nanoseconds, and with a carry from one to the other.
        let differences = [1, 999_999_999, 1_000_000_000, 123_456_789_012_345];
        let shows = |ns| {
            let later = moment.checked_add(Duration::from_nanos(ns));
            later.is_some_and(|later| Shown::by(later).wrapping_sub(Shown::by(moment)) == ns)
        };
        Self {
            moment,
            shown_ns: differences
                .into_iter()
                .all(shows)
                .then(|| Shown::by(moment)),
        }
    }

    #[inline]
    fn ns_until(&self, now: Instant) -> u64 {
        match self.shown_ns {
            Some(shown_ns) => Shown::by(now).saturating_sub(shown_ns),
            None => self.ns_until_slowly(now),
        }
    }

    #[cold]
    fn ns_until_slowly(&self, now: Instant) -> u64 {
        // Fits for 584 years.
        u64::try_from(now.saturating_duration_since(self.moment).as_nanos()).unwrap_or(u64::MAX)
    }
}

/// The number in an `Instant`, which it keeps to itself but for hashing: seconds and nanoseconds, one after the other. Computing with
/// it costs a tenth of what `duration_since` does. [`SystemBase::at`] looks whether it is that.
struct Shown(u64);

impl Shown {
    #[inline]
    fn by(moment: Instant) -> u64 {
        let mut shown = Self(0);
        moment.hash(&mut shown);
        shown.0
    }
}

impl Hasher for Shown {
    #[inline]
    fn write_u64(&mut self, seconds: u64) {
        self.0 = self.0.wrapping_add(seconds.wrapping_mul(1_000_000_000));
    }

    #[inline]
    #[expect(clippy::cast_sign_loss, reason = "counted modulo 2^64 anyway")]
    fn write_i64(&mut self, seconds: i64) {
        self.write_u64(seconds as u64);
    }

    #[inline]
    fn write_u32(&mut self, nanoseconds: u32) {
        self.0 = self.0.wrapping_add(u64::from(nanoseconds));
    }

    /// Nothing that is known.
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The same by the processor's counter where that ticks evenly, else by the system's clock. The first call finds out how long a tick
/// is, which takes 10 to 20 ms, 200 at most. 0 for a reading that is before the first.
#[cfg(feature = "fast-clock")]
#[inline]
pub(crate) fn monotonic_ns() -> u64 {
    static BASE: OnceRef<Base> = OnceRef::new();
    match BASE.get_or_make(Base::find) {
        Base::Counter(clock, base) => clock.delta_as_nanos(*base, clock.raw()),
        Base::System(base) => base.ns_until(Instant::now()),
    }
}

/// Which clock counts, and its first reading.
#[cfg(feature = "fast-clock")]
enum Base {
    Counter(quanta::Clock, u64),
    System(SystemBase),
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
            return Self::System(SystemBase::at(Instant::now()));
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
    use super::{Shown, SystemBase};

    /// On the systems that these tests run on, the number is shown. With it or without, the same comes out.
    #[test]
    fn an_instants_number_counts_as_its_difference_does() {
        let begun = Instant::now();
        let base = SystemBase::at(begun);
        assert_eq!(base.shown_ns, Some(Shown::by(begun)));
        let slow = SystemBase {
            moment: begun,
            shown_ns: None,
        };
        for ns in [0, 1, 999_999_999, 1_000_000_001, 86_400_000_000_000] {
            let later = begun + Duration::from_nanos(ns);
            assert_eq!((base.ns_until(later), slow.ns_until(later)), (ns, ns));
        }
        let earlier = begun.checked_sub(Duration::from_nanos(1));
        assert_eq!(earlier.map(|earlier| base.ns_until(earlier)), Some(0));
    }

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
