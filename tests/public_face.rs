//! The public face of the design compiles as written there, and does what it says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

/// The same program that `scripts/outside-crate.sh` builds outside the workspace.
#[path = "outside-crate/src/main.rs"]
#[expect(clippy::print_stdout, unreachable_pub, reason = "it is a program")]
mod program;

#[test]
fn the_program_of_the_design_runs() {
    program::main().unwrap();
}
