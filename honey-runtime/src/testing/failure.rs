//! What a failed test says: what was asked, how far the nearest event is from it, what there was.

use std::cmp::Reverse;
use std::fmt::{self, Write as _};

use super::CapturedEvent;
use super::condition::{Condition, Look};
use super::nearness::distance;
use super::tree::is_unsteady;

/// Events listed, at most.
const MAX_LISTED: usize = 20;
/// Characters of an event's line, at most.
const MAX_LINE_CHARS: usize = 160;

pub(super) struct Failure<'a> {
    pub(super) expected: &'a str,
    pub(super) all: &'a [CapturedEvent],
    pub(super) left: &'a [&'a CapturedEvent],
    pub(super) asked: &'a [Condition<'a>],
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = match self.left.len() {
            0 => "there is none".to_owned(),
            1 => "there is one:".to_owned(),
            n => format!("there are {n}:"),
        };
        writeln!(f, "expected {}{}; {found}", self.expected, self.question())?;
        if self.all.is_empty() {
            return write!(
                f,
                "nothing was captured. What runs on another thread or in a task is seen where it carries the event along: \
                 `honey::scope`, `in_current_event`, `honey::tokio::spawn`"
            );
        }
        if !self.left.is_empty() {
            return list(f, self.left.iter().copied());
        }
        let mut events: Vec<_> = self.all.iter().collect();
        events.sort_by_cached_key(|event| Reverse(self.nearness(event)));
        if let Some(nearest) = events.first().filter(|_| !self.asked.is_empty()) {
            self.compare(f, nearest)?;
        }
        writeln!(f, "captured, the nearest first:")?;
        list(f, events.into_iter())
    }
}

impl Failure<'_> {
    /// ` with name "checkout", error true`
    fn question(&self) -> String {
        let asked: Vec<_> = self
            .asked
            .iter()
            .map(|condition| format!("{} {}", condition.subject, condition.expected))
            .collect();
        let with = if asked.is_empty() { "" } else { " with " };
        format!("{with}{}", asked.join(", "))
    }

    /// The name counts most, then how much of the question holds, then how alike the names are.
    fn nearness(&self, event: &CapturedEvent) -> (usize, usize, Reverse<usize>) {
        let wanted = self
            .asked
            .iter()
            .find_map(|condition| condition.name.as_deref());
        let has_name = wanted.is_some() && wanted == event.name();
        let holding = self.asked.iter().filter(|condition| condition.holds(event));
        let typos = wanted.map_or(0, |wanted| {
            distance(wanted, event.name().unwrap_or_default())
        });
        (has_name.into(), holding.count(), Reverse(typos))
    }

    /// Question by question, what was expected and what the event has.
    fn compare(&self, f: &mut fmt::Formatter<'_>, event: &CapturedEvent) -> fmt::Result {
        let looks: Vec<(&Condition<'_>, Look)> = self
            .asked
            .iter()
            .map(|condition| (condition, condition.look(event)))
            .collect();
        let width = |of: &dyn Fn(&Condition<'_>) -> usize, least: &str| {
            self.asked
                .iter()
                .map(of)
                .max()
                .unwrap_or(0)
                .max(least.len())
        };
        let subject = width(&|condition| condition.subject.chars().count(), "");
        let expected = width(&|condition| condition.expected.chars().count(), "expected");
        let name = event.name().unwrap_or("an event without a name");
        writeln!(f, "the nearest is {name}:")?;
        writeln!(f, "    {:subject$}  {:expected$}  captured", "", "expected")?;
        for (condition, look) in looks {
            let mark = if look.holds { ' ' } else { '≠' };
            writeln!(
                f,
                "  {mark} {:subject$}  {:expected$}  {}",
                condition.subject, condition.expected, look.captured
            )?;
        }
        Ok(())
    }
}

fn list<'e>(
    f: &mut fmt::Formatter<'_>,
    events: impl ExactSizeIterator<Item = &'e CapturedEvent>,
) -> fmt::Result {
    let more = events.len().saturating_sub(MAX_LISTED);
    for (place, event) in events.take(MAX_LISTED).enumerate() {
        let end = if place == 0 { "" } else { "\n" };
        write!(f, "{end}  {}", line(event))?;
    }
    if more > 0 {
        write!(f, "\n  … and {more} more")?;
    }
    Ok(())
}

/// The event's name and fields, without what no test asks for.
fn line(event: &CapturedEvent) -> String {
    let mut line = event.name().unwrap_or("(no name)").to_owned();
    let mut fields: Vec<_> = event.data().iter().collect();
    fields.sort_by_key(|(key, _)| *key);
    for (key, value) in fields {
        if key != "name" && !is_unsteady(key) {
            let _ = write!(line, "  {key}={value}");
        }
    }
    match line.char_indices().nth(MAX_LINE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
