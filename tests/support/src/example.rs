//! The programs in `examples/`, run by tests as a newcomer runs them.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// The example of this name, beside the test that asks. `cargo test` builds it first; `cargo test --test …` does not, so that it is
/// built here if it was never built, or if one of its sources, honey's among them, has changed since.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn example(name: &str) -> Command {
    // `target/debug/deps/test-…`
    let test = env::current_exe().unwrap_or_default();
    let built = test.ancestors().nth(2).unwrap_or(Path::new("."));
    let program = built.join("examples").join(format!("{name}{EXE_SUFFIX}"));
    if !is_up_to_date(&program) {
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", name])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "{name} cannot be built"
        );
    }
    Command::new(program)
}

/// By the list of sources that Cargo writes beside a program: `program: source source`, with blanks in paths escaped.
fn is_up_to_date(program: &Path) -> bool {
    let Some(built) = changed(program) else {
        return false;
    };
    let Ok(sources) = fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let sources = sources.replace("\\ ", "\0");
    sources
        .split_ascii_whitespace()
        .skip(1)
        .all(|source| changed(Path::new(&source.replace('\0', " "))).is_some_and(|at| at <= built))
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}
