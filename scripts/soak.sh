#!/usr/bin/env bash
# Sends to a server in every mood for so many minutes, and prints memory, threads and the balance: scripts/soak.sh MINUTES
# Fails when the balance does not hold at any look, and from 10 minutes on when memory or threads grow once warm.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --release -p honey-campaigns
"${CARGO_TARGET_DIR:-target}/release/campaign" soak "${1:?how many minutes?}" docs/soak-memory.svg
