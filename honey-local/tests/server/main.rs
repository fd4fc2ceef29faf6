//! The server over real HTTP, from a client that is a plain TCP connection.
#![expect(clippy::unwrap_used, reason = "a failed step ends the test")]

mod auth;
mod client;
mod connections;
mod datasets;
mod limits;
mod prepared_answers;
mod refusals;
mod single;
mod times;
mod waiting;

use client::{Client, post};
use honey_local::Server;

/// A server and a connection to it.
fn pair() -> (Server, Client) {
    let server = Server::start().unwrap();
    let client = Client::connect(&server);
    (server, client)
}
