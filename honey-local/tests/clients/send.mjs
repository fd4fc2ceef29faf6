// Sends to the server at argv[2] with Honeycomb's client for JavaScript; prints each response as a line of JSON.
// LIBHONEY is the folder the client was installed in.

import { createRequire } from "node:module";

const require = createRequire(process.env.LIBHONEY + "/");
const module = require("libhoney");
const Libhoney = module.default ?? module;

async function send(writeKey, events) {
  const client = new Libhoney({
    writeKey,
    dataset: "My Dataset",
    apiHost: process.argv[2],
    userAgentAddition: "honey-local-test",
    responseCallback: responses => {
      for (const { metadata, status_code, error } of responses) {
        console.log(JSON.stringify({ event: metadata, status: status_code ?? null, error: String(error ?? "") }));
      }
    }
  });
  for (const [name, fields] of events) {
    const event = client.newEvent();
    event.timestamp = new Date("2006-01-02T15:04:05.990Z");
    event.add(fields);
    event.metadata = name;
    event.sampleRate = 10;
    event.sendPresampled();
  }
  await client.flush();
}

const columns = Object.fromEntries(Array.from({ length: 2001 }, (_, n) => [`c${n}`, n]));
await send("a-key", [
  ["good", { name: "checkout", n: 7, ok: true, ratio: 0.5, text: 'café 😀 "\\\n', nested: { a: [1, null] } }],
  ["long string", { text: "x".repeat(65537) }],
  ["too large", { a: "x".repeat(60000), b: "x".repeat(60000) }],
  ["too many columns", columns],
  ["also good", { name: "last" }]
]);
await send("wrong-key", [["unknown key", { name: "never" }]]);
