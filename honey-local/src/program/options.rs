//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The port that the documentation names.
const PORT: u16 = 8_088;
/// Events kept unless set otherwise: room for a burst that comes faster than it can be shown.
const KEEP: usize = 100_000;

const HELP: &str = "\
A local Honeycomb: takes events as Honeycomb does, and shows the traces.

Usage: honey-local [OPTIONS]
       honey-local send FILE [--to URL] [--key KEY] [--dataset NAME]    (see honey-local send --help)
       honey-local catalog FILE [--json]                                (see honey-local catalog --help)

  --listen ADDR      address to listen on, as PORT or IP:PORT (default 127.0.0.1:8088)
  --fields A,B,C     fields to show for each event (default: up to five of its own)
  --offsets          show when each event started within its trace
  --json             write each event as one line of JSON instead
  --keep N           events to keep in memory (default 100000)
  --color WHEN       auto, always or never (default auto: on a terminal, unless NO_COLOR is set)
  --help             show this
  --version          show the version

Point an application at it with HONEYCOMB_API_ENDPOINT=http://127.0.0.1:8088 HONEYCOMB_API_KEY=local";

const NAMES: [&str; 8] = [
    "--listen",
    "--fields",
    "--offsets",
    "--json",
    "--keep",
    "--color",
    "--help",
    "--version",
];

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Serve(Options),
    Print(String),
}

/// How to serve and show.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) listen: SocketAddr,
    pub(super) fields: Option<Vec<String>>,
    pub(super) offsets: bool,
    pub(super) json: bool,
    pub(super) keep: usize,
    pub(super) color: ColorChoice,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, PORT).into(),
            fields: None,
            offsets: false,
            json: false,
            keep: KEEP,
            color: ColorChoice::Auto,
        }
    }
}

/// Reads the arguments; the error says what to write instead.
pub(super) fn read(arguments: impl IntoIterator<Item = String>) -> Result<Wish, String> {
    let mut options = Options::default();
    let mut arguments = Arguments::new(arguments.into_iter());
    while let Some(name) = arguments.next_name() {
        match name.as_str() {
            "--listen" => options.listen = address(&arguments.value("127.0.0.1:8088")?)?,
            "--fields" => options.fields = Some(list(&arguments.value("user.id,cart.items")?)),
            "--keep" => options.keep = count(&arguments.value("100000")?)?,
            "--color" => options.color = color(&arguments.value("never")?)?,
            "--json" => options.json = true,
            "--offsets" => options.offsets = true,
            "--help" | "-h" => return Ok(Wish::Print(HELP.to_owned())),
            "--version" | "-V" => {
                return Ok(Wish::Print(format!(
                    "honey-local {}",
                    env!("CARGO_PKG_VERSION")
                )));
            }
            _ => return Err(unknown(&name, &NAMES)),
        }
        arguments.no_value_left(&name)?;
    }
    Ok(Wish::Serve(options))
}

/// Arguments as `--name value`, `--name=value` and plain words.
pub(super) struct Arguments<I> {
    rest: I,
    /// The argument that was read last.
    name: String,
    inline: Option<String>,
}

impl<I: Iterator<Item = String>> Arguments<I> {
    pub(super) fn new(rest: I) -> Self {
        Self {
            rest,
            name: String::new(),
            inline: None,
        }
    }

