#!/usr/bin/env bash
# The passing ui cases are clean under clippy's pedantic and nursery lints: what the macros generate is clean in everybody's code.
set -euo pipefail
honey="$(cd "$(dirname "$0")/.." && pwd)"
crate="$(mktemp -d)"
trap 'rm -rf "$crate"' EXIT
mkdir -p "$crate/src/bin"
cp "$honey"/tests/ui/pass/*.rs "$crate/src/bin/"
cp "$honey/Cargo.lock" "$crate/Cargo.lock"
cat >"$crate/Cargo.toml" <<TOML
[package]
name = "ui-pass"
version = "0.0.0"
edition = "2024"
[dependencies]
honey-runtime = { path = "$honey/honey-runtime", default-features = false, features = ["testing", "tokio", "catalog"] }
tokio = { version = "1", features = ["rt", "rt-multi-thread", "macros", "time"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
async-trait = "0.1"
[workspace]
TOML
cd "$crate"
# What the cases themselves do on purpose, to be like code that people write.
own=(missing_const_for_fn used_underscore_binding used_underscore_items unused_async needless_pass_by_value unnecessary_wraps
    must_use_candidate return_self_not_must_use missing_errors_doc missing_panics_doc module_name_repetitions unused_self
    needless_lifetimes redundant_pub_crate items_after_statements trivially_copy_pass_by_ref cast_possible_truncation)
allowed=()
for lint in "${own[@]}"; do allowed+=(-A "clippy::$lint"); done
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$honey/target}" cargo clippy --quiet --bins --keep-going -- \
    -D warnings -W clippy::pedantic -W clippy::nursery "${allowed[@]}"
echo "$(ls src/bin | wc -l) cases are clean"
