//! HTTP/1.1 by hand: nothing between the test and the bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use honey_local::Server;
use serde_json::Value;

/// Longer than any answer takes; a test fails instead of hanging.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    connection: BufReader<TcpStream>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The text of a request refused as a whole.
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }

    /// The text an event was refused with, or its status.
    pub(crate) fn of_event(&self, index: usize) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        let event = &self.json()[index];
        event["error"]
            .as_str()
            .map_or_else(|| event["status"].to_string(), str::to_owned)
    }
}

impl Client {
    pub(crate) fn connect(server: &Server) -> Self {
        let connection = TcpStream::connect(server.addr()).unwrap();
        connection.set_read_timeout(Some(READ_TIMEOUT)).unwrap();
        // Head and body are two writes; otherwise the second would wait for the first one's acknowledgement.
        connection.set_nodelay(true).unwrap();
        Self {
            connection: BufReader::new(connection),
        }
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.connection.get_mut().write_all(bytes).unwrap();
    }

    /// Sends a request with these headers and no others but `host` and `content-length`.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head.extend([*name, ": ", *value, "\r\n"]);
        }
        self.write((head + "\r\n").as_bytes());
        self.write(body);
        self.read()
    }

    /// Posts a body as a well-behaved client does, with further headers.
    pub(crate) fn post(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let usual = [
            ("X-Honeycomb-Team", "a-key"),
            ("Content-Type", "application/json"),
        ];
        self.send("POST", path, &[&usual, headers].concat(), body.as_ref())
    }

    pub(crate) fn read(&mut self) -> Answer {
        let mut headers = String::new();
        while !headers.ends_with("\r\n\r\n") {
            assert_ne!(
                self.connection.read_line(&mut headers).unwrap(),
                0,
                "connection closed after {headers:?}"
            );
        }
        let headers = headers.to_lowercase();
        let length = headers
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |n| n.parse().unwrap());
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).unwrap();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            headers,
            body: String::from_utf8(body).unwrap(),
        }
    }

    /// True when the server ends the connection.
    pub(crate) fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        self.connection.read_to_end(&mut rest).is_ok() && rest.is_empty()
    }
}

/// One batch over a connection of its own.
pub(crate) fn post(server: &Server, body: impl AsRef<[u8]>) -> Answer {
    Client::connect(server).post("/1/batch/shop", &[], body)
}
