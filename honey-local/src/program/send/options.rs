//! The command line of `honey-local send`.

use super::super::options::{Arguments, unknown};

/// Where honey-local listens unless told otherwise.
const TO: &str = "http://127.0.0.1:8088";

const HELP: &str = "\
Sends events that were written as lines of JSON, as honey's Writer and libhoney's WriterSender do.

Usage: honey-local send FILE [OPTIONS]

  FILE               the file; - for standard input
  --to URL           the server (default http://127.0.0.1:8088, a honey-local on this machine)
  --key KEY          the API key (default: the environment's HONEYCOMB_API_KEY)
  --dataset NAME     send everything to this dataset, whatever the lines say
  --help             show this

Each line is {\"time\":\"…\",\"samplerate\":n,\"dataset\":\"…\",\"data\":{…}}. Times and rates stay as they are. Lines that
cannot be read are skipped, and told with their number. The exit code is 0 when all events arrived, 1 when some did
not or some lines were skipped, 2 when nothing could be sent.";

const NAMES: [&str; 4] = ["--to", "--key", "--dataset", "--help"];

/// What to send where. Holds the key, hence no `Debug`.
#[derive(PartialEq, Eq)]
pub(in crate::program) struct Options {
    pub(super) file: String,
    pub(super) to: String,
    pub(super) key: String,
    pub(super) dataset: Option<String>,
}

impl Options {
    /// The server without a password.
    pub(super) fn to_shown(&self) -> String {
        match self.to.split_once("://") {
            Some((scheme, rest)) => match rest.rsplit_once('@') {
                Some((_, host)) => format!("{scheme}://{host}"),
                None => self.to.clone(),
            },
            None => self.to.clone(),
        }
    }
}

/// Reads the arguments after `send`; `None` asks for the help text given as the error.
pub(in crate::program) fn read(
    arguments: impl Iterator<Item = String>,
    key: Option<String>,
) -> Result<Result<Options, &'static str>, String> {
    let mut options = Options {
        file: String::new(),
        to: TO.to_owned(),
        key: key.unwrap_or_default(),
        dataset: None,
    };
    let mut arguments = Arguments::new(arguments);
    while let Some(name) = arguments.next_name() {
        match name.as_str() {
            "--to" => options.to = arguments.value("http://127.0.0.1:8088")?,
            "--key" => options.key = arguments.value("KEY")?,
            "--dataset" => options.dataset = Some(arguments.value("shop")?),
            "--help" | "-h" => return Ok(Err(HELP)),
            file if file == "-" || !file.starts_with('-') => {
                if !options.file.is_empty() {
                    return Err(format!(
                        "one file at a time: {} and {file} were given",
                        options.file
                    ));
                }
                file.clone_into(&mut options.file);
            }
            _ => return Err(unknown(&name, &NAMES)),
        }
        arguments.no_value_left(&name)?;
    }
    if options.file.is_empty() {
        return Err("send needs a file: honey-local send FILE, or - for standard input".to_owned());
    }
    if options.to.trim().is_empty() {
        return Err("--to needs a URL, such as http://127.0.0.1:8088".to_owned());
    }
    Ok(Ok(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(line: &str) -> Result<Result<Options, &'static str>, String> {
        read(line.split_whitespace().map(str::to_owned), None)
    }

    #[test]
    fn what_is_meant() {
        let expected = Options {
            file: "-".to_owned(),
            to: "https://u:p@host".to_owned(),
            key: "k".to_owned(),
            dataset: Some("d".to_owned()),
        };
        let options = given("--to=https://u:p@host - --key k --dataset d");
        assert!(options == Ok(Ok(expected)));
        let shown = options
            .ok()
            .and_then(Result::ok)
            .map(|read| read.to_shown());
        assert_eq!(shown.as_deref(), Some("https://host"));
        assert!(given("--help").is_ok_and(|wish| wish.is_err()));
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (line, advice) in [
            ("", "honey-local send FILE"),
            ("a b", "one file at a time"),
            ("a --too x", "did you mean `--to`"),
            ("a --key", "--key needs a value"),
            ("a --to=", "--to needs a URL"),
        ] {
            let said = given(line).err().unwrap_or_default();
            assert!(said.contains(advice), "{line}: {said}");
        }
    }
}
