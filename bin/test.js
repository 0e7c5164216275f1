#!/usr/bin/env node
/**
 * `npm test`: every check of the project, one after another; the last line is `N passed, N failed[, N skipped]`.
 * Exit code 0 only when something ran and nothing failed. `npm test -- <pattern>` runs the matching jest files alone.
 */
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { prepare } = require("./bootstrap");

const root = path.resolve(__dirname, "..");
const node = prepare();
const bin = (name) => path.join(root, "node_modules", ".bin", name);
/** The newer Node comes first for everything that is started from here. */
const env = {
  ...process.env,
  PATH: [path.dirname(node), path.join(root, "node_modules", ".bin"), process.env.PATH].join(path.delimiter),
};

const CHECKS = [
  ["types", ["tsc", "--noEmit", "-p", "tsconfig.json"]],
  ["types of the Worker", ["tsc", "--noEmit", "-p", "runtime/worker/tsconfig.json"]],
  ["types of the browser's script", ["tsc", "--noEmit", "-p", "runtime/client/tsconfig.json"]],
  ["lint", ["oxlint", "--deny-warnings"]],
  ["format", ["oxfmt", "--check", "."]],
];

const totals = { passed: 0, failed: 0, skipped: 0 };

function check(name, [command, ...args]) {
  const started = Date.now();
  const run = spawnSync(node, [fs.realpathSync(bin(command)), ...args], {
    cwd: root,
    env,
    encoding: "utf8",
    timeout: 600_000,
  });
  const ok = run.status === 0;
  totals[ok ? "passed" : "failed"] += 1;
  console.log(`${ok ? "✓" : "✗"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(run.error ? String(run.error) : `${run.stdout}${run.stderr}`);
}

function tests(patterns) {
  console.log("tests");
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "wandstore-test-")), "totals.json");
  const run = spawnSync(
    node,
    [
      "--disable-warning=ExperimentalWarning",
      bin("jest"),
      ...patterns, // before the reporters, of which jest would take them for more
      "--reporters",
      path.join(root, "test/support/reporter.js"),
    ],
    { cwd: root, env: { ...env, WANDSTORE_TEST_TOTALS: file }, stdio: "inherit" },
  );
  let result;
  try {
    result = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    result = { passed: 0, failed: 1, skipped: 0 }; // jest ended before it could count: that is a failure, not nothing
  }
  for (const key of Object.keys(totals)) totals[key] += result[key];
  if (run.status !== 0 && result.failed === 0) totals.failed += 1;
  if (result.passed === 0) totals.failed += 1; // a run in which no test ran proves nothing
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
}

const patterns = process.argv.slice(2);
if (patterns.length === 0) for (const [name, command] of CHECKS) check(name, command);
tests(patterns);

const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