    /// The next argument, without the value that it may have inline.
    pub(super) fn next_name(&mut self) -> Option<String> {
        let argument = self.rest.next()?;
        (self.name, self.inline) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => {
                (name.to_owned(), Some(value.to_owned()))
            }
            _ => (argument, None),
        };
        Some(self.name.clone())
    }

    /// The value of the argument that was read last.
    pub(super) fn value(&mut self, example: &str) -> Result<String, String> {
        let value = self.inline.take().or_else(|| self.rest.next());
        let name = &self.name;
        value.ok_or_else(|| format!("{name} needs a value, such as {name} {example}"))
    }

    /// Refuses a value that nobody asked for.
    pub(super) fn no_value_left(&self, name: &str) -> Result<(), String> {
        match self.inline {
            Some(_) => Err(format!("{name} takes no value: write {name} alone")),
            None => Ok(()),
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
    let port = text.strip_prefix("localhost:").unwrap_or(text);
    let address = port
        .parse()
        .map(|port: u16| SocketAddr::from((loopback, port)))
        .or_else(|_| text.parse());
    address.map_err(|_| format!("cannot read the address `{text}`: write a port, such as 8088, or IP:PORT, such as 127.0.0.1:8088"))
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| {
        format!("cannot read `{text}` as a number of events: write one such as --keep 100000")
    })
}

fn color(text: &str) -> Result<ColorChoice, String> {
    match text {
        "auto" => Ok(ColorChoice::Auto),
        "always" => Ok(ColorChoice::Always),
        "never" => Ok(ColorChoice::Never),
        _ => Err(format!(
            "unknown --color `{text}`: write auto, always or never"
        )),
    }
}

pub(super) fn unknown(argument: &str, names: &[&str]) -> String {
    if !argument.starts_with('-') {
        return format!(
            "unexpected argument `{argument}`: all arguments are options; see honey-local --help"
        );
    }
    let nearest = names
        .iter()
        .map(|name| (distance(argument, name), name))
        .min();
    match nearest {
        Some((1..=2, name)) => format!("unknown option `{argument}`; did you mean `{name}`?"),
        _ => format!(
            "unknown option `{argument}`; the options are {}",
            names.join(", ")
        ),
    }
}

/// The number of letters to add, drop or change to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for column in 0..to.len() {
            let changed = diagonal + usize::from(letter != to[column]);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(line: &str) -> Result<Wish, String> {
        read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn all_options() {
        assert_eq!(read_line(""), Ok(Wish::Serve(Options::default())));
        let options = Options {
            listen: ([0, 0, 0, 0], 9).into(),
            fields: Some(vec!["a".to_owned(), "b.c".to_owned()]),
            offsets: true,
            json: true,
            keep: 5,
            color: ColorChoice::Never,
        };
        let line = "--listen 0.0.0.0:9 --fields=a,,b.c --offsets --json --keep 5 --color=never";
        assert_eq!(read_line(line), Ok(Wish::Serve(options)));
        for line in ["--listen 9", "--listen localhost:9", "--listen=127.0.0.1:9"] {
            let options = Options {
                listen: ([127, 0, 0, 1], 9).into(),
                ..Options::default()
            };
            assert_eq!(read_line(line), Ok(Wish::Serve(options)));
        }
        assert_eq!(
            read_line("--json --version"),
            Ok(Wish::Print("honey-local 0.1.0".to_owned()))
        );
        assert!(NAMES.iter().all(|name| HELP.contains(name)));
    }

    #[test]
    fn errors_say_what_to_write() {
        for (line, error) in [
            (
                "--filds a",
                "unknown option `--filds`; did you mean `--fields`?",
            ),
            (
                "--colour=always",
                "unknown option `--colour`; did you mean `--color`?",
            ),
            (
                "shop",
                "unexpected argument `shop`: all arguments are options; see honey-local --help",
            ),
            (
                "--listen",
                "--listen needs a value, such as --listen 127.0.0.1:8088",
            ),
            (
                "--listen here",
                "cannot read the address `here`: write a port, such as 8088, or IP:PORT, such as 127.0.0.1:8088",
            ),
            (
                "--keep many",
                "cannot read `many` as a number of events: write one such as --keep 100000",
            ),
            (
                "--color red",
                "unknown --color `red`: write auto, always or never",
            ),
            ("--json=yes", "--json takes no value: write --json alone"),
            (
                "-x",
                "unknown option `-x`; the options are --listen, --fields, --offsets, --json, --keep, --color, --help, --version",
            ),
        ] {
            assert_eq!(read_line(line), Err(error.to_owned()));
        }
    }
}
