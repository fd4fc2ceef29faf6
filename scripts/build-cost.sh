#!/usr/bin/env bash
# What a clean release build of honey costs, beside its peers: crates, CPU seconds, seconds. With `--json` as lines of JSON.
set -euo pipefail
honey="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

otlp='opentelemetry = "0.33"
opentelemetry_sdk = "0.33"
opentelemetry-otlp = { version = "0.33", features = ["reqwest-rustls", "zstd-http"] }'
variants=(
    "**honey**, default features|honey-runtime = { path = \"$honey/honey-runtime\" }"
    "**honey**, without \`zstd\`|honey-runtime = { path = \"$honey/honey-runtime\", default-features = false, features = [\"http\"] }"
    "**honey**, without \`http\`|honey-runtime = { path = \"$honey/honey-runtime\", default-features = false, features = [\"zstd\"] }"
    "**honey**, without both: what a library takes|honey-runtime = { path = \"$honey/honey-runtime\", default-features = false }"
    "tracing + OpenTelemetry + OTLP over HTTP, TLS and zstd|tracing = \"0.1\"
tracing-subscriber = \"0.3\"
tracing-opentelemetry = \"0.34\"
$otlp"
    "fastrace + OTLP over HTTP, TLS and zstd|fastrace = { version = \"0.7\", features = [\"enable\"] }
fastrace-opentelemetry = \"0.19\"
$otlp"
    "fastrace alone|fastrace = { version = \"0.7\", features = [\"enable\"] }"
    "libhoney-rust|libhoney-rust = \"0.1.6\""
)

measure() { # name, dependencies
    local crate="$work/crate" crates user system seconds
    rm -rf "$crate"
    mkdir -p "$crate/src"
    echo 'fn main() {}' >"$crate/src/main.rs"
    printf '[package]\nname = "built"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n[dependencies]\n%s\n' "$2" >"$crate/Cargo.toml"
    cargo fetch --quiet --manifest-path "$crate/Cargo.toml"
    crates=$(($("$honey/scripts/count-crates.sh" --manifest-path "$crate/Cargo.toml") - 1))
    read -r user system seconds < <(
        TIMEFORMAT='%U %S %R'
        { time cargo build --quiet --release --offline --manifest-path "$crate/Cargo.toml" --target-dir "$crate/target" 1>&2 2>/dev/null; } 2>&1
    )
    awk -v title="$1" -v crates="$crates" -v cpu="$(awk "BEGIN { print $user + $system }")" -v seconds="$seconds" -v json="$json" 'BEGIN {
        if (json) printf "{\"table\":\"build\",\"title\":\"%s\",\"crates\":%d,\"cpu_s\":%.1f,\"seconds\":%.1f}\n", title, crates, cpu, seconds
        else printf "%-60s %4d crates %7.1f CPU s %7.1f s\n", title, crates, cpu, seconds
    }'
}

json=$([ "${1:-}" = --json ] && echo 1 || echo 0)
for variant in "${variants[@]}"; do
    measure "${variant%%|*}" "${variant#*|}"
done
