//! A client under test: what it was offered, what it said, which threads it has.

use std::collections::BTreeSet;
use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use honey::{Client, Compression, Config, DiagnosticKind, Stats};
use honey_test_support::{Logs, honey_threads, until};

pub(crate) const KEY: &str = concat!("honeykey", "4test-faults");
/// Long enough that a test which needs it has failed.
pub(crate) const LONG: Duration = Duration::from_mins(1);
/// Where the balances are written, for the table in docs/reliability.md; see scripts/faults-table.sh.
const TABLE: &str = "HONEY_FAULTS_TABLE";

/// How many rigs there are, by one lock: while somebody has it there will be no more.
static RIGS: Mutex<usize> = Mutex::new(0);

type Said = Arc<Mutex<Vec<(DiagnosticKind, String)>>>;

pub(crate) struct Rig {
    pub(crate) client: Client,
    said: Said,
    threads: BTreeSet<u64>,
    offered: AtomicU64,
    /// See [`Rig::rest`].
    gone_nowhere: AtomicU64,
    _counted: Counted,
}

/// Counts a rig as long as it lives. Dropped after its client.
struct Counted;

fn rigs() -> MutexGuard<'static, usize> {
    RIGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads for name look-ups are begun as they are needed, and nobody can tell whose they are: they are counted when the last rig
/// goes. There will be such a moment, in the end.
impl Drop for Counted {
    fn drop(&mut self) {
        let mut rigs = rigs();
        *rigs -= 1;
        if *rigs == 0 && !thread::panicking() {
            assert!(Logs::watch(KEY).records() > 0, "nobody logs");
            until("the end of all of honey's threads", || {
                honey_threads().is_empty()
            });
        }
    }
}

/// What sends to `url`, soon and in plain JSON. A machine that stands still for a while makes no fault of it: what takes too long is
/// what a test says.
pub(crate) fn config(url: impl Into<String>) -> Config {
    Config::new(KEY)
        .api_host(url)
        .dataset("d")
        .send_frequency(Duration::from_millis(2))
        .request_timeout(LONG)
        .connect_timeout(LONG)
        .compression(Compression::None)
}

/// What sends to `url` only when told to, so that what is offered at once goes out as one batch.
pub(crate) fn gathering(url: impl Into<String>) -> Config {
    config(url).send_frequency(LONG)
}

impl Rig {
    pub(crate) fn new(config: Config) -> Self {
        let _ = Logs::watch(KEY);
        let said = Said::default();
        let hear = Arc::clone(&said);
        let config = config.on_diagnostic(move |kind, text| {
            hear.lock().unwrap().push((kind, text.to_owned()));
        });
        // Every client of this program is made here, so the threads that appear meanwhile are this one's.
        let mut rigs = rigs();
        let before = honey_threads();
        let client = Client::new(config).unwrap();
        let threads = &honey_threads() - &before;
        *rigs += 1;
        drop(rigs);
        Self {
            client,
            said,
            threads,
            offered: AtomicU64::new(0),
            gone_nowhere: AtomicU64::new(0),
            _counted: Counted,
        }
    }

    pub(crate) fn to(url: impl Into<String>) -> Self {
        Self::new(config(url))
    }

    /// See [`gathering`].
    pub(crate) fn gathering(url: impl Into<String>) -> Self {
        Self::new(gathering(url))
    }

    /// `{"n":0}`, `{"n":1}`, …, going on where the last offer ended.
    pub(crate) fn offer(&self, events: u64) {
        for _ in 0..events {
            let mut event = self.client.builder().new_event();
            event.add_field("n", self.count_one());
            event.send();
        }
    }

    /// The same as one batch, with [`gathering`].
    pub(crate) fn offer_at_once(&self, events: u64) {
        self.rest();
        self.offer(events);
        let _ = self.client.flush(Duration::ZERO);
    }

    /// Events that come to nothing, for this reason. The others come when the first has failed: what is too old while it is still under
    /// way is counted as just that.
    #[track_caller]
    pub(crate) fn offer_in_vain(&self, events: u64, kind: DiagnosticKind) {
        self.offer(1);
        until("a try that fails", || {
            let stats = self.balance();
            let is_known = stats.diagnostics.iter().any(|one| one.kind == kind);
            assert!(
                is_known || stats.pending > 0,
                "too old before it was tried: {stats}"
            );
            is_known
        });
        self.said_of(kind);
        self.offer(events - 1);
    }

