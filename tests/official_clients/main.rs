//! Honeycomb's own clients (libhoney from `PyPI` and from npm, and the beeline for Python) and honey-runtime against honey-local, so that both of ours are held
//! to what the official ones send and understand. Installing those needs the network, hence `HONEY_OFFICIAL_CLIENTS=1`:
//!
//! ```text
//! HONEY_OFFICIAL_CLIENTS=1 cargo test --test official_clients
//! ```
//!
//! Without it, honey-runtime alone sends the corpus, and is compared with the definition.
#![expect(clippy::unwrap_used, reason = "a failed step ends the test")]

use honey_test_support as _;

mod beeline;
mod client;
mod compare;
mod corpus;
mod dataset_names;
mod headers;
mod ours;
mod outcomes;
mod page;
mod sent;
mod values;
