//! Tables that are kept true: which module of honey-runtime may name which (docs/architecture.md), and which settings there are.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The table as it stands in docs/architecture.md: `| module | may use |`.
fn table(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    let rows = page
        .lines()
        .skip_while(|line| !line.starts_with("| module | may use |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|');
        let module = cells.next().unwrap().trim().trim_matches('`').to_owned();
        let uses = cells.next().unwrap();
        let uses = uses
            .split(',')
            .map(|name| name.trim().trim_matches('`').to_owned());
        (
            module,
            uses.filter(|name| !name.is_empty() && name != "–")
                .collect(),
        )
    })
    .collect()
}

/// Every `.rs` file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// What follows each `crate::` in code, up to the next `::`; what stands in comments and below `mod tests` does not count.
fn uses(source: &str) -> BTreeSet<String> {
    let code: String = source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
        // In a `macro_rules!` it is whoever calls it that names the path.
        .replace("$crate::", "");
    let mut used = BTreeSet::new();
    for part in code.split("crate::").skip(1) {
        // `use crate::{a::…, b::…}` names several.
        if let Some(list) = part.strip_prefix('{') {
            let list = list.split("};").next().unwrap();
            used.extend(
                list.split(',')
                    .map(|item| item.trim().split("::").next().unwrap().to_owned()),
            );
        } else {
            used.insert(
                part.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    used
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = table(root);
    assert!(table.len() > 10, "the table was not found: {table:?}");
    let src = root.join("honey-runtime/src");
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        let first = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let module = first.trim_end_matches(".rs");
        if module == "lib" || path.ends_with("tests.rs") || path.ends_with("sender/testing.rs") {
            continue;
        }
        seen.insert(module.to_owned());
        let Some(allowed) = table.get(module) else {
            wrong.push(format!("`{module}` has no row"));
            continue;
        };
        for used in uses(&fs::read_to_string(&path).unwrap()) {
            if used != module && !allowed.contains(&used) {
                wrong.push(format!("{}: `crate::{used}`", inside.display()));
            }
        }
    }
    wrong.extend(
        table
            .keys()
            .filter(|row| !seen.contains(*row))
            .map(|row| format!("`{row}` has a row but no file")),
    );
    assert!(
        wrong.is_empty(),
        "not in the table of docs/architecture.md:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn neither_side_names_the_other() {
    let table = table(Path::new(env!("CARGO_MANIFEST_DIR")));
    let record_side = ["event", "scope", "client", "config", "free"];
    for module in ["event", "scope", "dispatch", "client", "free"] {
        assert!(
            !table[module].contains("sender"),
            "{module} must not know the sender"
        );
    }
    for module in record_side {
        assert!(
            !table["sender"].contains(module),
            "the sender must not know {module}"
        );
    }
}

/// What each method that takes and gives back a `Config` is called.
fn setters(source: &str) -> impl Iterator<Item = &str> {
    let methods = source.split("pub fn ").skip(1);
    methods.filter_map(|method| {
        let (name, rest) = method.split_once('(')?;
        rest.trim_start().starts_with("mut self").then_some(name)
    })
}

#[test]
fn every_setting_stands_in_the_table_of_all_settings() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("honey-runtime");
    let table = fs::read_to_string(runtime.join("docs/config.md")).unwrap();
    let mut known = 0;
    for file in sources(&runtime.join("src/config")) {
        for setter in setters(&fs::read_to_string(&file).unwrap()) {
            assert!(table.contains(&format!("`{setter}`")), "{setter}");
            known += 1;
        }
    }
    assert!(known > 30, "{known}: are these the settings?");
}
