"""Reads request bodies strictly, and compares each event with what is expected.

Asked on stdin: a line "BODY_BYTES EXPECTED_BYTES", the body, the expected events in the same order. Answers a line: "ok", or what
is wrong.
"""

import datetime
import json
import re
import struct
import sys

ID = "test.id"
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z")
EPOCH = datetime.datetime(1970, 1, 1)


class Wrong(Exception):
    pass


def refuse_constant(name):
    raise Wrong(f"{name} is no JSON")


def refuse_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Wrong(f"a key twice in {[key for key, _ in pairs]}")
    return members


def tagged(value):
    if value is None:
        return ["n"]
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int):
        return ["i", str(value)]
    if isinstance(value, float):
        return ["f", struct.pack(">d", value).hex()]
    if isinstance(value, str):
        return ["s", value]
    if isinstance(value, list):
        return ["a", [tagged(element) for element in value]]
    return ["o", {key: tagged(member) for key, member in value.items()}]


def unix_ns(text):
    match = TIME.fullmatch(text)
    if not match:
        raise Wrong(f"time {text!r}")
    seconds = datetime.datetime.fromisoformat(match[1]) - EPOCH
    return (seconds.days * 86_400 + seconds.seconds) * 1_000_000_000 + int(match[2])


def check(body, expected):
    # Bytes, decoded strictly: what is no UTF-8 is no JSON.
    events = json.loads(
        body.decode("utf-8", "strict"),
        object_pairs_hook=refuse_duplicates,
        parse_constant=refuse_constant,
    )
    if len(events) != len(expected):
        raise Wrong(f"{len(events)} events")
    for event, meant in zip(events, expected):
        data = event["data"]
        found = tagged(data)
        if found != meant["data"]:
            raise Wrong(f"event {data[ID]}: {found} is not {meant['data']}")
        time_ns = str(unix_ns(event["time"]))
        if meant["time_ns"] not in (None, time_ns):
            raise Wrong(f"event {data[ID]}: time {event['time']} is not {meant['time_ns']}")
        # Left out when it is 1.
        if event.get("samplerate", 1) != meant["rate"] or event.get("samplerate") == 1:
            raise Wrong(f"event {data[ID]}: samplerate {event.get('samplerate')}")
        if not set(event) <= {"data", "time", "samplerate"}:
            raise Wrong(f"event {data[ID]}: members {list(event)}")


while header := sys.stdin.buffer.readline():
    body_bytes, expected_bytes = map(int, header.split())
    body = sys.stdin.buffer.read(body_bytes)
    expected = json.loads(sys.stdin.buffer.read(expected_bytes))
    try:
        check(body, expected)
        answer = "ok"
    except Exception as error:
        answer = ascii(f"{type(error).__name__}: {error}")[:2_000]
    print(answer, flush=True)
