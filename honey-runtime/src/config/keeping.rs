//! What is decided about events after they have ended.

use std::sync::Arc;

use super::Config;
use crate::outgoing::Outgoing;
use crate::sampling::TailRules;

impl Config {
    /// Holds the events of each trace until its outermost event in this process has ended, then keeps or drops them together, by
    /// these rules. By default nothing is held, and what the head kept is sent.
    ///
    /// Costs the program's threads nothing; see [`TailRules`] for what is held, how much and how long, and
    /// [`sampling`](crate::sampling) for how it goes with [`sample_rate`](Config::sample_rate).
    ///
    /// ```
    /// use std::time::Duration;
    /// use honey::sampling::TailRules;
    ///
    /// let config = honey::Config::new("key").service_name("shop").tail(
    ///     TailRules::new()
    ///         .keep_errors()
    ///         .keep_slower_than(Duration::from_millis(500))
    ///         .otherwise(20),
    /// );
    /// ```
    pub fn tail(mut self, rules: TailRules) -> Self {
        self.tail = Some(Box::new(rules));
        self
    }

    /// Shows each event that is about to be sent to `look`, which may change its fields or discard it: the last place where
    /// something private can be taken out, whoever recorded it.
    ///
    /// It is called once for each event that sampling kept, on honey's own thread; events made inside are not recorded. While
    /// it runs nothing is sent: let it take a microsecond, not a request to somewhere. What is read costs a comparison of names, the
    /// first change of an event a copy of it. When it panics, that event is **not sent**, since what it would have taken out must not
    /// leave: it is dropped as [`DropReason::BeforeSend`](crate::DropReason::BeforeSend), counted in `Stats::user_panics`, and said.
    /// (With `panic = "abort"` a panic ends the program, as any does.) Called again, the last function counts.
    ///
    /// ```
    /// let config = honey::Config::new("key").service_name("shop").before_send(|event| {
    ///     event.redact("user.email");
    ///     event.remove("http.request.header.cookie");
    ///     if event.name() == Some("healthz") {
    ///         event.discard();
    ///     }
    /// });
    /// ```
    pub fn before_send(mut self, look: impl Fn(&mut Outgoing<'_>) + Send + Sync + 'static) -> Self {
        self.before_send = Some(Arc::new(look));
        self
    }
}
