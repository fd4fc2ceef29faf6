# shellcheck shell=bash disable=SC2034
# What honey-runtime has to compile with on its own, none of it by default: read by .ci/run and scripts/oldest-rust.sh.
feature_sets=('' http http,zstd http,gzip http,msgpack fast-clock header-map testing tokio signal-hook tower axum reqwest tracing log catalog)
