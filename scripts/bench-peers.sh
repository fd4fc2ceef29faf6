#!/usr/bin/env bash
# Measures honey beside its peers (honey-runtime/benches/peers), and writes the tables and the picture: docs/performance.md,
# docs/peers.svg, README.md. Takes about half an hour; with `quick` some minutes, with figures to match. With the names of
# measurements (call deliver latency scale build) only those are taken anew; the rest is as it was measured last. With `report`
# nothing is measured, only written.
# HONEY_BENCH_NOTE is added to what is said of the run. Needs Rust, a C compiler, Python 3 and Node; installs the libhoney clients into the target folder.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-$PWD/target}/peers"
results="$target/results"
mkdir -p "$results"

speed=full
if [ "${1:-}" = quick ]; then speed=quick && shift; fi
measurements=("${@:-call deliver latency scale build}")
read -ra measurements <<<"${measurements[*]}"

cargo build --quiet --release --manifest-path honey-runtime/benches/peers/Cargo.toml --target-dir "$target"
peers="$target/release/honey-peers"

if [ ! -x "$target/python/bin/python" ]; then python3 -m venv "$target/python"; fi
"$target/python/bin/python" -m pip install --quiet libhoney==2.4.0
npm install --silent --no-fund --no-audit --prefix "$target/javascript" libhoney@4.3.1
export LIBHONEY="$target/javascript"

declare -A full=(
    [call]='--rounds 7 --bursts 60' [deliver]='--rounds 3 --events 2000000' [latency]='--rounds 3 --seconds 5' [scale]='--rounds 3'
    [axum]='--rounds 5 --seconds 5'
)
declare -A quick=(
    [call]='--rounds 1 --bursts 20' [deliver]='--rounds 1 --events 200000' [latency]='--rounds 1 --seconds 2' [scale]='--rounds 1 --events 1000000'
    [axum]='--rounds 1 --seconds 2'
)

for measurement in "${measurements[@]}"; do
    if [ "$measurement" = report ]; then continue; fi
    # Written under another name first: a run that was broken off leaves the last results as they were.
    if [ "$measurement" = build ]; then
        scripts/build-cost.sh --json >"$results/build.new"
    else
        declare -n settings="$speed"
        # shellcheck disable=SC2086 # several words
        "$peers" "$measurement" ${settings[$measurement]} --python "$target/python/bin/python" --node node >"$results/$measurement.new"
    fi
    mv "$results/$measurement.new" "$results/$measurement.jsonl"
done

machine="$(nproc) CPUs, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1)"
run="$(date -u +%F), $machine, $(rustc --version | cut -d' ' -f1,2), release builds with Cargo's defaults${HONEY_BENCH_NOTE:+; $HONEY_BENCH_NOTE}"
if [ "$speed" = quick ]; then run="$run; a quick run, too short for figures to rely on"; fi
"$peers" report --results "$results" --repository . --run "$run."
