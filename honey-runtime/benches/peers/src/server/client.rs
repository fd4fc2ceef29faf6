//! Asking the server what it has counted.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::ops::Sub;

use serde_json::Value;

use crate::peer::Result;

/// What the server has counted since it started, or between two moments.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    pub(crate) events: u64,
    pub(crate) requests: u64,
    pub(crate) body_bytes: u64,
    pub(crate) refused: u64,
    pub(crate) cpu_us: u64,
}

impl Sub for Counted {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            events: self.events - before.events,
            requests: self.requests - before.requests,
            body_bytes: self.body_bytes - before.body_bytes,
            refused: self.refused - before.refused,
            cpu_us: self.cpu_us - before.cpu_us,
        }
    }
}

/// What the server at this URL has counted so far.
pub(crate) fn stats(url: &str) -> Result<Counted> {
    let address = url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address)?;
    write!(connection, "GET /stats HTTP/1.1\r\nhost: {address}\r\n\r\n")?;
    connection.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let stats: Value = serde_json::from_str(body)?;
    let number = |key: &str| stats[key].as_u64().unwrap_or(0);
    Ok(Counted {
        events: number("events"),
        requests: number("requests"),
        body_bytes: number("body_bytes"),
        refused: number("refused"),
        cpu_us: number("cpu_us"),
    })
}
