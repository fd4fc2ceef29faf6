//! Keeping what matters: rules that decide over whole traces once they have ended, and rates that follow the traffic.
//!
//! Three things decide how much is kept, one after the other.
//! 1. **The head**: [`Config::sample_rate`](crate::Config::sample_rate), an annotation's `sample`, and
//!    [`Config::filter`](crate::Config::filter) decide when an event begins, by a hash of the trace's id. What is left out then costs
//!    next to nothing. Services of a fleet that use the same rate, the beelines among them, keep the same traces.
//! 2. **The tail**: [`TailRules`], given to [`Config::tail`](crate::Config::tail), decide when a trace's outermost event in this process
//!    has ended, knowing all that was recorded. Errors and slow requests are kept, the rest is sampled.
//! 3. **Before it is sent**, [`Config::before_send`](crate::Config::before_send) sees each event that is left, and may change or drop
//!    it.
//!
//! Every event is sent with the right rate: that of the head times that of the tail. So sums and counts over what was kept estimate
//! those over all there was, whatever the rules.
//!
//! ```
//! use std::time::Duration;
//! use honey::sampling::{DynamicRate, Rate, TailRules, When};
//!
//! let config = honey::Config::new("key").service_name("shop").tail(
//!     TailRules::new()
//!         .keep_errors()
//!         .keep_slower_than(Duration::from_millis(500))
//!         .rule(When::field("http.route").is("/healthz"), Rate::none())
//!         .rule(When::root_field("customer.tier").is("enterprise"), 2)
//!         .otherwise(DynamicRate::ema_sample_rate(20).by(["http.route", "http.response.status_code"])),
//! );
//! ```
//!
//! All of it but the head runs on honey's own thread: a call costs the program nothing more. Other processes of the same trace decide
//! for themselves, by their own rules; rules with the same fixed rate keep the same traces everywhere. To decide over a trace as a
//! whole, across processes, send to a [Refinery](https://docs.honeycomb.io/manage-data-volume/refinery/), and leave the tail to it.

mod dynamic;
mod judge;
mod rate;
mod rules;
mod trace;
mod when;

pub use dynamic::{DynamicRate, DynamicSampler};
pub(crate) use judge::{Judge, Judgement, Verdict};
pub use rate::Rate;
pub(crate) use rules::HoldLimits;
pub use rules::TailRules;
pub use trace::Trace;
pub use when::{When, WhenField};
