//! Running the program of these tests, and reading what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use honey_local::{Event, Server};

/// For what has no reason to take long: longer than the program itself waits for anything.
pub(crate) const LONG: Duration = Duration::from_mins(10);

/// One line that a process printed when it closed a client.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) who: String,
    values: BTreeMap<String, String>,
}

impl Report {
    /// A number of the line.
    #[track_caller]
    pub(crate) fn count(&self, name: &str) -> u64 {
        self.values[name].parse().unwrap()
    }

    /// Everything was delivered, and nothing is left.
    #[track_caller]
    pub(crate) fn assert_all_delivered(&self, events: u64) {
        self.assert_balanced();
        assert_eq!(self.count("created"), events, "{self:?}");
        assert_eq!(self.count("delivered"), events, "{self:?}");
        assert_eq!(self.values["in_time"], "true", "{self:?}");
    }

    /// The balance is exact, and none of honey's threads is left.
    #[track_caller]
    pub(crate) fn assert_balanced(&self) {
        assert_eq!(self.values["balanced"], "true", "{self:?}");
        assert_eq!(
            ["pending", "open", "threads"].map(|name| self.count(name)),
            [0, 0, 0],
            "{self:?}"
        );
    }
}

/// What a program did.
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) said: String,
    pub(crate) complained: String,
    pub(crate) took: Duration,
}

impl Ran {
    /// The only line of this name.
    #[track_caller]
    pub(crate) fn report(&self, who: &str) -> Report {
        let mut found = self.reports(who);
        assert_eq!(found.len(), 1, "{who}: {}\n{}", self.said, self.complained);
        found.remove(0)
    }

    pub(crate) fn reports(&self, who: &str) -> Vec<Report> {
        let lines = self
            .said
            .lines()
            .filter_map(|line| line.strip_prefix("report "));
        let reports = lines.map(|line| {
            let (who, values) = line.split_once(' ').unwrap();
            let values = values.split(' ').filter_map(|pair| pair.split_once('='));
            Report {
                who: who.to_owned(),
                values: values
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            }
        });
        reports.filter(|report| report.who == who).collect()
    }

    #[track_caller]
    pub(crate) fn assert_success(&self) -> &Self {
        assert!(
            self.status.success(),
            "{}\n{}\n{}",
            self.status,
            self.said,
            self.complained
        );
        self
    }

    #[track_caller]
    pub(crate) fn assert_says(&self, text: &str) -> &Self {
        assert!(
            self.said.contains(text),
            "{text:?} in:\n{}\n{}",
            self.said,
            self.complained
        );
        self
    }
}

/// The program, with nothing in its environment that could change what it does.
pub(crate) fn program(server: &Server) -> Command {
    program_for(&server.url())
}

/// The same for a server of another kind.
pub(crate) fn program_for(url: &str) -> Command {
    within_for(&[], env!("CARGO_BIN_EXE_process-child"), url)
}

/// A program, by way of others: `taskset -c 0 PROGRAM`.
pub(crate) fn within(wrapper: &[&str], program: impl AsRef<OsStr>, server: &Server) -> Command {
    within_for(wrapper, program, &server.url())
}

fn within_for(wrapper: &[&str], program: impl AsRef<OsStr>, url: &str) -> Command {
    let mut words = wrapper.iter().map(OsStr::new).chain([program.as_ref()]);
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().to_uppercase();
        if ["HONEY", "OTEL_"].iter().any(|ours| name.starts_with(ours)) || name.ends_with("_PROXY")
        {
            command
                .env_remove(name.as_str())
                .env_remove(name.to_lowercase());
        }
    }
    command.env("HONEY_TEST_URL", url);
    command
}

/// Runs a program to its end. One that hangs fails the test, and is killed with all its children.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    Running::start(command).end()
}

/// A program that runs.
pub(crate) struct Running {
    child: Child,
    said: JoinHandle<String>,
    complained: JoinHandle<String>,
    started: Instant,
}

impl Running {
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        Self {
            said: read(child.stdout.take()),
            complained: read(child.stderr.take()),
            child,
            started: Instant::now(),
        }
    }

    /// Closes its standard input.
    pub(crate) fn tell(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Sends it, and what it has forked, a signal.
    pub(crate) fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let status = Command::new("kill")
            .args([&format!("-{name}"), "--", &group])
            .status();
        assert!(status.unwrap().success());
    }

    #[track_caller]
    pub(crate) fn end(mut self) -> Ran {
        let group = format!("-{}", self.child.id());
        let (ended, end) = mpsc::channel::<()>();
        let watch = thread::spawn(move || {
            let hangs = end.recv_timeout(LONG) == Err(mpsc::RecvTimeoutError::Timeout);
            if hangs {
                let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            }
            hangs
        });
        let status = self.child.wait().unwrap();
        let took = self.started.elapsed();
        // The pipes end when the last of its children has ended too.
        let (said, complained) = (self.said.join().unwrap(), self.complained.join().unwrap());
        drop(ended);
        // For CI to look for keys in it.
        if std::env::var_os("HONEY_TEST_LOG").is_some() {
            let _ = writeln!(std::io::stderr(), "{said}\n{complained}");
        }
        assert!(!watch.join().unwrap(), "it hangs:\n{said}\n{complained}");
        Ran {
            status,
            said,
            complained,
            took,
        }
    }
}

fn read(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// The numbers that arrived from one process. An event that arrived twice, by its id or by its number, fails the test.
#[track_caller]
pub(crate) fn numbers(events: &[Event], who: &str) -> Vec<u64> {
    let mut ids = BTreeSet::new();
    for event in events {
        let id = (event.trace_id(), event.span_id());
        assert!(id.1.is_none() || ids.insert(id), "{id:?} arrived twice");
    }
    let of_whom = events.iter().filter(|event| event.str("who") == Some(who));
    let mut numbers: Vec<_> = of_whom.filter_map(|event| event.u64("number")).collect();
    numbers.sort_unstable();
    numbers
}

/// Each of these numbers once.
#[track_caller]
pub(crate) fn assert_once(events: &[Event], who: &str, expected: std::ops::Range<u64>) {
    assert_eq!(numbers(events, who), expected.collect::<Vec<_>>(), "{who}");
}

/// Whether a tool is there. Where `HONEY_PROCESS_TOOLS=1` says that it must be, its absence fails the test; elsewhere the test that
/// needs it says so and ends.
#[track_caller]
pub(crate) fn has_tool(works: bool, what: &str) -> bool {
    let must_be = std::env::var_os("HONEY_PROCESS_TOOLS").is_some_and(|value| value == "1");
    assert!(
        works || !must_be,
        "HONEY_PROCESS_TOOLS=1, but there is no {what}"
    );
    if !works {
        eprintln!("not tested: there is no {what}");
    }
    works
}
