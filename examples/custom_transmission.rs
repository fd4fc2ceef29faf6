//! A transmission of one's own: an audit log in a file, made safe by `fsync` when somebody waits. Offline; removes its file.
//!
//! ```text
//! cargo run --example custom_transmission
//! ```

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use honey::transmission::{Batch, BatchEvent, Transmission};
use honey::{Client, Config, Outcome};

const TIMEOUT: Duration = Duration::from_secs(5);

/// Writes who did what, a line each; other events are none of its business.
struct AuditLog {
    file: BufWriter<File>,
}

impl AuditLog {
    fn create(path: &Path) -> io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        Ok(Self { file })
    }

    fn write(&mut self, event: &BatchEvent<'_>, who: &str) -> io::Result<()> {
        let fields = event.fields();
        let what = fields.get("action").and_then(|what| what.as_str());
        let (when, what) = (event.time_rfc3339(), what.unwrap_or("?"));
        writeln!(self.file, "{when} {who} {what}")
    }
}

impl Transmission for AuditLog {
    /// On honey's own thread, so it may block. Each event gets an outcome; what gets none would be dropped, and counted.
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        for event in batch.events() {
            let fields = event.fields();
            let Some(who) = fields.get("user").and_then(|who| who.as_str()) else {
                event.reject(None, "an audit log wants to know who did it");
                continue;
            };
            if let Err(error) = self.write(&event, who) {
                event.fail(error);
            }
        }
        // Nothing is certain before it has left the buffer.
        let written = self.file.flush();
        for event in batch.unsettled() {
            match &written {
                Ok(()) => event.accept(),
                Err(error) => event.fail(error),
            }
        }
    }

    /// Somebody waits in `flush` or `close`.
    fn flush(&mut self, _timeout: Duration) {
        // A disk that fails here fails the next `send` too, which tells it.
        let _ = self.file.get_ref().sync_data();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("honey-audit-{}.log", std::process::id()));
    let told = run(&path);
    let written = fs::read_to_string(&path);
    fs::remove_file(&path)?;
    let (told, written) = (told?, written?);

    let lines: Vec<_> = written.lines().collect();
    let who_and_what: Vec<_> = lines
        .iter()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let expected = ["ada login", "grace login", "ada delete"];
    if !who_and_what.iter().map(|(_, rest)| *rest).eq(expected) {
        return Err(format!("not what was recorded: {written}").into());
    }
    let mut out = io::stdout();
    writeln!(
        out,
        "{} held:\n\n{written}\nand was removed.\n\n{told}",
        path.display()
    )?;
    Ok(())
}

/// Records four events, one of them without a user, and says what became of them.
fn run(path: &Path) -> Result<String, Box<dyn Error>> {
    // No key: nothing is sent anywhere else.
    let client = Client::new(Config::from_env()?.transmission(AuditLog::create(path)?))?;
    let responses = client.responses();
    for (user, action) in [
        (Some("ada"), "login"),
        (Some("grace"), "login"),
        (None, "tick"),
        (Some("ada"), "delete"),
    ] {
        let mut event = client.builder().new_event();
        event.add_field("action", action);
        event.add_field("user", user);
        event.add_metadata("action", action);
        event.send();
    }
    let report = client.close(TIMEOUT);
    let mut told = report.to_string();
    for response in responses.filter(|response| response.outcome == Outcome::Rejected) {
        let action = response.metadata::<&str>("action");
        let why = response.body.as_deref().unwrap_or_default();
        write!(told, "\nrejected: {action:?}: {why}")?;
    }
    if report.stats.accepted == 3 && report.stats.rejected == 1 && report.stats.is_balanced() {
        Ok(told)
    } else {
        Err(told.into())
    }
}
