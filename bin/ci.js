#!/usr/bin/env node
/**
 * `npm run ci:…`: the steps by which a change travels to production (docs/guides/ci.md). The workflows call these and
 * nothing else, so that each can be run by hand.
 */
"use strict";
const { loadTypeScript } = require("./typescript");

loadTypeScript();
const { main } = require("./ci/main");

async function run() {
  process.exitCode = await main(process.argv.slice(2));
  process.stdout.write("", () => process.exit()); // what was printed has to be out before the end
}
void run();
