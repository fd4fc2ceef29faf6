//! [`Stats`] for people.

use std::fmt;
use std::time::{Duration, Instant};

use super::{Stats, Waiting};
use crate::diagnostics::Diagnostic;

/// All of it, leaving out what is 0, in one line for a log: the balance; what is open; requests and the bytes of their bodies; what
/// happened to fields; what waits, for which destination and why; how often which trouble was met.
///
/// ```text
/// created 908 = delivered 900 + pending 8; 14 requests, 2 of them retries, 18.2 KiB; 8 events wait for api.honeycomb.io, dataset
/// "shop": throttled (429: request dropped due to rate limiting), next try in 12 s; trouble: throttled 2
/// ```
///
/// The alternate form, `{:#}`, has a line for each of these, and for each kind of trouble its cause and what to do about it.
impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = Instant::now();
        if f.alternate() {
            f.write_str(&self.lines(now).join("\n"))
        } else {
            f.write_str(&self.line(now))
        }
    }
}

impl Stats {
    fn line(&self, now: Instant) -> String {
        let mut parts = self.parts(now);
        let troubles = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.kind.is_trouble())
            .map(|diagnostic| format!("{} {}", diagnostic.kind.as_str(), diagnostic.times));
        let troubles = troubles.collect::<Vec<_>>().join(", ");
        if !troubles.is_empty() {
            parts.push(format!("trouble: {troubles}"));
        }
        parts.join("; ")
    }

    fn lines(&self, now: Instant) -> Vec<String> {
        let mut lines = self.parts(now);
        lines.extend(
            self.diagnostics
                .iter()
                .map(|diagnostic| trouble(diagnostic, now)),
        );
        lines
    }

    /// What both forms have.
    fn parts(&self, now: Instant) -> Vec<String> {
        let open = (self.open > 0).then(|| format!("{} open", self.open));
        let waiting = self.waiting.iter().map(|waiting| wait(waiting, now));
        [Some(self.balance()), open, self.traffic(), self.quirks()]
            .into_iter()
            .flatten()
            .chain(waiting)
            .collect()
    }

    fn balance(&self) -> String {
        let relation = if self.is_balanced() { '=' } else { '≠' };
        let unconfirmed = match self.unconfirmed {
            0 => String::new(),
            unconfirmed => format!(" ({unconfirmed} unconfirmed)"),
        };
        let delivered = format!("delivered {}{unconfirmed}", self.delivered());
        let held = match self.held {
            0 => String::new(),
            held => format!(" ({held} held)"),
        };
        let (discarded, dropped) = (self.discarded.total(), self.dropped.total());
        let others = [
            (self.rejected, format!("rejected {}", self.rejected)),
            (
                self.sampled_out,
                format!("sampled out {}", self.sampled_out),
            ),
            (
                discarded,
                format!("discarded {discarded} ({})", self.discarded),
            ),
            (dropped, format!("dropped {dropped} ({})", self.dropped)),
            (self.pending, format!("pending {}{held}", self.pending)),
        ];
        let others = others.into_iter().filter(|(count, _)| *count > 0);
        let sum: Vec<_> = std::iter::once(delivered)
            .chain(others.map(|(_, words)| words))
            .collect();
        format!("created {} {relation} {}", self.created, sum.join(" + "))
    }

    fn traffic(&self) -> Option<String> {
        let retries = match self.retries {
            0 => String::new(),
            retries => format!(", {retries} of them retries"),
        };
        (self.requests > 0).then(|| {
            format!(
                "{}{retries}, {}",
                count(self.requests, "request"),
                bytes(self.body_bytes)
            )
        })
    }

    fn quirks(&self) -> Option<String> {
        let quirks = [
            ("late fields", self.late_fields),
            ("refused fields", self.refused_fields),
            ("renamed fields", self.renamed_fields),
            ("reentrant fields", self.reentrant),
            ("bad values", self.bad_values),
            ("truncated events", self.truncated),
            ("user panics", self.user_panics),
            ("traces decided early", self.decided_early),
            ("refused contexts", self.refused_contexts),
            ("unread responses", self.unread_responses),
        ];
        let quirks = quirks.into_iter().filter(|(_, count)| *count > 0);
        let words: Vec<_> = quirks
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// `8 events wait for api.honeycomb.io, dataset "shop": throttled (429), next try in 12 s`
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&wait(self, Instant::now()))
    }
}

fn wait(waiting: &Waiting, now: Instant) -> String {
    let Waiting {
        host, dataset, why, ..
    } = waiting;
    let events = count(waiting.events, "event");
    let verb = if waiting.events == 1 { "waits" } else { "wait" };
    let place = if host.is_empty() && dataset.is_empty() {
        "the transmission".to_owned()
    } else {
        format!("{host}, dataset {dataset:?}")
    };
    let what = match (waiting.trouble, waiting.next_try) {
        (Some(trouble), Some(at)) => {
            let left = seconds(at.saturating_duration_since(now));
            format!("{} ({why}), next try in {left}", trouble.as_str())
        }
        (Some(trouble), None) => format!("{} ({why}), trying now", trouble.as_str()),
        (None, _) if waiting.requests > 0 => {
            format!("{} under way", count(waiting.requests, "request"))
        }
        (None, _) => "not sent yet".to_owned(),
    };
    format!("{events} {verb} for {place}: {what}")
}

fn trouble(diagnostic: &Diagnostic, now: Instant) -> String {
    let ago = seconds(now.saturating_duration_since(diagnostic.last));
    format!(
        "{} {}, last {ago} ago: {}",
        diagnostic.kind.as_str(),
        count(diagnostic.times, "time"),
        diagnostic.text
    )
}

fn count(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Nobody waits for a tenth of a second more or less once there are ten of them.
fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{seconds:.0} s")
    }
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn bytes(bytes: u64) -> String {
    const KIB: u64 = 1_024;
    const MIB: u64 = KIB * KIB;
    match bytes {
        0..KIB => count(bytes, "byte"),
        KIB..MIB => format!("{:.1} KiB", bytes as f64 / KIB as f64),
        MIB.. => format!("{:.1} MiB", bytes as f64 / MIB as f64),
    }
}

#[cfg(test)]
mod tests;
