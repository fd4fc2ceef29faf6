//! What honey says when something is wrong: the text of each kind, once, with cause and advice; that nobody is held up by it; and
//! what the stats say of it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and its users panic on purpose"
)]

mod listening;
mod recording;
mod sending;
mod setup;
mod stats;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use honey::{Client, Compression, Config, DiagnosticKind, Event};
use honey_test_support::{Act, Server, until};

const KEY: &str = concat!("honeykey", "4test-diagnostics");
const LONG: Duration = Duration::from_mins(1);

/// What a client says.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<(DiagnosticKind, String)>>>);

impl Said {
    fn hear(&self, config: Config) -> Config {
        let said = Arc::clone(&self.0);
        config.on_diagnostic(move |kind, text| {
            said.lock().unwrap().push((kind, text.to_owned()));
        })
    }

    /// So far.
    fn all(&self) -> Vec<(DiagnosticKind, String)> {
        self.0.lock().unwrap().clone()
    }

    /// The one thing.
    #[track_caller]
    fn assert_once(&self, kind: DiagnosticKind, text: &str) {
        until("a word", || !self.all().is_empty());
        assert_eq!(self.all(), [(kind, text.to_owned())]);
    }
}

/// A client, and what it says.
fn client(config: Config) -> (Client, Said) {
    let said = Said::default();
    (Client::new(said.hear(config)).unwrap(), said)
}

/// What is said first about one event that `fill` filled, and it is all that is said until then.
fn said_about(config: Config, fill: impl FnOnce(&mut Event)) -> Vec<(DiagnosticKind, String)> {
    let (client, said) = client(config);
    let mut event = client.builder().new_event();
    fill(&mut event);
    event.send();
    until("a word", || !said.all().is_empty());
    let all = said.all();
    client.close(Duration::ZERO);
    all
}

/// What sends to `url`, soon and in plain JSON.
fn config(url: impl Into<String>) -> Config {
    Config::new(KEY)
        .api_host(url)
        .dataset("shop")
        .send_frequency(Duration::from_millis(2))
        // What takes too long is what a test says, and not a machine that stands still for a while.
        .request_timeout(LONG)
        .connect_timeout(LONG)
        .compression(Compression::None)
}

#[track_caller]
fn check(config: Config, kind: DiagnosticKind, text: &str) {
    let said = said_about(config, |event| {
        event.add_field("n", 1);
    });
    assert_eq!(said, [(kind, text.to_owned())]);
}

/// A server that always answers so.
fn answers(status: u16, body: &'static str) -> Server {
    Server::new(move |_| Act::status(status, body))
}
