#!/usr/bin/env bash
# A dependency's dynamic fields are there when the program mentions the dependency, and not when it only stands in Cargo.toml:
# three programs with one dependency, as built for development and with everything that makes binaries small.
set -euo pipefail
honey="$(cd "$(dirname "$0")/.." && pwd)"
crate="$(mktemp -d)"
trap 'rm -rf "$crate"' EXIT
cp -r "$honey/tests/linked-crates/." "$crate"
for manifest in Cargo.toml plugin/Cargo.toml; do
    sed "s|@HONEY@|$honey|" "$crate/$manifest.in" >"$crate/$manifest"
done
cp "$honey/Cargo.lock" "$crate/Cargo.lock"
cd "$crate"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$honey/target}"
# Link-time optimization of all crates together throws away whatever is not reached.
export CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_STRIP=symbols CARGO_PROFILE_RELEASE_OPT_LEVEL=1
for profile in dev release; do
    cargo build --quiet --bins --profile "$profile"
    for program in unmentioned mentioned called; do
        cargo run --quiet --profile "$profile" --bin "$program"
    done
    echo "$profile: registered when mentioned or called, absent when only listed in Cargo.toml"
done
