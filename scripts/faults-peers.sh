#!/usr/bin/env bash
# honey, libhoney-rust, libhoney-py and libhoney-js through the same ten faults: prints a table. Installs the peers into a temporary
# folder, or into the one named by FAULTS_PEERS, which is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
here="$PWD/scripts/faults-peers"
if [ -n "${FAULTS_PEERS:-}" ]; then
    peers="$FAULTS_PEERS"
    mkdir -p "$peers"
else
    peers="$(mktemp -d)"
    trap 'rm -rf "$peers"' EXIT
fi
{
    cargo build --quiet --release -p honey-campaigns
    campaign="$(realpath "${CARGO_TARGET_DIR:-target}/release/campaign")"
    mkdir -p "$peers/rust/src"
    cp "$here/rust/Cargo.toml.in" "$peers/rust/Cargo.toml"
    cp "$here/rust/src/main.rs" "$peers/rust/src/main.rs"
    (cd "$peers/rust" && CARGO_TARGET_DIR="$peers/rust/target" cargo build --quiet --release)
    python3 -m venv "$peers/python"
    "$peers/python/bin/python" -m pip install --quiet libhoney==2.4.0
    npm install --silent --no-fund --no-audit --prefix "$peers/javascript" libhoney@4.3.1
} >&2
export LIBHONEY="$peers/javascript"
python3 "$here/run.py" "$campaign" \
    "honey=$campaign peer" \
    "libhoney-rust 0.1.6=$peers/rust/target/release/faults-peer-libhoney" \
    "libhoney-py 2.4.0=$peers/python/bin/python $here/send.py" \
    "libhoney-js 4.3.1=node $here/send.mjs"
