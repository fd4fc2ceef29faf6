//! Requests, as they come in.

use std::io::Read;

use serde_json::Value;

/// A head or a line longer than this is no request of ours.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// A request, its body as it was sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// Counted over all connections, from 0.
    pub number: usize,
    /// The number of its connection, from 0.
    pub connection: usize,
    /// `POST /1/batch/d HTTP/1.1`.
    pub line: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// Still compressed, if it was.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The events of a body that is not compressed; none when it is no array.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The field `n` of each event that has one.
    #[must_use]
    pub fn numbers(&self) -> Vec<i64> {
        self.events()
            .iter()
            .filter_map(|event| event["data"]["n"].as_i64())
            .collect()
    }

    /// Reads the head; the body's length with it. `None` at the end of the connection, or when it is no request.
    pub(super) fn read_head(connection: usize, stream: &mut impl Read) -> Option<(Self, usize)> {
        let mut head = Vec::new();
        // A byte at a time: what comes behind must stay where it is, for a reset is only one while something is unread.
        while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD_BYTES {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let request = Self {
            number: 0,
            connection,
            line: lines.next()?.to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
            body: Vec::new(),
        };
        let length = request
            .header("content-length")
            .unwrap_or("0")
            .parse()
            .ok()?;
        Some((request, length))
    }
}
