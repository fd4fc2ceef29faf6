#!/usr/bin/env bash
# What annotations cost at compile time: one crate with 800 functions (half of them async, 3 fields each), plain and annotated
# with honey, honey's feature `catalog`, tracing and fastrace, in one run. Prints medians of 3 in seconds, dependencies built before;
# with `--json` first as lines of JSON.
set -euo pipefail
honey="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
json=0
if [ "${1:-}" = --json ]; then json=1 && shift; fi
functions="${1:-800}"
rounds="${2:-3}"

source_of() { # variant
    python3 - "$1" "$functions" <<'PY'
import sys
variant, functions = sys.argv[1], int(sys.argv[2])
attribute = {
    "plain": "",
    "honey": "#[honey::event(fields(user, label, total = user * 2))]",
    "catalog": "#[honey::event(fields(user, label, total = user * 2))]",
    "tracing": "#[tracing::instrument(skip_all, fields(user, label, total = user * 2))]",
    "fastrace": '#[fastrace::trace(properties = { "user": "{user}", "label": "{label}", "total": "{user}" })]',
}[variant]
print("#![allow(dead_code)]\n#[derive(Debug)] pub struct Failed;")
for n in range(functions):
    result = n % 4 < 2
    returns = "Result<u64, Failed>" if result else "u64"
    value = "Ok(sum)" if result else "sum"
    refuse = "if sum == 7 { return Err(Failed); }" if result else ""
    if n % 2:
        head, step = "pub async fn", "sum += std::future::ready(part).await;"
    else:
        head, step = "pub fn", "sum += part;"
    print(f"""{attribute}
{head} f{n}(user: u64, label: &str) -> {returns} {{
    let mut sum = label.len() as u64;
    for part in 0..user {{ {step} }}
    {refuse}
    {value}
}}""")
PY
}

dependency_of() {
    case "$1" in
        plain) ;;
        honey) echo "honey-runtime = { path = \"$honey/honey-runtime\", default-features = false }" ;;
        catalog) echo "honey-runtime = { path = \"$honey/honey-runtime\", default-features = false, features = [\"catalog\"] }" ;;
        tracing) echo 'tracing = "0.1"' ;;
        fastrace) echo 'fastrace = { version = "0.7", features = ["enable"] }' ;;
    esac
}

variants=(plain honey catalog tracing fastrace)
for variant in "${variants[@]}"; do
    mkdir -p "$work/$variant/src"
    printf '[package]\nname = "compiled-%s"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n%s\n[workspace]\n' \
        "$variant" "$(dependency_of "$variant")" >"$work/$variant/Cargo.toml"
    source_of "$variant" >"$work/$variant/src/lib.rs"
    for command in check build; do
        (cd "$work/$variant" && CARGO_INCREMENTAL=0 cargo "$command" --quiet)
    done
done

seconds() { # variant command
    cd "$work/$1"
    touch src/lib.rs
    local began ended
    began="$(date +%s%N)"
    CARGO_INCREMENTAL=0 cargo "$2" --quiet
    ended="$(date +%s%N)"
    echo "$(((ended - began) / 1000000))"
}

[ "$json" = 1 ] || printf '%-10s %-6s %8s %7s\n' variant command seconds 'times plain'
for command in check build; do
    declare -A times=()
    # Interleaved, so that a busy moment of the machine meets all of them.
    for ((round = 0; round < rounds; round++)); do
        for variant in "${variants[@]}"; do
            times[$variant]+="$(seconds "$variant" "$command") "
        done
    done
    plain=0
    for variant in "${variants[@]}"; do
        median="$(tr ' ' '\n' <<<"${times[$variant]}" | sed '/^$/d' | sort -n | sed -n "$(((rounds + 1) / 2))p")"
        [ "$variant" = plain ] && plain="$median"
        awk -v v="$variant" -v c="$command" -v m="$median" -v p="$plain" -v json="$json" 'BEGIN {
            if (json) printf "{\"table\":\"compile\",\"variant\":\"%s\",\"command\":\"%s\",\"seconds\":%.3f}\n", v, c, m / 1000
            else printf "%-10s %-6s %8.2f %7.1f\n", v, c, m / 1000, m / p
        }'
    done
    unset times
done
