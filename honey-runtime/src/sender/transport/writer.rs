//! Events as lines of JSON: `{"dataset":"…","data":{…},"samplerate":n,"time":"…"}`.

use std::io::Write;

use super::Reply;
use crate::isolate;
use crate::sender::encode::{self, Body};

/// A writer that gets one line for each event.
pub(in crate::sender) struct Lines<W> {
    writer: W,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    pub(in crate::sender) fn new(writer: W) -> Self {
        Self {
            writer,
            line: Vec::new(),
        }
    }

    /// Writes and flushes a batch's events. The writer is the user's code: its panic is an error like another.
    pub(in crate::sender) fn write(&mut self, dataset: &str, body: &Body) -> Reply {
        let mut written = 0;
        let result = isolate::run(|| {
            for place in 0..body.len() {
                self.line.clear();
                encode::line(&mut self.line, dataset, body.piece(place));
                self.writer.write_all(&self.line)?;
                written += 1;
            }
            self.writer.flush()
        });
        let error = match result {
            Some(Ok(())) => None,
            Some(Err(error)) => Some(error.to_string()),
            None => Some("the writer panicked".to_owned()),
        };
        Reply::Written {
            events: written,
            error,
        }
    }
}
