#!/usr/bin/env bash
# Measures honey beside its peers (honey-runtime/benches/peers), and writes the tables and the picture: docs/performance.md,
# docs/peers.svg, README.md. Takes about 35 minutes on two cores; with `quick` some minutes, with figures to match. With the names of
# measurements (call deliver axum latency scale build compile) only those are taken anew; the rest is as it was measured last. With
# `report` nothing is measured, only written. Beside each measurement stands when it was made, and what else the machine did meanwhile.
# Needs Rust, a C compiler, Python 3 and Node; installs the libhoney clients into the target folder.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-$PWD/target}/peers"
results="$target/results"
mkdir -p "$results"

speed=full
if [ "${1:-}" = quick ]; then speed=quick && shift; fi
measurements=("$@")
if [ $# = 0 ]; then measurements=(call deliver axum latency scale build compile); fi

peers="$target/honey-peers"
fast_clock_peers="$target/honey-peers-fast-clock"
build() { # features, program
    cargo build --quiet --release --manifest-path honey-runtime/benches/peers/Cargo.toml --target-dir "$target" --features "$1"
    cp "$target/release/honey-peers" "$2"
}
if [ "${measurements[*]}" != report ]; then build fast-clock "$fast_clock_peers"; fi
build '' "$peers"

if [ ! -x "$target/python/bin/python" ]; then python3 -m venv "$target/python"; fi
"$target/python/bin/python" -m pip install --quiet libhoney==2.4.0
npm install --silent --no-fund --no-audit --prefix "$target/javascript" libhoney@4.3.1
export LIBHONEY="$target/javascript"

declare -A full=(
    [call]='--rounds 7 --bursts 60' [deliver]='--rounds 3 --events 2000000' [axum]='--rounds 9 --seconds 5'
    [latency]='--rounds 3 --seconds 5' [scale]='--rounds 3' [compile]='800 3'
)
declare -A quick=(
    [call]='--rounds 1 --bursts 20' [deliver]='--rounds 1 --events 200000' [axum]='--rounds 1 --seconds 2'
    [latency]='--rounds 1 --seconds 2' [scale]='--rounds 1 --events 1000000' [compile]='200 1'
)

# CPU time so far: of this script's children as bash writes it, then seconds of the whole machine, and what its hypervisor gave to others.
note_cpu() { # file
    times >"$1"
    awk -v ticks="$(getconf CLK_TCK)" '/^cpu / { print ($2 + $3 + $4 + $7 + $8) / ticks, $9 / ticks }' /proc/stat >>"$1"
}

measure() { # measurement
    case "$1" in
        build) scripts/build-cost.sh --json ;;
        # shellcheck disable=SC2086 # several words
        compile) scripts/compile-time.sh --json ${settings[compile]} ;;
        # shellcheck disable=SC2086 # several words
        *) "$peers" "$1" ${settings[$1]} --python "$target/python/bin/python" --node node --fast-clock-peers "$fast_clock_peers" ;;
    esac
}

declare -n settings="$speed"
for measurement in "${measurements[@]}"; do
    if [ "$measurement" = report ]; then continue; fi
    begun="$(date -u '+%F %H:%M')"
    began="$(date +%s.%N)"
    note_cpu "$results/cpu.before"
    # Written under another name first: a run that was broken off leaves the last results as they were.
    measure "$measurement" >"$results/$measurement.new"
    note_cpu "$results/cpu.after"
    # Of the six lines the second and the fifth are the children's, the third and the sixth the machine's.
    sed 's/[ms]/ /g' "$results/cpu.before" "$results/cpu.after" | awk -v seconds="$(date +%s.%N) - $began" -v cpus="$(nproc)" \
        -v of="$measurement" -v begun="$begun" -v quick="$([ "$speed" = quick ] && echo true || echo false)" '
        NR % 3 == 2 { own = ($1 + $3) * 60 + $2 + $4 - own }
        NR % 3 == 0 { busy = $1 - busy; stolen = $2 - stolen }
        END {
            split(seconds, moments, " - "); seconds = moments[1] - moments[2]
            others = busy > own ? busy - own : 0
            printf "{\"table\":\"run\",\"of\":\"%s\",\"begun\":\"%s\",\"seconds\":%.0f,\"others\":%.4f,\"stolen\":%.4f,\"quick\":%s}\n", \
                of, begun, seconds, others / seconds / cpus, stolen / seconds / cpus, quick
        }' >>"$results/$measurement.new"
    mv "$results/$measurement.new" "$results/$measurement.jsonl"
done

machine="$(nproc) CPUs, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(rustc --version | cut -d' ' -f1,2), release builds with Cargo's defaults."
"$peers" report --results "$results" --repository . --machine "$machine"
