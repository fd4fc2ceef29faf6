//! Events as lines of JSON.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use super::{Batch, BatchEvent, Transmission};

/// Lines are gathered up to this many bytes before they are written.
const GATHERED_BYTES: usize = 64 * 1024;

/// Writes each event as one line, `{"time":"…","samplerate":n,"dataset":"…","data":{…}}`, the form of libhoney's `WriterSender`;
/// `samplerate` is there when it is above 1. `honey-local send FILE` sends such lines to a server, with their own times and rates.
///
/// A batch is written in pieces of about 64 KiB and then flushed, so the writer needs no buffer of its own. An event whose line
/// was written and flushed is accepted. When the writer fails, or its other end was closed, the others of the batch are dropped as
/// [`DropReason::Transmission`](crate::DropReason::Transmission) with the error as cause, and the next batch is tried.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use honey::transmission::Writer;
/// use std::time::Duration;
///
/// let path = std::env::temp_dir().join(format!("honey-doc-{}.ndjson", std::process::id()));
/// let config = honey::Config::from_env()?.dataset("shop").transmission(Writer::new(std::fs::File::create(&path)?));
/// let client = honey::Client::new(config)?;
/// let mut event = client.builder().new_event();
/// event.add_field("action", "login");
/// event.send();
/// client.close(Duration::from_secs(5));
///
/// let line: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
/// assert_eq!(line["dataset"], "shop");
/// assert_eq!(line["data"]["action"], "login");
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
pub struct Writer<W> {
    out: W,
    gathered: Vec<u8>,
    /// A failed write left a part of a line behind.
    is_mid_line: bool,
}

impl<W: Write> Writer<W> {
    /// Writes to `writer`: a file, a pipe, a `Vec<u8>`.
    pub fn new(writer: W) -> Self {
        Self {
            out: writer,
            gathered: Vec::new(),
            is_mid_line: false,
        }
    }

    /// Writes the lines of `events` and says how many went out whole, and what stopped it.
    fn write<'b>(
        &mut self,
        events: impl Iterator<Item = BatchEvent<'b>>,
    ) -> (usize, io::Result<()>) {
        let (mut written, mut ends) = (0, Vec::new());
        self.gathered.clear();
        for event in events {
            if self.is_mid_line && self.gathered.is_empty() {
                self.gathered.push(b'\n');
            }
            append_line(&mut self.gathered, &event);
            ends.push(self.gathered.len());
            if self.gathered.len() >= GATHERED_BYTES {
                if let Err(error) = self.put_out(&mut ends, &mut written) {
                    return (written, Err(error));
                }
            }
        }
        let result = self.put_out(&mut ends, &mut written);
        (written, result)
    }

    /// Writes what is gathered, and counts the lines that went out whole.
    fn put_out(&mut self, ends: &mut Vec<usize>, written: &mut usize) -> io::Result<()> {
        let (taken, result) = write_counting(&mut self.out, &self.gathered);
        *written += ends.iter().filter(|end| **end <= taken).count();
        ends.clear();
        if let Some(last) = taken.checked_sub(1) {
            self.is_mid_line = self.gathered[last] != b'\n';
        }
        self.gathered.clear();
        result
    }
}

impl<W: Write + Send> Transmission for Writer<W> {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        let (written, result) = self.write(batch.events());
        // What was written may lie in a buffer: only a flush makes it certain.
        let flushed = self.out.flush();
        for (place, event) in batch.events().enumerate() {
            match (&flushed, &result) {
                (Ok(()), _) if place < written => event.accept(),
                (Err(error), _) | (Ok(()), Err(error)) => event.fail(error),
                (Ok(()), Ok(())) => event.fail("not written"),
            }
        }
    }

    fn flush(&mut self, _timeout: Duration) {}
}

impl<W> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

/// Appends an event as a line.
fn append_line(out: &mut Vec<u8>, event: &BatchEvent<'_>) {
    out.extend_from_slice(br#"{"time":""#);
    out.extend_from_slice(event.time_rfc3339().as_bytes());
    out.push(b'"');
    if event.sample_rate() > 1 {
        out.extend_from_slice(format!(r#","samplerate":{}"#, event.sample_rate()).as_bytes());
    }
    out.extend_from_slice(br#","dataset":"#);
    // Writing a string to memory cannot fail.
    let _ = serde_json::to_writer(&mut *out, event.dataset());
    out.extend_from_slice(br#","data":"#);
    out.extend_from_slice(event.data_json());
    out.extend_from_slice(b"}\n");
}

/// As `write_all`, and says how many bytes were taken in any case.
fn write_counting(writer: &mut impl Write, bytes: &[u8]) -> (usize, io::Result<()>) {
    let mut taken = 0;
    while taken < bytes.len() {
        match writer.write(&bytes[taken..]) {
            Ok(0) => return (taken, Err(ErrorKind::WriteZero.into())),
            Ok(more) => taken = (taken + more).min(bytes.len()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return (taken, Err(error)),
        }
    }
    (taken, Ok(()))
}
