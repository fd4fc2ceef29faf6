// libhoney-js as one of the clients of scripts/faults-peers.sh: URL EVENTS. Prints what it was told about the events. LIBHONEY is
// the folder the client was installed in.

import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";

const require = createRequire(process.env.LIBHONEY + "/");
const module = require("libhoney");
const Libhoney = module.default ?? module;

const [url, events] = [process.argv[2], Number(process.argv[3])];
const told = { delivered: 0, lost: 0 };
const client = new Libhoney({
  writeKey: "peer",
  dataset: "d",
  apiHost: url,
  responseCallback: responses => {
    for (const { status_code } of responses) told[status_code >= 200 && status_code < 300 ? "delivered" : "lost"]++;
  }
});
const started = performance.now();
for (let n = 0; n < events; n++) {
  if (n === Math.floor(events / 2)) await pause(500);
  await pause(1);
  client.sendNow({ n });
}
await client.flush();
console.log(JSON.stringify({ ...told, seconds: (performance.now() - started) / 1000 }));
process.exit(0);
