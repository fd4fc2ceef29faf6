#!/usr/bin/env bash
# Fuzzes each target for so many seconds (20 unless said otherwise), from the inputs kept in fuzz/corpus: scripts/fuzz.sh [SECONDS [TARGET…]]
# Needs a C++ compiler. The instrumentation needs no nightly compiler; `cargo fuzz run TARGET` works too, where it is installed.
# What is found anew stays beside the build; with HONEY_KEEP_CORPUS=1 a hundred of a set that reaches as much, of
# all sizes, replace fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds="${1:-20}"
shift || true
targets=("$@")
if [ "${#targets[@]}" -eq 0 ]; then targets=(answer retry_after request encoder environment propagation); fi

# Inputs of a target in the repository.
kept=100
built="${CARGO_TARGET_DIR:-../target}/fuzz"
host="$(rustc -vV | sed -n 's/^host: //p')"
RUSTFLAGS='--cfg honey_fuzz --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1' \
    CARGO_TARGET_DIR="$built" cargo build --quiet --release --target "$host"

fuzz() { # target
    local target="$1" found program log smaller
    found="$built/corpus/$target"
    mkdir -p "$found" "corpus/$target"
    program="$built/$host/release/$target"
    log="$built/$target.log"
    if ! "$program" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=4096 -artifact_prefix="$built/$target-" \
        "$found" "corpus/$target" >"$log" 2>&1; then
        tail -n 40 "$log"
        exit 1
    fi
    echo "-- $target, $seconds s: $(grep -E '^#[0-9]+.*DONE' "$log")"
    if [ "${HONEY_KEEP_CORPUS:-}" = 1 ]; then
        smaller="$built/smaller/$target"
        rm -rf "$smaller" && mkdir -p "$smaller"
        "$program" -merge=1 -max_len=512 "$smaller" "corpus/$target" "$found" >>"$log" 2>&1
        rm -rf "corpus/$target" && mkdir "corpus/$target"
        find "$smaller" -type f -printf '%s %p\n' | sort -n | cut -d' ' -f2- |
            awk -v kept="$kept" '{ file[NR] = $0 } END { for (n = 1; n <= NR; n++) if (NR <= kept || int(n * kept / NR) > int((n - 1) * kept / NR)) print file[n] }' |
            xargs cp -t "corpus/$target"
    fi
}

# Two at a time.
running=()
for target in "${targets[@]}"; do
    if [ "${#running[@]}" -ge 2 ]; then
        wait "${running[0]}"
        running=("${running[@]:1}")
    fi
    fuzz "$target" &
    running+=("$!")
done
for process in "${running[@]}"; do wait "$process"; done
