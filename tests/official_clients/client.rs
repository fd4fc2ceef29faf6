//! The official clients: installed once, run with a file of events.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use honey_local::Server;
use serde_json::Value;

use crate::sent::Sent;

const PYTHON: &str = "libhoney==2.4.0";
const BEELINE: &str = "honeycomb-beeline==3.6.0";
const JAVASCRIPT: &str = "libhoney@4.3.1";

/// One of Honeycomb's own clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Official {
    Python,
    JavaScript,
}

impl Official {
    /// Both, when they are asked for; else none, and says so past the capture of the tests' output.
    pub(crate) fn asked_for(test: &str) -> Vec<Self> {
        if env::var("HONEY_OFFICIAL_CLIENTS").is_ok_and(|value| value == "1") {
            return vec![Self::Python, Self::JavaScript];
        }
        let _ = writeln!(
            io::stderr(),
            "NOT RUN: {test} with the official clients; set HONEY_OFFICIAL_CLIENTS=1 to install and run them"
        );
        Vec::new()
    }

    /// Sends these events, in order; gives the responses, one for each. `dataset` says how a dataset's name is given to the client.
    pub(crate) fn send(
        self,
        server: &Server,
        events: &[Sent],
        dataset: impl Fn(&str) -> String,
    ) -> Vec<Value> {
        let lines: Vec<String> = events
            .iter()
            .map(|event| event.line(&dataset(&event.dataset)) + "\n")
            .collect();
        let file = folder("events").join(format!("{}.ndjson", server.addr().port()));
        fs::write(&file, lines.concat()).unwrap();
        let responses = run(self.command("send").arg(server.url()).arg(&file));
        fs::remove_file(&file).unwrap();
        responses
    }

    /// Every public name of the client.
    pub(crate) fn names(self) -> Vec<String> {
        let names = run(&mut self.command("names"));
        names
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    }

    /// What the client's beeline decides: for each id a list, with its answer for each rate.
    pub(crate) fn keeps(self, ids: &[String], rates: &[u32]) -> Vec<Value> {
        let rates = rates.iter().map(u32::to_string).collect::<Vec<_>>();
        let file = own_file("trace-ids");
        fs::write(&file, ids.join("\n")).unwrap();
        let kept = run(self.command("sample").arg(&file).args(rates));
        fs::remove_file(&file).unwrap();
        kept
    }

    /// One of our scripts, with the client installed.
    fn command(self, script: &str) -> Command {
        // Tests run side by side, and share what is installed.
        static INSTALLING: Mutex<()> = Mutex::new(());
        let _installing = INSTALLING.lock();
        match self {
            Self::Python => {
                let folder = folder("python");
                let python = folder.join("bin/python");
                if !python.exists() {
                    run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
                }
                run(Command::new(&python)
                    .args(["-m", "pip", "install", "--quiet", PYTHON, BEELINE]));
                let mut command = Command::new(python);
                command.arg(path(&format!("{script}.py")));
                command
            }
            Self::JavaScript => {
                let folder = folder("javascript");
                run(Command::new("npm")
                    .args(["install", "--silent", "--no-fund", "--no-audit", "--prefix"])
                    .arg(&folder)
                    .arg(JAVASCRIPT));
                let mut command = Command::new("node");
                command
                    .arg(path(&format!("{script}.mjs")))
                    .env("LIBHONEY", &folder);
                command
            }
        }
    }
}

/// A file that no test beside this one uses.
fn own_file(name: &str) -> PathBuf {
    static FILES: AtomicUsize = AtomicUsize::new(0);
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    folder("events").join(format!("{number}-{name}"))
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("official-clients")
        .join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/official_clients/clients")
        .join(name)
}

/// Has the beeline for Python write headers, read them, or decide, as each of these says; gives its answers. `None`: it is not asked
/// for.
pub(crate) fn beeline(test: &str, asked: &[Value]) -> Option<Vec<Value>> {
    let mut official = Official::asked_for(test).into_iter();
    let python = official.find(|client| *client == Official::Python)?;
    let file = own_file("headers.ndjson");
    let lines: Vec<String> = asked.iter().map(|line| format!("{line}\n")).collect();
    fs::write(&file, lines.concat()).unwrap();
    let answers = run(python.command("headers").arg(&file));
    fs::remove_file(&file).unwrap();
    assert_eq!(answers.len(), asked.len());
    Some(answers)
}

/// Runs a command to its end, and reads what it prints as lines of JSON.
#[track_caller]
fn run(command: &mut Command) -> Vec<Value> {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{told}",
        output.status
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}
