//! `honey-local send`: events that were written as lines of JSON, sent to a server.

mod line;
mod options;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::process::ExitCode;
use std::time::Duration;

use honey::{Client, Config, Outcome, Responses};

use super::{cannot_start, say};
use line::{Line, Lines};
pub(super) use options::{Options, read};

/// Not everything arrived.
const NOT_ALL: u8 = 1;
/// How long a line waits for room among those on their way.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// For what is on its way when the file ends: longer than honey tries any event.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(90);
/// The largest event that Honeycomb takes.
const MAX_EVENT_BYTES: usize = 1_000_000;
/// Troubles told one by one, of each kind; the rest is only counted.
const MOST_TOLD: u64 = 10;
/// The metadata that says which line an event came from.
const LINE: &str = "line";

/// Sends the file, and says whether all of it arrived.
pub(super) fn run(options: &Options) -> ExitCode {
    let file: Box<dyn BufRead> = if options.file == "-" {
        Box::new(io::stdin().lock())
    } else {
        match File::open(&options.file) {
            Ok(file) => Box::new(BufReader::new(file)),
            Err(error) => return cannot_start(&format!("cannot open {}: {error}", options.file)),
        }
    };
    let config = Config::new(&options.key)
        .api_host(&options.to)
        .max_event_bytes(MAX_EVENT_BYTES)
        .block_on_send(PATIENCE)
        .block_on_response(true)
        .user_agent_addition(concat!("honey-local/", env!("CARGO_PKG_VERSION")))
        // Each line has its own; a classic key does not start without one.
        .dataset("replayed");
    match Client::new(config) {
        Ok(client) => send(file, options, &client),
        Err(error) => cannot_start(&error.to_string()),
    }
}

fn send(file: Box<dyn BufRead>, options: &Options, client: &Client) -> ExitCode {
    let responses = client.responses();
    // Events are sent here and their outcomes told there: neither waits for the other.
    let teller = std::thread::spawn(move || tell(&responses));
    let mut sent = Sent::default();
    for (number, read) in Lines::new(file) {
        match read {
            Ok(line) => sent.line(client, number, line, options.dataset.as_deref()),
            Err(why) => sent.bad(number, &why),
        }
    }
    let stats = client.close(CLOSE_TIMEOUT).stats;
    // Ends with the client; a panic of it would have been told by the panic hook.
    let _ = teller.join();
    let arrived = stats.accepted + stats.unconfirmed;
    let lost = stats.created - arrived;
    say(&format!(
        "{arrived} of {} events arrived at {} in {} dataset(s); {} line(s) could not be read, {lost} event(s) were refused or lost",
        stats.created + sent.bad,
        options.to_shown(),
        sent.datasets.len(),
        sent.bad,
    ));
    if sent.bad + lost > 0 {
        NOT_ALL.into()
    } else {
        ExitCode::SUCCESS
    }
}

/// What was read so far.
#[derive(Default)]
struct Sent {
    datasets: BTreeSet<String>,
    bad: u64,
}

impl Sent {
    fn line(&mut self, client: &Client, number: u64, line: Line, dataset: Option<&str>) {
        let dataset = dataset.map(str::to_owned).or(line.dataset);
        let Some(dataset) = dataset.filter(|name| !name.trim().is_empty()) else {
            return self.bad(number, "it names no dataset: give one with --dataset NAME");
        };
        let mut event = client.builder().new_event();
        for (key, value) in line.data.iter() {
            match value {
                serde_json::Value::String(text) => event.add_field(key.clone(), text),
                other => event.add_field(key.clone(), honey::json(other)),
            }
        }
        if let Some(time) = line.time {
            event.set_timestamp(time);
        }
        event.set_sample_rate(line.sample_rate);
        event.set_dataset(dataset.clone());
        event.add_metadata(LINE, number);
        self.datasets.insert(dataset);
        event.send_presampled();
    }

    fn bad(&mut self, number: u64, why: &str) {
        self.bad += 1;
        tell_one(self.bad, &format!("line {number} is skipped: {why}"));
    }
}

/// Tells what became of the events that did not arrive, until the client is closed.
fn tell(responses: &Responses) {
    let mut told = 0;
    loop {
        let response = match responses.recv_timeout(PATIENCE) {
            Ok(response) => response,
            Err(honey::RecvError::Timeout) => continue,
            Err(_) => return,
        };
        if matches!(response.outcome, Outcome::Accepted | Outcome::Unconfirmed) {
            continue;
        }
        told += 1;
        let line = response.metadata::<u64>(LINE).copied().unwrap_or_default();
        let status = response
            .status
            .map_or(String::new(), |status| format!(" ({status})"));
        let words = [response.error, response.body];
        let words: Vec<_> = words.into_iter().flatten().collect();
        tell_one(
            told,
            &format!("line {line} did not arrive{status}: {}", words.join(": ")),
        );
    }
}

fn tell_one(count: u64, text: &str) {
    match count {
        0..=MOST_TOLD => say(&format!("honey-local: {text}")),
        _ if count == MOST_TOLD + 1 => say("honey-local: more of this kind are only counted"),
        _ => {}
    }
}
