"""Writes and reads headers with Honeycomb's beeline for Python.

argv[1] has one wish a line: {"write": {"format", "trace_id", "fields"}}, {"marshal": {"trace_id", "parent_id", "dataset", "fields"}},
or {"read": {"format", "headers"}}. Each answer is printed as a line of JSON. Nothing is sent.
"""

import json
import sys

import beeline
from beeline.propagation import DictRequest, PropagationContext, honeycomb, w3c

FORMATS = {"honeycomb": honeycomb, "w3c": w3c}


def write(format, trace_id, fields):
    """In a trace of its own, as a program has it."""
    beeline.get_beeline().tracer_impl.register_hooks(
        http_trace_propagation=FORMATS[format].http_trace_propagation_hook
    )
    trace = beeline.start_trace(context={"name": "request"}, trace_id=trace_id)
    for name, value in fields.items():
        beeline.add_trace_field(name, value)
    span = beeline.start_span(context={"name": "call"})
    return {"headers": beeline.http_trace_propagation_hook(), "trace_id": span.trace_id, "span_id": span.id}


def marshal(trace_id, parent_id, dataset, fields):
    context = PropagationContext(trace_id, parent_id, fields, dataset)
    return {"headers": honeycomb.http_trace_propagation_hook(context)}


def read(format, headers):
    context = FORMATS[format].http_trace_parser_hook(DictRequest(headers))
    return context and {
        "trace_id": context.trace_id,
        "parent_id": context.parent_id,
        "fields": context.trace_fields,
        "dataset": context.dataset,
    }


beeline.init(writekey="0" * 32, dataset="beeline", service_name="beeline", sample_rate=1, debug=False)
WISHES = {"write": write, "marshal": marshal, "read": read}
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        (wish, arguments), = json.loads(line).items()
        print(json.dumps(WISHES[wish](**arguments)))
