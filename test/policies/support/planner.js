/**
 * Plans stacks in a process of its own, where the program is loaded as the command line loads it, and prints the plans as one
 * JSON document: `node planner.js {folder} {stack}…`.
 */
"use strict";
const { loadTypeScript } = require("../../../bin/typescript");

loadTypeScript();
const { planIn } = require("./planner.ts");
/** Pulumi's word for what is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

async function main([folder, ...stacks]) {
  console.log = console.error;
  const plans = {};
  for (const stack of stacks) plans[stack] = await planIn(folder, stack);
  const text = JSON.stringify(plans, (_, value) => (typeof value === "symbol" ? UNKNOWN : value));
  process.stdout.write(text, () => process.exit(0));
}

void main(process.argv.slice(2));
