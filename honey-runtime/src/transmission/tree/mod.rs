//! Events drawn for a reader: each trace as a tree.

pub(crate) mod drawing;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::{Batch, BatchEvent, Transmission};
pub use drawing::{Color, TreeOptions};
use drawing::{Drawable, Live};

/// Draws each trace as a tree, with durations, errors and some fields: for a terminal, while developing.
///
/// ```text
/// trace 7f · 2 events · shop
/// checkout   41.20 ms  user_id=7
/// └─ charge    350 µs  ERROR CardDeclined  card.kind=debit
/// ```
///
/// A trace is drawn 300 ms after its last event when its root is there, 5 s after when it is not (a remote parent), and at once in
/// `flush` and `close`. Events of no trace are drawn together. At most 20,000 events, or 64 MiB, are held back; beyond, and after
/// 30 s, what there is of a trace is drawn. Its parts then stand apart, with `orphan` at those whose parent is not among them.
///
/// An event is accepted when it is held; when drawing fails, what was to be drawn is lost, and the next batch is dropped as
/// [`DropReason::Transmission`](crate::DropReason::Transmission) with the error. Control characters in names and values are escaped.
///
/// ```
/// use honey::transmission::{Tree, TreeOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tree = Tree::stderr().options(|options| options.fields(["user_id", "error.message"]));
/// let config = honey::Config::from_env()?.transmission(tree);
/// # Ok(())
/// # }
/// ```
pub struct Tree<W: Write> {
    writer: W,
    options: TreeOptions,
    live: Live<Shown>,
    /// Something was drawn: trees are set apart by an empty line.
    has_drawn: bool,
    /// Why drawing failed since the last batch.
    trouble: Option<String>,
}

impl<W: Write> Tree<W> {
    /// Draws to `writer`, without colour.
    pub fn new(writer: W) -> Self {
        Self {
            writer,
            options: TreeOptions::default(),
            live: Live::default(),
            has_drawn: false,
            trouble: None,
        }
    }

    /// Sets how it draws: which fields, colour, offsets.
    #[must_use]
    pub fn options(mut self, set: impl FnOnce(TreeOptions) -> TreeOptions) -> Self {
        self.options = set(std::mem::take(&mut self.options));
        self
    }

    fn draw(&mut self, events: &[Shown]) {
        if events.is_empty() {
            return;
        }
        let drawn = drawing::render(events, &self.options);
        let apart = if self.has_drawn { "\n" } else { "" };
        let result = write!(self.writer, "{apart}{drawn}").and_then(|()| self.writer.flush());
        match result {
            Ok(()) => self.has_drawn = true,
            Err(error) => self.trouble = Some(error.to_string()),
        }
    }

    fn draw_due(&mut self) {
        let due = self.live.take_due(Instant::now());
        self.draw(&due);
    }

    fn draw_all(&mut self) {
        let all = self.live.take_all();
        self.draw(&all);
    }
}

impl Tree<io::Stdout> {
    /// Draws to standard output, in colour when that is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn stdout() -> Self {
        let color = color_for(&io::stdout());
        Self::new(io::stdout()).options(|options| options.color(color))
    }
}

impl Tree<io::Stderr> {
    /// Draws to standard error, in colour when that is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn stderr() -> Self {
        let color = color_for(&io::stderr());
        Self::new(io::stderr()).options(|options| options.color(color))
    }
}

/// <https://no-color.org>: set and not empty means without.
fn color_for(terminal: &impl IsTerminal) -> Color {
    let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if is_wanted && terminal.is_terminal() {
        Color::Always
    } else {
        Color::Never
    }
}

impl<W: Write + Send> Transmission for Tree<W> {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        let trouble = self.trouble.take();
        let now = Instant::now();
        for event in batch.events() {
            if let Some(error) = &trouble {
                event.fail(error);
            } else {
                self.live.add([Shown::of(&event)], now);
                event.accept();
            }
        }
        self.draw_due();
    }

    fn flush(&mut self, _timeout: Duration) {
        self.draw_all();
    }

    fn tick(&mut self) {
        self.draw_due();
    }
}

impl<W: Write> Drop for Tree<W> {
    fn drop(&mut self) {
        self.draw_all();
    }
}

impl<W: Write> fmt::Debug for Tree<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// An event that is held.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    dataset: String,
    time_ns: i64,
    sample_rate: u64,
    data: Map<String, Value>,
    bytes: usize,
}

/// What a parsed value takes for each byte of its JSON, at most, roughly.
const BYTES_PER_JSON_BYTE: usize = 4;

impl Shown {
    fn of(event: &BatchEvent<'_>) -> Self {
        let since = event.time().duration_since(UNIX_EPOCH);
        let ns = |since: Duration| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX);
        Self {
            dataset: event.dataset().to_owned(),
            time_ns: since.map_or_else(|before| -ns(before.duration()), ns),
            sample_rate: event.sample_rate().into(),
            data: event.fields(),
            bytes: size_of::<Self>() + event.json().len() * BYTES_PER_JSON_BYTE,
        }
    }

    #[cfg(test)]
    fn new(dataset: &str, data: Map<String, Value>) -> Self {
        Self {
            dataset: dataset.to_owned(),
            time_ns: 0,
            sample_rate: 1,
            data,
            bytes: 1,
        }
    }
}

impl Drawable for Shown {
    fn dataset(&self) -> &str {
        &self.dataset
    }

    fn time_ns(&self) -> i64 {
        self.time_ns
    }

    fn sample_rate(&self) -> u64 {
        self.sample_rate
    }

    fn data(&self) -> &Map<String, Value> {
        &self.data
    }

    fn held_bytes(&self) -> usize {
        self.bytes
    }
}
