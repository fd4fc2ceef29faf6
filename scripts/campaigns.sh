#!/usr/bin/env bash
# The long runs of docs/reliability.md, some three minutes in all: an outage of a minute, thirty restarts, ten million events, clients and threads that come and go, ten thousand threads.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --release -p honey-campaigns
campaign="${CARGO_TARGET_DIR:-target}/release/campaign"
"$campaign" outage docs/outage-memory.svg
"$campaign" restarts
"$campaign" burst
"$campaign" churn
"$campaign" threads