    /// Waits until the sender has had its first sweep: it gives an outcome to an event that goes nowhere.
    fn rest(&self) {
        self.gone_nowhere.fetch_add(1, Ordering::SeqCst);
        let mut event = self.client.builder().new_event();
        event.set_api_host("");
        event.add_field("goes", "nowhere");
        event.send();
        assert!(self.client.flush(LONG));
    }

    /// Counts an event that the test makes itself; its number.
    pub(crate) fn count_one(&self) -> u64 {
        self.offered.fetch_add(1, Ordering::SeqCst)
    }

    /// The balance at this moment, which holds.
    pub(crate) fn balance(&self) -> Stats {
        let stats = self.client.stats();
        assert!(stats.is_balanced(), "{stats}");
        stats
    }

    /// Waits until every event has its outcome.
    pub(crate) fn settled(&self) -> Stats {
        assert!(self.client.flush(LONG), "{}", self.client.stats());
        let stats = self.balance();
        assert_eq!(stats.pending, 0, "{stats}");
        stats
    }

    /// What was said so far; never the key, and neither in what libraries logged, in the stats or in `Debug`.
    pub(crate) fn said(&self) -> Vec<(DiagnosticKind, String)> {
        let said = self.said.lock().unwrap().clone();
        let stats = self.client.stats();
        let all = format!("{said:?} {stats} {stats:#} {:?}", self.client);
        assert!(!all.contains(KEY), "the key shows");
        assert!(!Logs::watch(KEY).shows_secret(), "the key shows in a log");
        said
    }

    /// What was said until the client was closed: something of each kind that its stats know of.
    pub(crate) fn last_words(&self) -> Vec<(DiagnosticKind, String)> {
        let kinds = self.client.close(LONG).stats.diagnostics.len();
        until("all has been said", || self.said().len() >= kinds);
        self.said()
    }

    /// The first thing that was said, and the only one of this kind: what is lost by it may be said later.
    #[track_caller]
    pub(crate) fn said_once(&self, kind: DiagnosticKind) -> String {
        until("a word", || !self.said().is_empty());
        let said = self.said();
        let of_kind = said.iter().filter(|(of, _)| *of == kind);
        assert!(of_kind.count() == 1 && said[0].0 == kind, "{said:?}");
        said[0].1.clone()
    }

    /// What was said of this kind, among other things.
    #[track_caller]
    pub(crate) fn said_of(&self, kind: DiagnosticKind) -> String {
        until("a word of this kind", || {
            self.said().iter().any(|(of, _)| *of == kind)
        });
        let said = self.said().into_iter().find(|(of, _)| *of == kind);
        said.unwrap().1
    }

    /// Closes, and checks what must hold after any fault.
    pub(crate) fn end(self) -> Stats {
        self.end_within(LONG)
    }

    pub(crate) fn end_within(self, timeout: Duration) -> Stats {
        let report = self.client.close(timeout);
        let stats = self.balance();
        assert_eq!(report.stats, stats, "nothing moves after closing");
        assert_eq!((stats.pending, stats.open), (0, 0), "{stats}");
        let offered =
            self.offered.load(Ordering::SeqCst) + self.gone_nowhere.load(Ordering::SeqCst);
        assert_eq!(stats.created, offered, "{stats}");
        until("the end of honey's threads", || {
            self.threads.is_disjoint(&honey_threads())
        });
        self.said();
        note(&stats);
        stats
    }
}

/// One line for the table: the test, and its balance.
fn note(stats: &Stats) {
    let Some(path) = env::var_os(TABLE) else {
        return;
    };
    let thread = thread::current();
    let mut table = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    let said = stats.to_string();
    let balance = said.split("; ").next().unwrap_or_default();
    let line = format!("{}\t{balance}\n", thread.name().unwrap_or("?"));
    table.write_all(line.as_bytes()).unwrap();
}
