//! What compiles, what does not, and what the compiler says then.
//!
//! `TRYBUILD=overwrite cargo test -p honey-ui-tests` writes the expected texts anew: read them before committing. The texts in
//! `fail_rustc` are rustc's own, so they belong to one version of it; with `HONEY_UI_PINNED=1` they run, and they alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The compiler whose words `fail_rustc` holds.
const PINNED_RUSTC: &str = "1.95.0";

#[test]
fn macros_compile_or_explain() {
    for path in cases("pass") {
        let text = fs::read_to_string(&path).unwrap();
        let allows = !text.starts_with("#![deny(warnings)]");
        assert!(!allows, "{} allows warnings", path.display());
    }
    let cases = trybuild::TestCases::new();
    if env::var_os("HONEY_UI_PINNED").is_some_and(|value| value == "1") {
        assert_pinned_compiler();
        cases.compile_fail("fail_rustc/*.rs");
    } else {
        cases.pass("pass/*.rs");
        cases.compile_fail("fail/*.rs");
    }
}

/// A case that is renamed, lost or forgotten shows here.
#[test]
fn the_cases_are_those_of_the_list() {
    let listed: BTreeSet<&str> = include_str!("cases.txt").lines().collect();
    let mut found = BTreeSet::new();
    for folder in ["pass", "fail", "fail_rustc"] {
        for path in cases(folder) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            found.insert(format!("{folder}/{name}"));
            let is_explained = path.with_extension("stderr").exists();
            assert_eq!(is_explained, folder != "pass", "{}", path.display());
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let differ: Vec<_> = found.symmetric_difference(&listed).collect();
    assert!(
        differ.is_empty(),
        "not in cases.txt, or only there: {differ:?}"
    );
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .collect()
}

fn assert_pinned_compiler() {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    assert!(
        version.starts_with(&format!("rustc {PINNED_RUSTC} ")),
        "tests/ui/fail_rustc holds the words of rustc {PINNED_RUSTC}, but this is {version}: write them anew with \
         TRYBUILD=overwrite, read them, and set PINNED_RUSTC"
    );
}

/// The most that is said about a type that honey cannot use, besides showing the source.
const MOST_LINES: usize = 6;
/// Its error is about a bound of the user's own, which the compiler follows through the derived `impl`.
const CHAINS: &[&str] = &["11_derive_missing_bound"];

/// The errors that the compiler makes because a type lacks a trait of ours: few lines, and our advice before the compiler's.
#[test]
fn the_compilers_errors_are_short_and_begin_with_ours() {
    let mut errors = 0;
    for path in cases("fail_rustc") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if CHAINS.contains(&name) {
            continue;
        }
        let text = fs::read_to_string(path.with_extension("stderr")).unwrap();
        for error in text
            .split("\n\n")
            .filter(|error| error.starts_with("error[E0277]"))
        {
            errors += 1;
            let said: Vec<&str> = error.lines().filter(|line| says_something(line)).collect();
            assert!(
                said.len() <= MOST_LINES,
                "{name}: {} lines: {said:#?}",
                said.len()
            );
            let of_rustc = [
                "the trait bound",
                "doesn't implement",
                "is not satisfied",
                "mismatched",
            ];
            assert!(
                !of_rustc.iter().any(|text| said[0].contains(text)),
                "{name}: {}",
                said[0]
            );
            let first_of_rustc = said.iter().position(|line| line.contains("the trait `"));
            assert!(
                first_of_rustc.is_none_or(|place| place >= 2),
                "{name}: {said:#?}"
            );
        }
    }
    assert!(errors >= 25, "only {errors} errors were found");
}

/// Not a place, not a line of the source, not a frame around one: a label, a note, the error itself.
fn says_something(line: &str) -> bool {
    let line = line.trim_start();
    let (number, shown) = line.split_once('|').unwrap_or((line, line));
    let is_source = shown != line && number.trim().parse::<u32>().is_ok();
    !is_source && !line.starts_with("-->") && shown.contains(|c: char| c.is_alphabetic())
}
