#!/usr/bin/env bash
# Runs the matrix of faults, and prints a line for each client of each test: the test, then its balance.
set -euo pipefail
cd "$(dirname "$0")/.."
HONEY_FAULTS_TABLE="$(mktemp)"
export HONEY_FAULTS_TABLE
cargo test --quiet --test faults >&2
sort "$HONEY_FAULTS_TABLE"
rm "$HONEY_FAULTS_TABLE"
