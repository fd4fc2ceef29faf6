#!/usr/bin/env bash
# Fails when a file holds one of the keys that the tests and the examples use, and says in which lines. Those of the tests carry a mark.
set -euo pipefail
mark='honeykey''4test|any-''key|our-''key'
[ -r "$1" ] || { echo "cannot read $1" >&2; exit 1; }
if grep -anE "$mark" "$1" | sed -E "s/($mark)[[:alnum:]_-]*/***/g" | grep .; then
    echo 'an API key shows in the output above' >&2
    exit 1
fi
echo "no key in $(wc -l <"$1") lines of output"
