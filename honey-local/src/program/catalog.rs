//! `honey-local catalog`: the data dictionary of a program, for people.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use honey::dictionary::Dictionary;

use super::options::{Arguments, unknown};
use super::{cannot_start, finished};

const HELP: &str = "\
Shows which events a program can emit, as Markdown.

Usage: honey-local catalog FILE [--json]

  FILE               what the program wrote with `honey::catalog().to_json()` (feature `catalog`); - for standard input
  --json             write it as JSON again, in the order and shape of now: for comparing two of them
  --help             show this";

const NAMES: [&str; 2] = ["--json", "--help"];

/// Reads and shows it.
pub(super) fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
    let written = match read(arguments) {
        Ok(Wish::Print(help)) => format!("{help}\n"),
        Ok(Wish::Show { file, json }) => match dictionary(&file) {
            Ok(dictionary) if json => format!("{}\n", dictionary.to_json()),
            Ok(dictionary) => dictionary.to_string(),
            Err(error) => return cannot_start(&error),
        },
        Err(error) => return cannot_start(&error),
    };
    finished(io::stdout().lock().write_all(written.as_bytes()))
}

#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Print(&'static str),
    Show { file: String, json: bool },
}

fn read(arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut arguments = Arguments::new(arguments);
    let (mut file, mut json) = (None, false);
    while let Some(name) = arguments.next_name() {
        match name.as_str() {
            "--json" => json = true,
            "--help" | "-h" => return Ok(Wish::Print(HELP)),
            path if path == "-" || !path.starts_with('-') => {
                if file.replace(name.clone()).is_some() {
                    return Err(format!("one file at a time: `{name}` is a second one"));
                }
            }
            _ => return Err(unknown(&name, &NAMES)),
        }
        arguments.no_value_left(&name)?;
    }
    let file = file.ok_or("which file? honey-local catalog FILE, or - for standard input")?;
    Ok(Wish::Show { file, json })
}

fn dictionary(file: &str) -> Result<Dictionary, String> {
    let text = if file == "-" {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text.map_err(|error| format!("cannot read {file}: {error}"))?;
    Dictionary::from_json(&text).map_err(|error| {
        format!(
            "{file} is no catalogue: {error}. Let the program write `honey::catalog().to_json()`"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(arguments: &[&str]) -> Result<Wish, String> {
        read(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn a_file_and_how() {
        for (arguments, file, json) in [
            (&["catalog.json"][..], "catalog.json", false),
            (&["--json", "-"], "-", true),
        ] {
            let file = file.to_owned();
            assert_eq!(reading(arguments), Ok(Wish::Show { file, json }));
        }
        assert_eq!(reading(&["--help"]), Ok(Wish::Print(HELP)));
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for (arguments, text) in [
            (&[][..], "which file?"),
            (&["a", "b"], "`b` is a second one"),
            (&["a", "--jsno"], "did you mean `--json`?"),
            (&["a", "--json=1"], "takes no value"),
        ] {
            let error = reading(arguments).err().unwrap_or_default();
            assert!(error.contains(text), "{arguments:?}: {error}");
        }
    }
}
