//! A local Honeycomb: a strict server for the Events API, for development, examples and tests.
//!
//! [`Server`] listens on a loopback port, reads what an application sends as Honeycomb reads it, refuses what
//! Honeycomb documents as refused, and keeps what it took for a test to look at. [`tree::render`] draws the
//! traces among the received events. The program `honey-local` is the two together, on a terminal.
//!
//! The server shares no code with any sender: it is a second reader of the protocol, so that a mistake in an
//! encoder shows instead of being read back the way it was written. Trees are drawn by honey's renderer, and
//! `honey-local send` replays recorded events with honey's own sender.
//!
//! ```
//! use honey_local::tree::{self, TreeOptions};
//!
//! let server = honey_local::Server::start()?;
//! // … point an application at `server.url()`, with any API key …
//! println!("{}", tree::render(&server.events(), &TreeOptions::default()));
//! # Ok::<(), std::io::Error>(())
//! ```
#![forbid(unsafe_code)]

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(honey_fuzz)]
#[doc(hidden)]
pub mod fuzzing;
mod protocol;
mod received;
mod server;

#[doc(hidden)]
pub mod program;
pub mod tree;

pub use protocol::{KnownKey, Marker};
pub use received::{ApiKey, Dataset, Event, Headers, Request};
pub use server::{Answer, Server, ServerBuilder, Timeout};
