// Sends the events of a file to the server at argv[2] with Honeycomb's client for JavaScript.
// argv[3] has one event a line; each response is printed as a line of JSON. LIBHONEY is the folder the client was installed in.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.LIBHONEY + "/");
const module = require("libhoney");
const Libhoney = module.default ?? module;

const client = new Libhoney({
  writeKey: "each event has its own",
  dataset: "each event has its own",
  apiHost: process.argv[2],
  userAgentAddition: "honey-test",
  pendingWorkCapacity: 100_000,
  responseCallback: responses => {
    for (const { metadata, status_code, error } of responses) {
      console.log(JSON.stringify({ id: metadata, status: status_code ?? null, error: String(error ?? "") }));
    }
  }
});
for (const line of readFileSync(process.argv[3], "utf8").split("\n").filter(Boolean)) {
  const sent = JSON.parse(line);
  const event = client.newEvent();
  event.writeKey = sent.key;
  event.dataset = sent.dataset;
  event.timestamp = new Date(Number(floorDiv(BigInt(sent.time_ns), 1_000_000n)));
  event.add(sent.fields);
  if (sent.nan) event.addField(sent.nan, NaN);
  event.metadata = sent.id;
  event.sampleRate = sent.rate;
  event.sendPresampled();
}
await client.flush();

function floorDiv(a, b) {
  return a >= 0n ? a / b : -((-a + b - 1n) / b);
}
