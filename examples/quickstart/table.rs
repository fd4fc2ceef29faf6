//! Events by name: how many, how they ended, how long they took.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use honey_local::Event;

/// The bars, from none to most.
const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Columns of the distribution: four for each factor of ten, from 1 ms to 1 s.
const COLUMNS: usize = 12;
const COLUMNS_PER_DECADE: f64 = 4.0;
const OUTCOMES: [&str; 3] = ["error", "panic", "cancelled"];

/// What is known of one name.
#[derive(Default)]
struct Row {
    events: usize,
    /// As many as `OUTCOMES`.
    ended: [usize; 3],
    durations_ms: Vec<f64>,
}

/// The table, the most frequent names first. Events made by hand may have no duration.
pub(crate) fn by_name(events: &[Event]) -> String {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for event in events {
        rows.entry(event.name().unwrap_or("(no name)"))
            .or_default()
            .add(event);
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.events));
    let mut text = format!(
        "{:<16} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7} {:>7}  1 ms … 1 s\n",
        "name", "events", "errors", "panics", "cancelled", "p50", "p95", "p99"
    );
    for (name, row) in &rows {
        let [errors, panics, cancelled] = row.ended.map(or_dash);
        let [p50, p95, p99] = [50, 95, 99].map(|percent| row.percentile(percent));
        let line = format!(
            "{name:<16} {:>6} {errors:>6} {panics:>6} {cancelled:>9} {p50:>7} {p95:>7} {p99:>7}  {}",
            row.events,
            row.distribution()
        );
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn or_dash(count: usize) -> String {
    if count == 0 {
        "-".to_owned()
    } else {
        count.to_string()
    }
}

impl Row {
    fn add(&mut self, event: &Event) {
        self.events += 1;
        for (outcome, count) in OUTCOMES.iter().zip(&mut self.ended) {
            *count += usize::from(event.str("outcome") == Some(outcome));
        }
        self.durations_ms.extend(event.duration_ms());
        self.durations_ms.sort_by(f64::total_cmp);
    }

    /// The least duration that `percent` of all do not exceed.
    fn percentile(&self, percent: usize) -> String {
        let place = (self.durations_ms.len() * percent)
            .div_ceil(100)
            .saturating_sub(1);
        self.durations_ms
            .get(place)
            .map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1}"))
    }

    /// How many took how long, on a logarithmic scale, as a row of bars.
    fn distribution(&self) -> String {
        let mut columns = [0_usize; COLUMNS];
        for &ms in &self.durations_ms {
            columns[column(ms)] += 1;
        }
        let most = columns.iter().copied().max().unwrap_or(0).max(1);
        columns
            .iter()
            .map(|count| BARS[(count * (BARS.len() - 1)).div_ceil(most)])
            .collect()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest index there is"
)]
fn column(ms: f64) -> usize {
    let column = (ms.max(f64::MIN_POSITIVE).log10() * COLUMNS_PER_DECADE).floor();
    (column as usize).min(COLUMNS - 1)
}
