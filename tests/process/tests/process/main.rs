//! honey in real processes, with real faults: what arrived at the server, and the balance that each process printed at its end.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod endings;
mod forks;
mod held;
mod shortages;
mod support;
