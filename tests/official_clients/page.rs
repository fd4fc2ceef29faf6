//! The page for those who come from libhoney names everything that the clients have.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::client::Official;

#[test]
fn nothing_is_missing() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/libhoney.md");
    let page = fs::read_to_string(page).unwrap();
    let known = words_in_code(&page);
    for official in Official::asked_for("the page for those who come from libhoney") {
        let names = official.names();
        assert!(names.len() > 40, "{names:?}");
        let missing: Vec<_> = names
            .iter()
            .filter(|name| !known.contains(name.as_str()))
            .collect();
        assert!(missing.is_empty(), "{official:?}: {missing:?}");
    }
}

/// The identifiers between backticks, outside of blocks.
fn words_in_code(page: &str) -> BTreeSet<&str> {
    let mut outside = page.split("```").step_by(2);
    let spans = outside
        .by_ref()
        .flat_map(|text| text.split('`').skip(1).step_by(2));
    spans
        .flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect()
}
