"""Prints, for each trace id of a file, whether the beeline keeps it at each of the rates given: a list a line."""

import json
import sys

from beeline.trace import _should_sample

with open(sys.argv[1]) as file:
    for trace_id in file.read().splitlines():
        print(json.dumps([_should_sample(trace_id, int(rate)) for rate in sys.argv[2:]]))
