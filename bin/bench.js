#!/usr/bin/env node
/** `npm run bench:{name}`: measures, prints one JSON document on stdout and how it goes on stderr. */
"use strict";
const { parseArgs } = require("node:util");
const { loadTypeScript } = require("./typescript");

/** Each bench with its options, numbers all, and what they are when left out. */
const BENCHES = {
  edge: { load: () => require("../bench/edge").benchEdge, options: { connections: 100, seconds: 4, rounds: 5 } },
  fleet: { load: () => require("../bench/fleet").benchFleet, options: { shops: 100, parallel: 4, repeats: 3 } },
  cloud: { load: () => require("../bench/cloud").benchCloud, options: { shops: 100, busy: 5 } },
  generator: { load: () => require("../bench/generator").benchGenerator, options: { pages: 1000, seconds: 8 } },
};

const [name, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(BENCHES, name)) fail(`there is no bench "${name}"; there is ${Object.keys(BENCHES).join(", ")}`);
loadTypeScript();
BENCHES[name]
  .load()(readOptions(BENCHES[name].options, rest))
  .then(
    (report) => process.stdout.write(`${JSON.stringify(report, null, 2)}\n`, () => process.exit(0)),
    (error) => fail(error.stack),
  );

function readOptions(defaults, args) {
  const known = Object.keys(defaults);
  const options = Object.fromEntries(known.map((option) => [option, { type: "string" }]));
  let given;
  try {
    given = parseArgs({ args, options }).values;
  } catch (error) {
    fail(`${error.message} The options of this bench: ${known.map((option) => `--${option}`).join(", ")}`);
  }
  for (const [option, text] of Object.entries(given)) {
    if (!/^[1-9]\d*$/.test(text)) fail(`--${option} ${text}: has to be a whole number above 0`);
  }
  return { ...defaults, ...Object.fromEntries(Object.entries(given).map(([option, text]) => [option, Number(text)])) };
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}
