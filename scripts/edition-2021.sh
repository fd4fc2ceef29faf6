#!/usr/bin/env bash
# Builds and runs one crate in each edition, and once more with honey under another name.
set -euo pipefail
honey="$(cd "$(dirname "$0")/.." && pwd)"
crate="$(mktemp -d)"
trap 'rm -rf "$crate"' EXIT
cp -r "$honey/tests/edition-2021/src" "$crate/src"
cp "$honey/Cargo.lock" "$crate/Cargo.lock"
cd "$crate"

build_and_run() { # edition, name of the dependency
    sed "s|@HONEY@|$honey|; s|@EDITION@|$1|; s|@NAME@|$2|" "$honey/tests/edition-2021/Cargo.toml.in" >Cargo.toml
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$honey/target}" cargo run --quiet
    echo "edition $1, honey as \`$2\`: built and ran"
}

# As a dependency is called by default: the package's name, with the library's name in code.
for edition in 2018 2021 2024; do
    build_and_run "$edition" honey
done
sed -i -E 's/#\[(::)?honey::(event|dynamic_field)\(/#[\1bees::\2(crate = ::bees, /; s/derive\((::)?honey::/derive(\1bees::/; s/^( *)#\[honey\((prefix|tag|rename_all) = ("[^"]*")\)\]/\1#[honey(\2 = \3, crate = ::bees)]/; s/\bhoney::(testing|start_child|dynamic_fields)/bees::\1/' src/main.rs
if grep -n 'honey::' src/main.rs; then
    echo "a path to honey was left" >&2
    exit 1
fi
build_and_run 2021 bees
