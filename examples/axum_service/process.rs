//! The other service's process.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};

use honey_local::Server;

use crate::Outcome;

/// It runs until it is stopped.
pub(crate) struct Prices {
    process: Child,
    stdin: Option<ChildStdin>,
}

impl Prices {
    pub(crate) fn start(honeycomb: &Server) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("prices")
            .env("HONEYCOMB_API_KEY", "any-key")
            .env("HONEYCOMB_API_ENDPOINT", honeycomb.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take();
        Ok(Self { process, stdin })
    }

    /// What it says first.
    pub(crate) fn url(&mut self) -> Result<String, Box<dyn Error>> {
        let stdout = self.process.stdout.take().ok_or("its output is read")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(format!("http://{}", address.trim()))
    }

    /// Lets it send what it has.
    pub(crate) fn stop(mut self) -> Outcome {
        drop(self.stdin.take());
        let status = self.process.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the other service: {status}").into())
        }
    }
}
