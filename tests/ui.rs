//! What compiles, what does not, and what the compiler says then.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the expected texts anew: read them before committing. The texts in
//! `fail_rustc` are rustc's own, so they belong to one version of it; they run only with `HONEY_UI_PINNED=1`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Fewer than these were not all of them.
const FEWEST_PASS: usize = 79;
const FEWEST_FAIL: usize = 78;
const FEWEST_FAIL_RUSTC: usize = 15;

/// The compiler whose words `fail_rustc` holds.
const PINNED_RUSTC: &str = "1.95.0";

#[test]
fn macros_compile_or_explain() {
    assert_at_least("tests/ui/pass", FEWEST_PASS);
    assert_at_least("tests/ui/fail", FEWEST_FAIL);
    assert_at_least("tests/ui/fail_rustc", FEWEST_FAIL_RUSTC);
    for_each("tests/ui/pass", |path| {
        let text = fs::read_to_string(path).unwrap();
        assert!(
            text.starts_with("#![deny(warnings)]"),
            "{} allows warnings",
            path.display()
        );
    });
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
    if env::var_os("HONEY_UI_PINNED").is_some_and(|value| value == "1") {
        assert_pinned_compiler();
        cases.compile_fail("tests/ui/fail_rustc/*.rs");
    }
}

fn assert_at_least(folder: &str, fewest: usize) {
    let mut count = 0;
    for_each(folder, |_| count += 1);
    assert!(
        count >= fewest,
        "{folder} holds {count} cases, not {fewest}: where are the others?"
    );
}

fn for_each(folder: &str, mut case: impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            case(&path);
        }
    }
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
