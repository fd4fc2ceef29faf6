// Prints every public name of Honeycomb's client for JavaScript, one a line, as a JSON string: options, methods, properties.
// LIBHONEY is the folder the client was installed in.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.LIBHONEY + "/");
const module = require("libhoney");
const Libhoney = module.default ?? module;

const client = new Libhoney({ writeKey: "k", dataset: "d", transmission: "mock" });
const builder = client.newBuilder();
const event = builder.newEvent();
const inherited = object => Object.getOwnPropertyNames(Object.getPrototypeOf(object));
const source = readFileSync(require.resolve("libhoney"), "utf8");
const options = [...source.matchAll(/@param \{\w+\} \[?opts\.(\w+)/g), ...source.matchAll(/^ {2}(\w+): .*,$/gm)];
const transmissions = [...source.matchAll(/^ {4}case ("\w+"):$/gm)].map(([, name]) => name);
const names = new Set([
  ...options.map(([, name]) => name),
  ...transmissions.map(name => JSON.parse(name)),
  ...Object.getOwnPropertyNames(Libhoney).filter(name => !["length", "name", "prototype"].includes(name)),
  ...[client, builder, event, client.transmission].flatMap(inherited),
  ...[builder, event].flatMap(Object.keys),
  "status_code",
  "duration",
  "metadata",
  "error"
]);
for (const name of names) {
  if (!name.startsWith("_") && name !== "constructor") console.log(JSON.stringify(name));
}
