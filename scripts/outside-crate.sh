#!/usr/bin/env bash
# Builds and runs a crate of its own, outside the workspace, that depends on honey-runtime by path.
set -euo pipefail
honey="$(cd "$(dirname "$0")/.." && pwd)"
crate="$(mktemp -d)"
trap 'rm -rf "$crate"' EXIT
cp -r "$honey/tests/outside-crate/src" "$crate/src"
sed "s|@HONEY@|$honey|" "$honey/tests/outside-crate/Cargo.toml.in" >"$crate/Cargo.toml"
# The workspace's versions, so that no registry is asked for newer ones.
cp "$honey/Cargo.lock" "$crate/Cargo.lock"
cd "$crate"
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$honey/target}" cargo run --quiet
