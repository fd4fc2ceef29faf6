//! Servers: `honey::tower::EventLayer` around axum and around bare services, in process and over real connections.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use honey_test_support as _;

mod bodies;
mod clients;
mod connections;
mod endings;
mod example;
mod requests;
mod rig;
mod services;
