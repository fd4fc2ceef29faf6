//! What a script can say.

use std::time::Duration;

use super::Request;

/// What to do about a connection, before anything is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// Read requests, and ask the script about each.
    Serve,
    /// The end, without a word.
    Close,
    /// These bytes whatever comes, then the end, once the client has said something.
    Say(&'static [u8]),
    /// Never read, never write, as long as the server lives.
    Stall,
    /// Read so many bytes, then reset the connection while more is on its way.
    ReadThenReset(usize),
}

/// What to do about a request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Answers, and keeps the connection.
    Answer(Answer),
    /// Answers as if the connection were kept, and closes it: it dies while nobody uses it.
    AnswerThenClose(Answer),
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes, then a reset.
    Reset(Vec<u8>),
    /// `head` at once, then `slowly` a byte at a time, as long as the client waits.
    Trickle {
        /// May be nothing.
        head: Vec<u8>,
        /// The rest.
        slowly: Vec<u8>,
        /// Before each byte.
        pause: Duration,
    },
    /// `head`, then `piece` again and again, up to `most_bytes` or until the client goes.
    Flood {
        /// Sent once.
        head: Vec<u8>,
        /// Sent repeatedly.
        piece: Vec<u8>,
        /// Of all pieces together.
        most_bytes: u64,
    },
    /// Nothing, as long as the client waits.
    Hang,
}

impl Act {
    /// A status and a body.
    #[must_use]
    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Act::Answer(Answer::new(status, body))
    }

    /// 202 for each event.
    #[must_use]
    pub fn accept(request: &Request) -> Self {
        Act::Answer(Answer::accept(request))
    }

    /// The end of the connection, without a word.
    #[must_use]
    pub fn close() -> Self {
        Act::Bytes(Vec::new())
    }
}

/// An answer with its length given.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A status and a body.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: String::new(),
            body: body.into(),
        }
    }

    /// 202 for each event.
    #[must_use]
    pub fn accept(request: &Request) -> Self {
        let elements = vec![r#"{"status":202}"#; request.events().len()];
        Self::new(200, format!("[{}]", elements.join(",")))
    }

    /// One more header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.lines(&format!("{name}: {value}\r\n"))
    }

    /// More of the head as it stands, which need not be headers.
    #[must_use]
    pub fn lines(mut self, lines: &str) -> Self {
        self.headers.push_str(lines);
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let (status, headers, length) = (self.status, &self.headers, self.body.len());
        let mut bytes = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n")
            .into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
