"""Puts each client through each fault, and prints a table: run.py CAMPAIGN NAME=COMMAND…; see scripts/faults-peers.sh."""

import json
import shlex
import subprocess
import sys
import threading
import time

EVENTS = 400
LONGEST_SECONDS = 60
FAULTS = {
    "none": "nothing is wrong",
    "refused": "nobody listens",
    "restart": "the server is away for 2 s",
    "reset": "the first two requests are reset",
    "stale": "the kept connection dies while idle",
    "hang": "accepts, never answers",
    "401": "401",
    "429": "429 with `Retry-After: 1`, twice",
    "503": "503, twice",
    "302": "302 to another host",
    "partial": "429 for every third event, once",
}


class Server:
    def __init__(self, campaign, fault):
        self.process = subprocess.Popen(
            [campaign, "serve", fault], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.url = self.process.stdout.readline().strip()

    def tell(self, command):
        self.process.stdin.write(command + "\n")

    def report(self):
        self.tell("report")
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.kill()
        self.process.wait()


def run(campaign, fault, command):
    server = Server(campaign, fault)
    timers = []
    if fault == "restart":
        timers = [threading.Timer(0.2, server.tell, ["down"]), threading.Timer(2.2, server.tell, ["up"])]
    started = time.monotonic()
    for timer in timers:
        timer.start()
    try:
        output = subprocess.run(
            [*shlex.split(command), server.url, str(EVENTS)], capture_output=True, text=True, timeout=LONGEST_SECONDS
        )
        lines = output.stdout.strip().splitlines()
        told = json.loads(lines[-1]) if lines else None
        ended = "" if told else "an uncaught error ended the program"
    except subprocess.TimeoutExpired:
        told, ended = None, f"still waiting after {LONGEST_SECONDS} s"
    seconds = time.monotonic() - started
    for timer in timers:
        timer.join()
    seen = server.report()
    server.end()
    return cell(seen, told, ended, seconds)


def cell(seen, told, ended, seconds):
    stored, parts = seen["stored"], []
    parts.append(f"{stored} stored")
    if seen["twice"]:
        parts.append(f"{seen['twice']} twice")
    if told:
        if told["lost"]:
            parts.append(f"{told['lost']} said to be lost")
        silent = EVENTS - stored - told["lost"]
        if silent > 0:
            said = f", {told['delivered'] - stored} of them said to be delivered" if told["delivered"] > stored else ""
            parts.append(f"**{silent} lost in silence**{said}")
        parts.append(f"{told['seconds']:.1f} s")
    else:
        parts.append(f"**{ended}**, {EVENTS - stored} not stored")
    if seen["leaked"]:
        parts.append("**the key went to the other host**")
    return ", ".join(parts)


def main():
    campaign = sys.argv[1]
    clients = dict(argument.split("=", 1) for argument in sys.argv[2:])
    print(f"| {EVENTS} events, and | " + " | ".join(clients) + " |")
    print("|---" * (len(clients) + 1) + "|")
    for fault, what in FAULTS.items():
        cells = [run(campaign, fault, command) for command in clients.values()]
        print(f"| {what} | " + " | ".join(cells) + " |", flush=True)


main()
