//! Events silenced or sampled at run time, by their name or module: `db::*=off, cache=1/100`.

mod parse;
mod pattern;

use crate::sync::{AtomicBool, AtomicU32, AtomicU64, Ordering};
pub(crate) use parse::FilterError;
use pattern::Pattern;

/// What the directives of one client say; the last one that fits an event counts.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Its own in this process; 0 for one without directives.
    id: u32,
    directives: Vec<Directive>,
}

#[derive(Debug)]
struct Directive {
    pattern: Pattern,
    verdict: Verdict,
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its annotation and the client's settings decide.
    AsAnnotated,
    /// It is none: the function runs as if it had no annotation.
    Off,
    /// 1 in this many is kept, in the place of the annotation's or the client's rate.
    OneIn(u32),
}

static NEXT_ID: AtomicU32 = AtomicU32::new(1);
/// Set by the first filter with directives: what a call looks at that does not know its client yet.
static ANY: AtomicBool = AtomicBool::new(false);

/// Whether there is, or was, a client with directives.
#[inline]
pub(crate) fn any() -> bool {
    ANY.load(Ordering::Relaxed)
}

impl Filter {
    /// Reads lists of directives; what stands later wins.
    pub(crate) fn parse<'a>(lists: impl IntoIterator<Item = &'a str>) -> Result<Self, FilterError> {
        let mut directives = Vec::new();
        for list in lists {
            parse::directives(list, &mut directives)?;
        }
        if directives.is_empty() {
            return Ok(Self::default());
        }
        ANY.store(true, Ordering::Relaxed);
        Ok(Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            directives,
        })
    }

    /// What becomes of events with this name, from this module if that is known.
    fn judge(&self, name: &str, module: Option<&str>) -> Verdict {
        let path = module.map(|module| format!("{module}::{name}"));
        let fitting = self.directives.iter().rev().find(|directive| {
            directive
                .pattern
                .fits(name, path.as_deref().unwrap_or(name))
        });
        fitting.map_or(Verdict::AsAnnotated, |directive| directive.verdict)
    }

    /// The same for an event that has no place to keep the verdict.
    #[inline]
    pub(crate) fn judge_name(&self, name: &str) -> Verdict {
        if self.id == 0 {
            return Verdict::AsAnnotated;
        }
        self.judge(name, None)
    }

    /// The same for one whose module is known.
    #[cfg(feature = "tracing")]
    pub(crate) fn judge_name_in(&self, name: &str, module: &str) -> Verdict {
        if self.id == 0 {
            return Verdict::AsAnnotated;
        }
        self.judge(name, Some(module))
    }
}

/// A filter's verdict, kept where it is asked for again and again. Several clients with filters take turns in it.
#[derive(Debug)]
pub(crate) struct KeptVerdict(AtomicU64);

impl KeptVerdict {
    pub(crate) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// What becomes of this event: without directives a comparison, with some a load and another.
    #[inline]
    pub(crate) fn of(&self, filter: &Filter, name: &str, module: &str) -> Verdict {
        if filter.id == 0 {
            return Verdict::AsAnnotated;
        }
        let kept = self.0.load(Ordering::Relaxed);
        if kept >> 32 == u64::from(filter.id) {
            return Verdict::unpacked(kept);
        }
        self.find(filter, name, module)
    }

    #[cold]
    fn find(&self, filter: &Filter, name: &str, module: &str) -> Verdict {
        let verdict = filter.judge(name, Some(module));
        let packed = u64::from(filter.id) << 32 | u64::from(verdict.packed());
        self.0.store(packed, Ordering::Relaxed);
        verdict
    }
}

impl Verdict {
    /// No rate that can be written comes near it.
    const OFF: u32 = u32::MAX;

    /// The rate it gives, if it gives one.
    #[inline]
    pub(crate) fn rate(self) -> Option<u32> {
        match self {
            Verdict::OneIn(rate) => Some(rate),
            Verdict::AsAnnotated | Verdict::Off => None,
        }
    }

    fn packed(self) -> u32 {
        match self {
            Verdict::AsAnnotated => 0,
            Verdict::OneIn(rate) => rate,
            Verdict::Off => Self::OFF,
        }
    }

    fn unpacked(kept: u64) -> Self {
        match u32::try_from(kept & u64::from(u32::MAX)) {
            Ok(0) | Err(_) => Verdict::AsAnnotated,
            Ok(Self::OFF) => Verdict::Off,
            Ok(rate) => Verdict::OneIn(rate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(list: &str) -> Filter {
        Filter::parse([list]).unwrap_or_else(|error| unreachable!("{error}"))
    }

    #[test]
    fn the_last_directive_that_fits_counts() {
        let filter = filter("db::*=off, cache=1/100, db::pool=on, query = 1/7");
        for (module, name, verdict) in [
            ("db", "connect", Verdict::Off),
            ("db::rows", "read", Verdict::Off),
            ("db::pool", "take", Verdict::AsAnnotated),
            ("db::pool::inner", "take", Verdict::AsAnnotated),
            ("db", "query", Verdict::OneIn(7)),
            ("app", "cache", Verdict::OneIn(100)),
            ("cache", "look_up", Verdict::OneIn(100)),
            ("app::cache", "look_up", Verdict::AsAnnotated),
            ("dbx", "look_up", Verdict::AsAnnotated),
        ] {
            assert_eq!(
                filter.judge(name, Some(module)),
                verdict,
                "{module}::{name}"
            );
        }
        assert_eq!(filter.judge_name("query"), Verdict::OneIn(7));
    }

    #[test]
    fn a_verdict_is_kept_for_its_filter_alone() {
        let (off, rare, empty) = (filter("f=off"), filter("f=1/5"), Filter::default());
        let kept = KeptVerdict::new();
        for _ in 0..2 {
            assert_eq!(kept.of(&off, "f", "m"), Verdict::Off);
            assert_eq!(kept.of(&rare, "f", "m"), Verdict::OneIn(5));
            assert_eq!(kept.of(&empty, "f", "m"), Verdict::AsAnnotated);
        }
    }

    #[test]
    fn later_lists_win_and_empty_ones_cost_nothing() {
        let both = Filter::parse(["a=off", "a=1/2"]).unwrap_or_default();
        assert_eq!(both.judge("a", None), Verdict::OneIn(2));
        assert_eq!(
            Filter::parse(["", " , "]).map(|filter| filter.id).ok(),
            Some(0)
        );
    }
}
