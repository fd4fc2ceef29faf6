//! What honey's own tests share: a server that misbehaves as told, and a look at the threads of this process.

pub mod addresses;
mod example;
mod log;
mod server;
mod still;
mod threads;
mod tls;

pub use example::example;
pub use log::Logs;
pub use server::{Act, Answer, Greeting, Request, Server};
pub use still::unless_it_stands_still;
pub use threads::{honey_threads, until};
pub use tls::Certificate;
