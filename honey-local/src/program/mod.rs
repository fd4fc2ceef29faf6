//! The program `honey-local`: the server, and what it received on a terminal.

mod catalog;
mod options;
mod output;
mod refused;
mod send;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use honey::transmission::drawing::Live;

use crate::tree::{Color, TreeOptions};
use crate::{Server, tree};
use options::{ColorChoice, Options, Wish};

/// The exit code for options that cannot be read, a file that cannot be opened, and an address that cannot be bound.
const CANNOT_START: u8 = 2;
/// Memory for requests, which are looked at once, to tell what was refused.
const REQUEST_BYTES: usize = 16 << 20;
/// How long to wait for news when nothing is held back.
const IDLE: Duration = Duration::from_secs(3_600);

/// Runs the program: the server until it is interrupted, `send` until all is sent, or `catalog`.
#[must_use]
pub fn run() -> ExitCode {
    let mut arguments = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .peekable();
    if arguments.next_if_eq("send").is_some() {
        return match send::read(arguments, env::var("HONEYCOMB_API_KEY").ok()) {
            Ok(Ok(options)) => send::run(&options),
            Ok(Err(help)) => finished(writeln!(io::stdout().lock(), "{help}")),
            Err(error) => cannot_start(&error),
        };
    }
    if arguments.next_if_eq("catalog").is_some() {
        return catalog::run(arguments);
    }
    let options = match options::read(arguments) {
        Ok(Wish::Serve(options)) => options,
        Ok(Wish::Print(text)) => return finished(writeln!(io::stdout().lock(), "{text}")),
        Err(error) => return cannot_start(&error),
    };
    match Server::builder()
        .bind(options.listen)
        .key_optional()
        .max_events(options.keep)
        .max_request_bytes(REQUEST_BYTES)
        .start()
    {
        Ok(server) => {
            say(&output::greeting(&server));
            finished(show(&server, &options))
        }
        Err(error) => cannot_start(&output::cannot_listen(options.listen, &error)),
    }
}

/// Shows what comes in, until standard output is gone.
fn show(server: &Server, options: &Options) -> io::Result<()> {
    let tree_options = tree_options(options);
    let mut live = Live::default();
    let (mut last_event, mut last_request) = (0, 0);
    loop {
        let now = Instant::now();
        let timeout = live.next_due(now).unwrap_or(IDLE);
        let (events, requests) = server.news_after(last_event, last_request, timeout);
        if let Some(lost) = output::lost(last_event, &events) {
            say(&lost);
        }
        last_event = events.last().map_or(last_event, |event| event.number);
        last_request = requests
            .last()
            .map_or(last_request, |request| request.number);
        for refusal in requests.iter().filter_map(refused::describe) {
            say(&refusal);
        }
        if options.json {
            for event in &events {
                writeln!(io::stdout().lock(), "{}", output::json(event))?;
            }
            continue;
        }
        let now = Instant::now();
        live.add(events, now);
        let due = live.take_due(now);
        if !due.is_empty() {
            writeln!(io::stdout().lock(), "{}", tree::render(&due, &tree_options))?;
        }
    }
}

fn tree_options(options: &Options) -> TreeOptions {
    let allowed = || {
        env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && io::stdout().is_terminal()
    };
    let color = match options.color {
        ColorChoice::Always => Color::Always,
        ColorChoice::Auto if allowed() => Color::Always,
        ColorChoice::Auto | ColorChoice::Never => Color::Never,
    };
    let tree_options = TreeOptions::default().color(color).offsets(options.offsets);
    match &options.fields {
        Some(fields) => tree_options.fields(fields),
        None => tree_options,
    }
}

/// Writes to standard error, so that standard output holds events alone. A closed one is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn cannot_start(error: &str) -> ExitCode {
    say(&format!("honey-local: {error}"));
    CANNOT_START.into()
}

/// Whoever reads the output may stop reading, as `head` does.
fn finished(outcome: io::Result<()>) -> ExitCode {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!(
                "honey-local: cannot write to standard output: {error}"
            ));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
