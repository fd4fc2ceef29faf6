"""Sends to the server at argv[1] with Honeycomb's client for Python; prints each response as a line of JSON."""

import datetime
import json
import sys

import libhoney


def send(writekey, events):
    client = libhoney.Client(
        writekey=writekey, dataset="My Dataset", api_host=sys.argv[1], user_agent_addition="honey-local-test"
    )
    for name, fields in events:
        event = client.new_event()
        event.created_at = datetime.datetime(2006, 1, 2, 15, 4, 5, 990000)
        event.add(fields)
        event.metadata = name
        event.sample_rate = 10
        event.send_presampled()
    client.close()
    responses = client.responses()
    while (response := responses.get(timeout=30)) is not None:
        status, error = response["status_code"], str(response["error"] or "")
        print(json.dumps({"event": response["metadata"], "status": status, "error": error}))


send(
    "a-key",
    [
        ("good", {"name": "checkout", "n": 7, "ok": True, "ratio": 0.5, "text": "caf\u00e9 \U0001f600 \"\\\n", "nested": {"a": [1, None]}}),
        ("long string", {"text": "x" * 65_537}),
        ("too large", {"a": "x" * 60_000, "b": "x" * 60_000}),
        ("too many columns", {f"c{n}": n for n in range(2_001)}),
        ("also good", {"name": "last"}),
    ],
)
send("wrong-key", [("unknown key", {"name": "never"})])
send("a-key", [("poison", {"n": float("nan")})])
