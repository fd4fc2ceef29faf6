#!/usr/bin/env bash
# Compiles the published crates with the oldest Rust they promise: honey-runtime without features, with each alone and with all; `quick`
# leaves out the single ones.
# Needs that toolchain: `rustup toolchain install 1.85 --profile minimal`.
set -euo pipefail
cd "$(dirname "$0")/.."

oldest="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
if ! rustup toolchain list | grep -q "^$oldest"; then
    printf 'Rust %s is not installed: rustup toolchain install %s --profile minimal\n' "$oldest" "$oldest" >&2
    exit 1
fi

# A folder of its own, so that what other compilers made stays.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/oldest-rust"
check() {
    printf -- '-- %s\n' "$*"
    cargo "+$oldest" check --quiet --locked "$@"
}
. scripts/feature-sets.sh
if [ "${1:-}" = quick ]; then feature_sets=(''); fi
for features in "${feature_sets[@]}"; do
    check --package honey-runtime --no-default-features --features "$features"
done
check --package honey-runtime --all-features
check --package honey-local
