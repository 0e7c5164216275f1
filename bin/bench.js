#!/usr/bin/env node
/** `npm run bench:edge`: measures, prints one JSON document on stdout and how it goes on stderr. */
"use strict";
const { parseArgs } = require("node:util");
const { loadTypeScript } = require("./typescript");

const BENCHES = { edge: () => require("../bench/edge").benchEdge };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: "string", default: "100" },
    seconds: { type: "string", default: "4" },
    rounds: { type: "string", default: "5" },
  },
});
const [name] = positionals;
if (!Object.hasOwn(BENCHES, name)) {
  process.stderr.write(`error: there is no bench "${name}"; there is ${Object.keys(BENCHES).join(", ")}\n`);
  process.exit(1);
}
loadTypeScript();
const options = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Number(text)]));
BENCHES[name]()(options).then(
  (report) => process.stdout.write(`${JSON.stringify(report, null, 2)}\n`, () => process.exit(0)),
  (error) => {
    process.stderr.write(`error: ${error.stack}\n`);
    process.exit(1);
  },
);
