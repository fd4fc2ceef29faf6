//! Servers: `honey::tower::EventLayer` around axum and around bare services, in process and over real connections.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bodies;
mod connections;
mod endings;
mod requests;
mod rig;
mod services;
