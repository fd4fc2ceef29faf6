//! A sender with everything around it, for tests: hands it events, and checks the balance at the end.

use std::time::{Duration, Instant};

use super::{destination, numbered, snapshot};
use crate::compression::Compression;
use crate::diagnostics::{Diagnostics, DiagnosticsTarget};
use crate::dispatch::{Budget, Grant, Ship, Source};
use crate::record::{Chunk, FieldBuffer, Snapshot};
use crate::response::{ResponseSink, Responses};
use crate::sender::retry::Backoff;
#[cfg(feature = "http")]
use crate::sender::settings::Proxy;
use crate::sender::{Sender, Settings, TransportKind};
use crate::stats::Stats;
use crate::sync::{Arc, AtomicU64, Mutex, Ordering};

/// Long enough for any test on any machine; a test that passes never waits for it.
pub(in crate::sender) const PATIENCE: Duration = Duration::from_secs(60);
const BUDGET: Grant = Grant {
    bytes: 1 << 40,
    events: 1 << 30,
};

/// A source without threads: tests hand chunks over themselves.
pub(in crate::sender) struct NoSource {
    pub(in crate::sender) sweeps: AtomicU64,
    pub(in crate::sender) next_sweep_ns: AtomicU64,
}

impl Source for NoSource {
    fn sweep(&self) {
        self.sweeps.fetch_add(1, Ordering::SeqCst);
    }

    fn collect_full(&self) {}

    fn announce(&self, next_sweep_ns: u64) {
        self.next_sweep_ns.store(next_sweep_ns, Ordering::SeqCst);
    }
}

pub(in crate::sender) struct Rig {
    pub(in crate::sender) sender: Arc<Sender>,
    pub(in crate::sender) source: Arc<NoSource>,
    pub(in crate::sender) responses: Arc<ResponseSink>,
    said: Arc<Mutex<Vec<String>>>,
    diagnostics: Arc<Diagnostics>,
    budget: Arc<Budget>,
    offered: AtomicU64,
}

/// Settings whose waits are short, but for that of an answer, and bodies that a test can read.
pub(in crate::sender) fn quick() -> Settings {
    Settings {
        send_frequency: Duration::from_millis(5),
        backoff: Backoff {
            first: Duration::from_millis(2),
            most: Duration::from_millis(10),
        },
        probe_interval: Duration::from_millis(10),
        request_timeout: PATIENCE,
        connect_timeout: PATIENCE,
        compression: Compression::None,
        ..Settings::default()
    }
}

impl Rig {
    pub(in crate::sender) fn new(settings: Settings, transport: TransportKind) -> Self {
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let hear = Arc::clone(&said);
        let target = DiagnosticsTarget::Handler(Arc::new(move |_, text: &str| {
            hear.lock().push(text.to_owned());
        }));
        let diagnostics = Diagnostics::new(target);
        let budget = Arc::new(Budget::new(1 << 40, 1 << 30));
        let responses = ResponseSink::new(100_000, false);
        let sender = Sender::new(
            settings,
            transport,
            Arc::clone(&budget),
            Arc::clone(&responses),
            Arc::clone(&diagnostics),
        );
        let sender = sender.unwrap_or_else(|error| unreachable!("{error}"));
        let source = Arc::new(NoSource {
            sweeps: AtomicU64::new(0),
            next_sweep_ns: AtomicU64::new(0),
        });
        let weak = Arc::downgrade(&source);
        assert!(sender.start(weak).is_ok());
        Self {
            sender,
            source,
            responses,
            said,
            diagnostics,
            budget,
            offered: AtomicU64::new(0),
        }
    }

    #[cfg(feature = "http")]
    pub(in crate::sender) fn http(settings: Settings) -> Self {
        Self::http_by(Proxy::Direct, settings)
    }

    #[cfg(feature = "http")]
    pub(in crate::sender) fn http_by(proxy: Proxy, settings: Settings) -> Self {
        let options = crate::sender::HttpOptions {
            proxy,
            ..Default::default()
        };
        Self::new(settings, TransportKind::Http(options))
    }

    /// Hands a chunk over, as the collector does.
    pub(in crate::sender) fn offer(&self, chunk: Chunk, epoch: u64) {
        let grant = Grant {
            bytes: chunk
                .records()
                .iter()
                .map(|event| u64::from(event.cost_bytes))
                .sum(),
            events: chunk.len() as u64,
        };
        assert!(self.budget.take(grant));
        self.offered.fetch_add(grant.events, Ordering::SeqCst);
        self.sender.accept(chunk, epoch);
        self.sender.hurry();
    }

    /// `{"n":0}`, `{"n":1}`, … to dataset `d` at a server.
    pub(in crate::sender) fn offer_numbered(&self, api_host: &str, count: usize) {
        self.offer(numbered(&scope(api_host, "d"), count), 1);
    }

    pub(in crate::sender) fn is_settled(&self, epoch: u64) -> bool {
        self.sender.wait_settled(epoch, Instant::now() + PATIENCE)
    }

    pub(in crate::sender) fn stats(&self) -> Stats {
        let mut stats = Stats {
            created: self.offered.load(Ordering::SeqCst),
            ..Stats::default()
        };
        self.sender.tally(&mut stats);
        stats
    }

    /// Waits for all outcomes, then checks that every event has one and the budget is whole again.
    pub(in crate::sender) fn settled(&self) -> Stats {
        assert!(
            self.is_settled(u64::MAX),
            "not settled in time: {}",
            self.stats()
        );
        self.balanced()
    }

    pub(in crate::sender) fn balanced(&self) -> Stats {
        let stats = self.stats();
        assert!(stats.is_balanced(), "{stats}");
        if stats.pending == 0 {
            assert!(self.budget.take(BUDGET), "the budget is not whole again");
            self.budget.give_back(BUDGET);
            assert!(
                !self.budget.take(Grant {
                    bytes: BUDGET.bytes + 1,
                    events: 0
                }),
                "more came back than was taken"
            );
        }
        stats
    }

    pub(in crate::sender) fn close(&self) -> Stats {
        self.sender.shut_down(Instant::now() + PATIENCE);
        let stats = self.balanced();
        assert_eq!(stats.pending, 0);
        stats
    }

    /// What was said so far.
    pub(in crate::sender) fn said(&self) -> Vec<String> {
        self.diagnostics.wait_until_said(Instant::now() + PATIENCE);
        self.said.lock().clone()
    }

    pub(in crate::sender) fn subscribe(&self) -> Responses {
        self.responses.subscribe()
    }
}

pub(in crate::sender) fn scope(api_host: &str, dataset: &str) -> Arc<Snapshot> {
    snapshot(destination(api_host, dataset), FieldBuffer::new())
}
