//! Ending without losing events: stop taking work, let what is under way end, then close with a deadline and look at the
//! report. Offline: it sends to a local Honeycomb, whose first two answers are errors, and ends by itself.
//!
//! ```text
//! cargo run --example graceful_shutdown
//! ```
//!
//! With `--until-asked` it sends to where `HONEYCOMB_API_ENDPOINT` says, and works until SIGTERM or Ctrl-C.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use honey::Config;
use honey_local::{Answer, Server};
use tokio::runtime::Runtime;

/// Kubernetes, for one, gives 30 seconds in all between asking and killing.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);

#[honey::event(name = "job", fields(worker, number))]
fn job(worker: u32, number: u32) {
    thread::sleep(Duration::from_millis(2));
}

fn work(worker: u32, stopping: &AtomicBool) {
    let mut number = 0;
    while !stopping.load(Ordering::Relaxed) {
        number += 1;
        job(worker, number);
    }
}

/// Waits until somebody asks this process to end.
struct Asked {
    runtime: Runtime,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Asked {
    /// From now on a signal ends nothing by itself.
    fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        #[cfg(unix)]
        let terminate = {
            let _inside = runtime.enter();
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?
        };
        Ok(Self {
            runtime,
            #[cfg(unix)]
            terminate,
        })
    }

    fn wait(self) -> io::Result<()> {
        #[cfg(unix)]
        let mut terminate = self.terminate;
        self.runtime.block_on(async {
            #[cfg(unix)]
            let terminated = terminate.recv();
            #[cfg(not(unix))]
            let terminated = std::future::pending::<Option<()>>();
            tokio::select! {
                _ = terminated => Ok(()),
                interrupted = tokio::signal::ctrl_c() => interrupted,
            }
        })
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let until_asked = std::env::args().any(|argument| argument == "--until-asked");
    let server = Server::start()?;
    server.respond_next(2, Answer::new(503));
    let config = if until_asked {
        Config::from_env()?
    } else {
        Config::new("any-key").api_host(server.url())
    };
    // honey says on stderr what goes wrong; here it shall be part of the output.
    let config = config.dataset("jobs").on_diagnostic(|kind, text| {
        let _ = writeln!(io::stdout(), "{kind:?}: {text}");
    });
    let asked = Asked::listen()?;
    let guard = honey::init(config)?;

    let stopping = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (1..=3)
        .map(|worker| {
            let stopping = Arc::clone(&stopping);
            thread::spawn(move || work(worker, &stopping))
        })
        .collect();
    // What a service does all day.
    if until_asked {
        asked.wait()?;
    } else {
        thread::sleep(Duration::from_millis(300));
    }

    // 1. No new work. 2. What is under way ends, and with it its events.
    stopping.store(true, Ordering::Relaxed);
    for worker in workers {
        let _ = worker.join();
    }
    // 3. Send the rest. `close` never takes longer than it is allowed to.
    let report = guard.close(CLOSE_TIMEOUT);

    let mut out = io::stdout();
    writeln!(out, "{report}")?;
    writeln!(
        out,
        "requests: {}, of them repeated: {}",
        report.stats.requests, report.stats.retries
    )?;
    writeln!(
        out,
        "in time: {}, balanced: {}",
        report.in_time,
        report.stats.is_balanced()
    )?;
    Ok(if report.stats.dropped.total() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
