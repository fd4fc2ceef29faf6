//! Standard output: lines for programs, trees for people.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::{Batch, Transmission, Tree, Writer};

/// Writes events to standard output: as lines of JSON ([`Writer`]) when it is a file or a pipe, drawn as trees ([`Tree`]) when it
/// is a terminal. Which of the two is decided once, when it is made. For one of them in any case, give `std::io::stdout()` to
/// [`Writer::new`] or [`Tree::new`]; [`Tree::stderr`] leaves standard output to the program.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = honey::Config::from_env()?.transmission(honey::transmission::Stdout::new());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Stdout(Form);

#[derive(Debug)]
enum Form {
    Lines(Writer<io::Stdout>),
    Drawn(Tree<io::Stdout>),
}

impl Stdout {
    /// For standard output as it is now.
    #[must_use]
    pub fn new() -> Self {
        Self(if io::stdout().is_terminal() {
            Form::Drawn(Tree::stdout())
        } else {
            Form::Lines(Writer::new(io::stdout()))
        })
    }

    fn form(&mut self) -> &mut dyn Transmission {
        match &mut self.0 {
            Form::Lines(lines) => lines,
            Form::Drawn(tree) => tree,
        }
    }
}

impl Default for Stdout {
    fn default() -> Self {
        Self::new()
    }
}

impl Transmission for Stdout {
    fn send(&mut self, batch: &mut Batch<'_>, timeout: Duration) {
        self.form().send(batch, timeout);
    }

    fn flush(&mut self, timeout: Duration) {
        self.form().flush(timeout);
    }

    fn tick(&mut self) {
        self.form().tick();
    }
}
