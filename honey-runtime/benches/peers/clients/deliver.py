"""Sends N events with libhoney-py to a server and waits until each has its response: deliver.py URL N default|tuned."""
import json
import random
import resource
import sys
import threading
import time

import libhoney
from libhoney.transmission import Transmission

url, events, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
settings = {}
if mode == "tuned":
    settings = {"max_batch_size": 2000, "send_frequency": 0.1, "max_concurrent_batches": 4}
transmission = Transmission(block_on_send=True, block_on_response=True, **settings)
libhoney.init(writekey="a-key", dataset="peers", api_host=url, transmission_impl=transmission)

confirmed = 0


def read():
    global confirmed
    responses = libhoney.responses()
    while True:
        response = responses.get()
        if response is None:
            return
        confirmed += response.get("status_code") == 202


reader = threading.Thread(target=read)
reader.start()
labels = ["/checkout/cart", "/checkout/cart/items", "/orders/recent", "/search"]
tiers = ["gold", "silver", "bronze"]


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


cpu_before, began = cpu(), time.monotonic()
for n in range(events):
    start = time.perf_counter()
    user_id = n * 0x9E3779B9 % 1_000_000
    event = libhoney.new_event()
    event.add({
        "name": "call",
        "trace.trace_id": f"{random.getrandbits(128):032x}",
        "trace.span_id": f"{random.getrandbits(64):016x}",
        "service.name": "peers",
        "user_id": user_id,
        "label": labels[n % 4],
        "cache.hit": user_id % 3 == 0,
        "total": user_id % 10_000 / 100,
        "tier": tiers[user_id % 3],
        "duration_ms": (time.perf_counter() - start) * 1e3,
    })
    event.send()
libhoney.close()
reader.join()
seconds, cpu_us = time.monotonic() - began, (cpu() - cpu_before) * 1e6
if confirmed != events:
    sys.exit(f"{events} events offered, {confirmed} confirmed")
peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "cpu_us": int(cpu_us), "peak_kib": peak_kib}))
