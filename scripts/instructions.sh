#!/usr/bin/env bash
# Counts the instructions of each kind of call, and of writing an event as JSON; fails when one takes more than its budget.
# Installs what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -qq -y valgrind
fi

# The runner must be of the same version as the library.
version="$(cargo metadata --format-version 1 --locked | python3 -c '
import json, sys
print(next(package["version"] for package in json.load(sys.stdin)["packages"] if package["name"] == "gungraun"))')"
[ "$(gungraun-runner --version 2>/dev/null)" = "gungraun-runner $version" ] \
    || cargo install --quiet --locked "gungraun-runner@$version"

# As users build: incremental compilation divides the code otherwise, and other functions are inlined.
export CARGO_INCREMENTAL=0
counted="$(mktemp)"
trap 'rm -f "$counted"' EXIT
cargo bench --quiet --package honey-benches --features instructions --bench instructions --bench encoding | tee "$counted"
# A function that is not found, for it has another name, takes none.
if grep -Eq 'Instructions: +0\|' "$counted"; then
    echo 'something was not counted at all' >&2
    exit 1
fi
