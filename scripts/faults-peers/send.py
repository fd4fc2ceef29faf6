"""libhoney-py as one of the clients of scripts/faults-peers.sh: URL EVENTS. Prints what it was told about the events."""

import json
import sys
import threading
import time

import libhoney

url, events = sys.argv[1], int(sys.argv[2])
libhoney.init(writekey="peer", dataset="d", api_host=url)
told = {"delivered": 0, "lost": 0}


def read():
    responses = libhoney.responses()
    while (response := responses.get()) is not None:
        status = response["status_code"]
        told["delivered" if status and 200 <= int(status) < 300 else "lost"] += 1


reader = threading.Thread(target=read, daemon=True)
reader.start()
started = time.monotonic()
for n in range(events):
    if n == events // 2:
        time.sleep(0.5)
    time.sleep(0.001)
    libhoney.send_now({"n": n})
libhoney.close()
seconds = time.monotonic() - started
reader.join(timeout=2)
print(json.dumps(told | {"seconds": seconds}))
