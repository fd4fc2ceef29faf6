"""Sends the events of a file to the server at argv[1] with Honeycomb's client for Python.

argv[2] has one event a line; each response is printed as a line of JSON.
"""

import datetime
import json
import sys

import libhoney

# Batches end when they are full, or when the client closes: what goes together does not depend on the machine's speed.
NEVER_S = 3600
EPOCH = datetime.datetime(1970, 1, 1)
clients = {}
with open(sys.argv[2], encoding="utf-8") as lines:
    for line in lines:
        sent = json.loads(line)
        destination = (sent["key"], sent["dataset"])
        if destination not in clients:
            transmission = libhoney.client.Transmission(
                block_on_send=True, send_frequency=NEVER_S, user_agent_addition="honey-test", max_responses=100_000
            )
            clients[destination] = libhoney.Client(*destination, api_host=sys.argv[1], transmission_impl=transmission)
        event = clients[destination].new_event()
        event.created_at = EPOCH + datetime.timedelta(microseconds=int(sent["time_ns"]) // 1000)
        event.add(sent["fields"])
        if sent["nan"]:
            event.add_field(sent["nan"], float("nan"))
        event.metadata = sent["id"]
        event.sample_rate = sent["rate"]
        event.send_presampled()

for client in clients.values():
    client.close()
    responses = client.responses()
    while (response := responses.get(timeout=30)) is not None:
        status, error = response["status_code"], str(response["error"] or "")
        print(json.dumps({"id": response["metadata"], "status": status, "error": error}))
