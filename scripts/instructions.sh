#!/usr/bin/env bash
# Counts the instructions of each kind of call, and fails when one takes more than its budget. Installs what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v valgrind >/dev/null || { apt-get update -qq && apt-get install -y -qq valgrind; }

# The runner must be of the same version as the library.
version="$(cargo metadata --format-version 1 --locked | python3 -c '
import json, sys
print(next(package["version"] for package in json.load(sys.stdin)["packages"] if package["name"] == "gungraun"))')"
[ "$(gungraun-runner --version 2>/dev/null)" = "gungraun-runner $version" ] \
    || cargo install --quiet --locked "gungraun-runner@$version"

cargo bench --quiet --package honey-benches --bench instructions
