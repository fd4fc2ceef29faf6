#!/usr/bin/env bash
# Counts the crates that a user of honey-runtime builds, and fails beyond the targets: 105 with TLS and zstd, 20 without http.
# With arguments for `cargo tree` it only prints how many crates those choose.
set -euo pipefail
cd "$(dirname "$0")/.."
count() {
    cargo tree --edges normal,build --prefix none --no-dedupe "$@" | awk '{print $1, $2}' | sort -u | wc -l
}
if [ "$#" -gt 0 ]; then
    count "$@"
    exit
fi
status=0
check() {
    local crates="$1" most="$2" what="$3"
    echo "$what: $crates crates (at most $most)"
    if [ "$crates" -gt "$most" ]; then status=1; fi
}
check "$(count --package honey-runtime)" 105 'default features'
check "$(count --package honey-runtime --no-default-features)" 20 'without http, without zstd'
exit "$status"
