//! Python's `json` as the other reader: one process for all batches, asked and answered by pipes.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::canonical;
use crate::given::GivenEvent;

/// What the wire is to say of one event.
#[derive(Serialize)]
pub(crate) struct Expected {
    data: Json,
    /// None for a timed event: its time is its own.
    time_ns: Option<String>,
    rate: u32,
}

impl Expected {
    pub(crate) fn new(given: &GivenEvent, data: &Map<String, Json>) -> Self {
        Self {
            data: canonical::object(data),
            time_ns: (!given.is_timed).then(|| given.time_ns.to_string()),
            rate: given.rate,
        }
    }
}

/// The process; none where there is no Python.
pub(crate) struct Python(Option<(Child, ChildStdin, BufReader<ChildStdout>)>);

impl Python {
    pub(crate) fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/encoder/read.py");
        let started = Command::new("python3")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else {
            let _ = writeln!(
                std::io::stderr(),
                "NOT RUN: the comparison with Python's json; there is no python3"
            );
            return Self(None);
        };
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self(Some((child, input, BufReader::new(output))))
    }

    /// Lets Python read a request's body; the error says what it found instead.
    pub(crate) fn check(&mut self, body: &[u8], expected: &[Expected]) -> Result<(), String> {
        let Some((_, input, output)) = &mut self.0 else {
            return Ok(());
        };
        let expected = serde_json::to_vec(expected).unwrap();
        writeln!(input, "{} {}", body.len(), expected.len()).unwrap();
        input.write_all(body).unwrap();
        input.write_all(&expected).unwrap();
        input.flush().unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        match answer.trim() {
            "ok" => Ok(()),
            why => Err(format!("Python: {why}")),
        }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        if let Some((mut child, input, _)) = self.0.take() {
            drop(input);
            let _ = child.wait();
        }
    }
}
