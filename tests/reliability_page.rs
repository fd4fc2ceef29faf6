//! docs/reliability.md names tests that there are, and every test of the matrix.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// `file::test` for each test in the files of a folder.
fn tests_in(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(&path).unwrap();
        for part in source.split("#[test]\n").skip(1) {
            let name = part.trim_start().strip_prefix("fn ").unwrap();
            let name = name.split('(').next().unwrap();
            names.insert(format!("{file}::{name}"));
        }
    }
    names
}

/// Everything in the files of a folder and those in it.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else {
            all += &fs::read_to_string(&path).unwrap();
        }
    }
    all
}

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md");
    fs::read_to_string(page).unwrap()
}

#[test]
fn every_row_of_the_matrix_says_what_was_offered_and_what_became_of_it() {
    let page = page();
    let matrix = page.split("| fault | test |").nth(1).unwrap();
    let rows = matrix.split("\n\n").next().unwrap().lines().skip(2);
    let mut count = 0;
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let is_whole = cells.len() == 4 && cells[1..].iter().all(|cell| !cell.trim().is_empty());
        assert!(is_whole, "{row}");
        count += 1;
    }
    assert!(count > 100, "{count} rows: is this the matrix?");
}

#[test]
fn the_page_and_the_tests_agree() {
    let page = page();
    let named: BTreeSet<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| {
            code.contains("::")
                && code
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_:".contains(c))
        })
        .collect();
    let faults = tests_in("tests/faults");
    let unnamed: Vec<_> = faults
        .iter()
        .filter(|test| !named.contains(test.as_str()))
        .collect();
    assert!(
        unnamed.is_empty(),
        "not in docs/reliability.md: {unnamed:?}"
    );
    let processes = tests_in("tests/process/tests/process");
    let groups: BTreeSet<&str> = faults
        .iter()
        .chain(&processes)
        .filter_map(|test| test.split("::").next())
        .collect();
    let inside = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("honey-runtime/src"));
    let is_inside = |name: &str| {
        let function = format!("fn {}(", name.rsplit("::").next().unwrap());
        inside.contains(&function)
    };
    let gone: Vec<_> = named
        .iter()
        .filter(|name| {
            let group = name.split("::").next().unwrap();
            if groups.contains(group) {
                !faults.contains(**name) && !processes.contains(**name)
            } else {
                name.contains("::tests::") && !is_inside(name)
            }
        })
        .collect();
    assert!(
        gone.is_empty(),
        "docs/reliability.md names tests that there are not: {gone:?}"
    );
}
