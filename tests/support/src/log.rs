//! Whatever any library logs, at trace level: printed where `HONEY_TEST_LOG` is set, for CI to look for keys in it, and searched by
//! tests that ask for it.
//!
//! For the printing, every test program that sends by HTTP mentions this crate, be it by `use honey_test_support as _;`: tests have no
//! `main` of their own to begin with, so it is set up before there is one.
#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "a function to be called before `main`")
)]

use std::env;
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Reads all logs of this process.
#[derive(Debug)]
pub struct Logs {
    prints: AtomicBool,
    secret: OnceLock<&'static str>,
    shows_secret: AtomicBool,
    records: AtomicU64,
}

static LOGS: Logs = Logs {
    prints: AtomicBool::new(false),
    secret: OnceLock::new(),
    shows_secret: AtomicBool::new(false),
    records: AtomicU64::new(0),
};

impl Logs {
    /// Looks for `secret` in all that is logged from now on.
    ///
    /// # Panics
    /// When this process has another logger.
    #[must_use]
    pub fn watch(secret: &'static str) -> &'static Self {
        LOGS.secret.get_or_init(|| {
            let is_first = !LOGS.prints.load(Ordering::SeqCst);
            assert!(!is_first || LOGS.listen(), "there is another logger");
            secret
        });
        &LOGS
    }

    /// Whether the secret was in any of it.
    #[must_use]
    pub fn shows_secret(&self) -> bool {
        self.shows_secret.load(Ordering::SeqCst)
    }

    /// How many records there were.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::SeqCst)
    }

    fn listen(&'static self) -> bool {
        let is_ours = log::set_logger(self).is_ok();
        if is_ours {
            log::set_max_level(log::LevelFilter::Trace);
        }
        is_ours
    }
}

impl log::Log for Logs {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("log: {} {}\n", record.target(), record.args());
        self.records.fetch_add(1, Ordering::SeqCst);
        if self
            .secret
            .get()
            .is_some_and(|secret| line.contains(secret))
        {
            self.shows_secret.store(true, Ordering::SeqCst);
        }
        if self.prints.load(Ordering::SeqCst) {
            // Whole lines, and past the harness, which keeps back what passing tests print.
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
    }

    fn flush(&self) {}
}

#[cfg(target_os = "linux")]
extern "C" fn begin() {
    // In a program that has a logger of its own, that one comes too late.
    if env::var_os("HONEY_TEST_LOG").is_some() && LOGS.listen() {
        LOGS.prints.store(true, Ordering::SeqCst);
    }
}

// SAFETY: the section is a list of functions to be called before `main`; this one reads the environment and sets statics, which is
// allowed there.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static BEGIN: extern "C" fn() = begin;
