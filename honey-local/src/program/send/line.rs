//! The lines of a file, each read as an event.

use std::io::{BufRead, Read};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::protocol::{Limits, Origin, event_of_batch, members};
use crate::{ApiKey, Dataset};

/// Longer than any event that a server takes.
const MAX_LINE_BYTES: u64 = 4_000_000;
/// What Honeycomb takes today; the document names less.
const MAX_EVENT_BYTES: usize = 1_000_000;

/// An event that was written down.
pub(super) struct Line {
    pub(super) dataset: Option<String>,
    pub(super) time: Option<SystemTime>,
    pub(super) sample_rate: u32,
    pub(super) data: Arc<Map<String, Value>>,
}

impl Line {
    /// Reads `{"time":"…","samplerate":n,"dataset":"…","data":{…}}`, the data as strictly as the server does.
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        let dataset = dataset(text)?;
        let origin = Origin {
            dataset: Dataset::new(""),
            api_key: ApiKey::new(""),
            limits: &Limits {
                event_bytes: MAX_EVENT_BYTES,
                ahead_ns: i64::MAX,
                ..Limits::default()
            },
            now_ns: 0,
        };
        let event = event_of_batch(text, 0, &origin)?;
        let sample_rate = u32::try_from(event.sample_rate).map_err(|_| {
            format!(
                "its samplerate {} is above 4,294,967,295",
                event.sample_rate
            )
        })?;
        Ok(Self {
            dataset,
            time: event.time_given.is_some().then(|| time_of(event.time_ns)),
            sample_rate,
            data: event.data,
        })
    }
}

fn dataset(text: &str) -> Result<Option<String>, String> {
    let members = members(text).ok_or("it is no JSON object")?;
    let named = members.iter().rfind(|(key, _)| key == "dataset");
    match named.map(|(_, value)| serde_json::from_str(value.get())) {
        None => Ok(None),
        Some(Ok(name)) => Ok(name),
        Some(Err(_)) => Err("its dataset is no string".to_owned()),
    }
}

fn time_of(unix_ns: i64) -> SystemTime {
    let since = Duration::from_nanos(unix_ns.unsigned_abs());
    if unix_ns < 0 {
        UNIX_EPOCH - since
    } else {
        UNIX_EPOCH + since
    }
}

/// The lines of a file with their numbers from 1, empty ones left out.
pub(super) struct Lines<R> {
    file: R,
    number: u64,
    is_over: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(file: R) -> Self {
        Self {
            file,
            number: 0,
            is_over: false,
        }
    }

    /// The next line, or why there is none that can be read; `None` at the end.
    fn next_line(&mut self) -> Option<Result<Vec<u8>, String>> {
        let mut line = Vec::new();
        self.number += 1;
        let read = (&mut self.file)
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line);
        match read {
            Ok(0) => None,
            Ok(_) if line.ends_with(b"\n") || (line.len() as u64) < MAX_LINE_BYTES => {
                Some(Ok(line))
            }
            Ok(_) => match self.file.skip_until(b'\n') {
                Ok(_) => Some(Err(format!("it is longer than {MAX_LINE_BYTES} bytes"))),
                Err(error) => Some(Err(self.broken(&error))),
            },
            Err(error) => Some(Err(self.broken(&error))),
        }
    }

    fn broken(&mut self, error: &std::io::Error) -> String {
        self.is_over = true;
        format!("the file cannot be read on: {error}")
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = (u64, Result<Line, String>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            match self.next_line()? {
                Ok(line) if line.trim_ascii().is_empty() => {}
                Ok(line) => return Some((self.number, Line::read(line.trim_ascii()))),
                Err(why) => return Some((self.number, Err(why))),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(file: &[u8]) -> Vec<(u64, Option<String>)> {
        Lines::new(file)
            .map(|(number, line)| (number, line.err()))
            .collect()
    }

    #[test]
    fn bad_lines_are_named_by_number_and_cause() {
        let file = b"{\"data\":{\"a\":1}}\n\n  \r\nnonsense\n[1]\n{\"data\":{}}\n{\"data\":{\"a\":1,\"a\":2}}\n\
            {\"time\":\"soon\",\"data\":{\"a\":1}}\n\xff\n{\"data\":{\"a\":1},\"samplerate\":4294967296}\n{\"data\":{\"last\":1}}";
        let found = problems(file);
        let numbers: Vec<_> = found.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 4, 5, 6, 7, 8, 9, 10, 11]);
        let causes = [
            "",
            "no JSON object",
            "no JSON object",
            "empty event data",
            "duplicate key \"a\"",
            "soon",
            "UTF-8",
            "samplerate",
            "",
        ];
        for ((number, problem), cause) in found.iter().zip(causes) {
            let problem = problem.as_deref().unwrap_or_default();
            assert!(problem.contains(cause), "{number}: {problem}");
            assert_eq!(problem.is_empty(), cause.is_empty(), "{number}: {problem}");
        }
    }

    #[test]
    fn an_endless_line_is_skipped_and_the_next_one_read() {
        let mut file = vec![b'x'; 5_000_000];
        file.extend_from_slice(b"\n{\"data\":{\"a\":1}}\n");
        let found = problems(&file);
        assert!(
            found[0]
                .1
                .as_deref()
                .is_some_and(|why| why.contains("longer"))
        );
        assert_eq!(found[1], (2, None));
    }
}
