//! The matrix of docs/reliability.md: each fault made to happen, through the public face. Every test ends with the balance exact,
//! nothing pending, and none of honey's threads left.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod data;
mod lifecycle;
mod load;
mod network;
mod outages;
mod proxy;
mod rig;
mod tls;
mod user_code;
