//! The lines of JSON that the measurements printed.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::peer::Result;

pub(super) struct Results(Vec<Value>);

impl Results {
    /// All `*.jsonl` of a folder.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut results = Vec::new();
        for file in fs::read_dir(folder)? {
            let path = file?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                for line in fs::read_to_string(path)?.lines() {
                    results.push(serde_json::from_str(line)?);
                }
            }
        }
        Ok(Self(results))
    }

    /// The lines of one table, in order.
    pub(super) fn table<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Value> + 'a {
        self.0.iter().filter(move |result| result["table"] == table)
    }

    /// One figure of a call, if that case was measured.
    pub(super) fn call(&self, title: &str, case: &str, key: &str) -> Option<f64> {
        let line = self
            .table("call")
            .find(|line| line["title"] == title && line["case"] == case)?;
        line[key].as_f64()
    }

    /// What a call takes longer than the function without instrumentation, in nanoseconds.
    pub(super) fn over_bare(&self, title: &str, case: &str) -> Option<f64> {
        let over = self.call(title, case, "ns")? - self.call(title, case, "bare_ns")?;
        Some(over.max(0.0))
    }

    /// One figure of a client's delivery.
    pub(super) fn delivery(&self, title: &str, key: &str) -> Option<f64> {
        let line = self.table("deliver").find(|line| line["title"] == title)?;
        line[key].as_f64()
    }

    /// One figure of a web service.
    pub(super) fn web(&self, title: &str, key: &str) -> Option<f64> {
        let line = self.table("axum").find(|line| line["title"] == title)?;
        line[key].as_f64()
    }

    /// Seconds that a variant took to compile.
    pub(super) fn compile_time(&self, variant: &str, command: &str) -> Option<f64> {
        let is_it = |line: &&Value| line["variant"] == variant && line["command"] == command;
        self.table("compile").find(is_it)?["seconds"].as_f64()
    }

    /// One figure of the table of scale.
    pub(super) fn scale(&self, axis: &str, value: u64, key: &str) -> Option<f64> {
        let is_it = |line: &&Value| line["axis"] == axis && line["value"] == value;
        self.table("scale").find(is_it)?[key].as_f64()
    }

    /// One side (`calls`, `bare`) of a run of the longest calls.
    pub(super) fn latency(&self, title: &str, side: &str, key: &str) -> Option<f64> {
        let line = self.table("latency").find(|line| line["title"] == title)?;
        line[side][key].as_f64()
    }

    /// Of these clients' deliveries the fastest.
    pub(super) fn fastest<'a>(&self, titles: &[&'a str]) -> Option<&'a str> {
        let speed = |title: &&str| self.delivery(title, "per_second").unwrap_or(0.0);
        titles
            .iter()
            .copied()
            .max_by(|a, b| speed(a).total_cmp(&speed(b)))
    }
}

/// A number as people write it: three digits that count, thousands apart.
pub(super) fn figure(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    whole(value)
}

/// A whole number, thousands apart.
pub(super) fn whole(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut written = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// To three digits: a speed or a size whose rest is noise.
pub(super) fn rounded(value: f64) -> String {
    let step = 10_f64.powf((value.max(1.0).log10().floor() - 2.0).max(0.0));
    whole((value / step).round() * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(figure(1.234), "1.23");
        assert_eq!(figure(71.26), "71.3");
        assert_eq!(figure(4352.5), "4,352");
        assert_eq!(whole(1_234_567.0), "1,234,567");
        assert_eq!(rounded(854_910.0), "855,000");
        assert_eq!(rounded(10.0), "10");
    }
}
