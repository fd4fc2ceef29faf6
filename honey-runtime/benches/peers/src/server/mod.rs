//! A server that takes what the peers send as fast as it can: it reads bodies, unpacks them, counts the events, and answers
//! as each protocol wants. `GET /stats` tells what it has counted.

mod client;
mod count;
mod http;

use std::io::{self, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

pub(crate) use client::{Counted, stats};
use http::Request;

use crate::peer::Result;
use crate::usage;

#[derive(Default)]
struct Totals {
    events: AtomicU64,
    requests: AtomicU64,
    /// As they came over the wire.
    body_bytes: AtomicU64,
    /// Once unpacked.
    raw_bytes: AtomicU64,
    /// Requests that made no sense.
    refused: AtomicU64,
}

/// Serves for as long as whoever started it holds its standard input open; prints its URL first.
pub(crate) fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    std::thread::spawn(|| {
        // Whatever ends it, that is the end.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    io::stdout().flush()?;
    let totals = Arc::new(Totals::default());
    for connection in listener.incoming() {
        let (connection, totals) = (connection?, Arc::clone(&totals));
        std::thread::spawn(move || {
            // A connection that breaks is the client's to notice.
            let _ = answer_all(&connection, &totals);
        });
    }
    Ok(())
}

fn answer_all(connection: &TcpStream, totals: &Totals) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(1 << 18, connection);
    let mut writer = connection;
    let mut request = Request::default();
    while request.read(&mut reader)? {
        let (content_type, answer) = totals.answer(&mut request);
        write!(
            writer,
            "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        )?;
        writer.write_all(&answer)?;
    }
    Ok(())
}

impl Totals {
    fn answer(&self, request: &mut Request) -> (&'static str, Vec<u8>) {
        if request.path == "/stats" {
            return ("application/json", self.to_json().to_string().into_bytes());
        }
        let wire_bytes = request.body.len() as u64;
        let is_otlp = request.path == "/v1/traces";
        let body = request.unpacked();
        let events = match body {
            Some(body) if is_otlp => count::spans(body),
            Some(body) => Some(count::events(body)),
            None => None,
        };
        let Some(events) = events else {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return ("application/json", b"[]".to_vec());
        };
        let raw_bytes = body.map_or(0, <[u8]>::len) as u64;
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.events.fetch_add(events as u64, Ordering::Relaxed);
        self.body_bytes.fetch_add(wire_bytes, Ordering::Relaxed);
        self.raw_bytes.fetch_add(raw_bytes, Ordering::Relaxed);
        if is_otlp {
            // An ExportTraceServiceResponse without partial success has no bytes.
            ("application/x-protobuf", Vec::new())
        } else {
            ("application/json", statuses(events))
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "events": self.events.load(Ordering::Relaxed),
            "requests": self.requests.load(Ordering::Relaxed),
            "body_bytes": self.body_bytes.load(Ordering::Relaxed),
            "raw_bytes": self.raw_bytes.load(Ordering::Relaxed),
            "refused": self.refused.load(Ordering::Relaxed),
            "cpu_us": u64::try_from(usage::of_process().cpu.as_micros()).unwrap_or(u64::MAX),
        })
    }
}

/// `[{"status":202},…]`, one for each event.
fn statuses(events: usize) -> Vec<u8> {
    const STATUS: &[u8] = br#"{"status":202},"#;
    let mut answer = Vec::with_capacity(events * STATUS.len() + 2);
    answer.push(b'[');
    for _ in 0..events {
        answer.extend_from_slice(STATUS);
    }
    if events > 0 {
        answer.pop();
    }
    answer.push(b']');
    answer
}

/// A server in a process of its own, so that its CPU time is not the client's. It ends with this.
pub(crate) struct Server {
    process: Child,
    _stdout: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdout = BufReader::new(process.stdout.take().ok_or("no output")?);
        let mut url = String::new();
        io::BufRead::read_line(&mut stdout, &mut url)?;
        Ok(Self {
            process,
            _stdout: stdout,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If it is gone already, all the better.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
