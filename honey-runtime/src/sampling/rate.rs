//! How many traces a rule keeps.

use std::fmt;
use std::sync::Arc;

use super::{DynamicRate, Trace};

/// A user's function that finds a rate.
pub(super) type RateFunction = Arc<dyn Fn(&Trace<'_>) -> Option<u32> + Send + Sync>;

/// How many of the traces that a rule is about are kept. A number is 1 in that many.
///
/// ```
/// use honey::sampling::{Rate, TailRules, When};
///
/// let rules = TailRules::new()
///     .rule(When::named("healthz"), Rate::none())
///     .rule(When::named("checkout"), Rate::all())
///     .otherwise(10);
/// ```
#[derive(Clone)]
pub struct Rate(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    OneIn(u32),
    None,
    Dynamic(DynamicRate, Vec<String>),
    By(RateFunction),
}

impl Rate {
    /// Keeps all: the rate 1.
    #[must_use]
    pub fn all() -> Self {
        Self::one_in(1)
    }

    /// Keeps 1 in `n`, decided by the trace's id, so that processes with the same rate keep the same traces. 0 and 1 keep all.
    #[must_use]
    pub fn one_in(n: u32) -> Self {
        Self(Kind::OneIn(n.max(1)))
    }

    /// Keeps none. Nothing stands for what is left out: counts and sums are too low by it.
    #[must_use]
    pub fn none() -> Self {
        Self(Kind::None)
    }

    /// Asks `function` for the rate of each trace: `Some(n)` keeps 1 in `n`, `None` drops it: the place for a sampler hook as the
    /// beelines have it.
    ///
    /// It runs on honey's thread, which sends nothing meanwhile; events made inside are not recorded. When it panics, the trace is
    /// kept at rate 1.
    ///
    /// ```
    /// use honey::sampling::{Rate, TailRules};
    ///
    /// let rules = TailRules::new().otherwise(Rate::by(|trace| {
    ///     let is_bot = trace.get("user_agent.name").is_some_and(|name| name.to_string().contains("bot"));
    ///     if is_bot { None } else { Some(10) }
    /// }));
    /// ```
    #[must_use]
    pub fn by(function: impl Fn(&Trace<'_>) -> Option<u32> + Send + Sync + 'static) -> Self {
        Self(Kind::By(Arc::new(function)))
    }

    pub(super) fn dynamic(settings: DynamicRate, fields: Vec<String>) -> Self {
        Self(Kind::Dynamic(settings, fields))
    }
}

impl From<u32> for Rate {
    fn from(n: u32) -> Self {
        Self::one_in(n)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::OneIn(n) => write!(f, "1 in {n}"),
            Kind::None => f.write_str("none"),
            Kind::Dynamic(settings, fields) => write!(f, "{settings:?} by {fields:?}"),
            Kind::By(_) => f.write_str("by a function"),
        }
    }
}
