// Sends N events with libhoney-js to a server and waits until each has its response: deliver.mjs URL N default|tuned.
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";

const module = createRequire(join(process.env.LIBHONEY, "package.json"))("libhoney");
const Libhoney = module.default ?? module;
const [url, count, mode] = process.argv.slice(2);
const events = Number(count);
const tuned = mode === "tuned" ? { batchSizeTrigger: 1000, maxConcurrentBatches: 4, pendingWorkCapacity: 40000 } : {};
const mostUnderWay = tuned.pendingWorkCapacity ?? 10000;
const labels = ["/checkout/cart", "/checkout/cart/items", "/orders/recent", "/search"];
const tiers = ["gold", "silver", "bronze"];

let confirmed = 0;
let answered = 0;
let wake = () => {};
const honey = new Libhoney({
  writeKey: "a-key",
  dataset: "peers",
  apiHost: url,
  responseCallback: (responses) => {
    answered += responses.length;
    confirmed += responses.filter((response) => response.status_code === 202).length;
    wake();
  },
  ...tuned,
});

const hex8 = () => Math.floor(Math.random() * 2 ** 32).toString(16).padStart(8, "0");
const answeredAtLeast = async (least) => {
  while (answered < least) {
    await new Promise((resolve) => { wake = resolve; });
  }
};

const cpuBefore = process.cpuUsage();
const began = process.hrtime.bigint();
for (let n = 0; n < events; n++) {
  if (n - answered >= mostUnderWay) await answeredAtLeast(n - mostUnderWay / 2);
  const start = process.hrtime.bigint();
  const userId = (n * 7919) % 1000000;
  const event = honey.newEvent();
  event.add({
    name: "call",
    "trace.trace_id": hex8() + hex8() + hex8() + hex8(),
    "trace.span_id": hex8() + hex8(),
    "service.name": "peers",
    user_id: userId,
    label: labels[n % 4],
    "cache.hit": userId % 3 === 0,
    total: (userId % 10000) / 100,
    tier: tiers[userId % 3],
    duration_ms: Number(process.hrtime.bigint() - start) / 1e6,
  });
  event.send();
}
await answeredAtLeast(events);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const used = process.cpuUsage(cpuBefore);
if (confirmed !== events) {
  console.error(`${events} events offered, ${confirmed} confirmed`);
  process.exit(1);
}
console.log(JSON.stringify({ seconds, cpu_us: used.user + used.system, peak_kib: process.resourceUsage().maxRSS }));
process.exit(0);
