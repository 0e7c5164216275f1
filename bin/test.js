#!/usr/bin/env node
/**
 * `npm test`: every check of the project, one after another; the last line is `N passed, N failed[, N skipped]`.
 * Exit code 0 only when something ran and nothing failed. `npm test -- <pattern>` runs the matching jest files alone.
 *
 * A file that fails in a whole run is run once more with nothing beside it: what passes then is counted as passed and named
 * as disturbed (docs/decisions/0027).
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

const COUNTS = ["passed", "failed", "skipped"];
/** More than so many broken files are no disturbance. */
const MOST_AGAIN = 5;
const totals = { passed: 0, failed: 0, skipped: 0 };
/** What the last lines say once more, for who reads only them. */
const remarks = [];

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
  if (ok) return;
  console.log(run.error ? String(run.error) : `${run.stdout}${run.stderr}`);
  remarks.push(`failed: ${name}`);
}

/** Runs jest and answers with what the reporter counted. */
function jest(args) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "wandstore-test-")), "totals.json");
  const run = spawnSync(
    node,
    [
      "--disable-warning=ExperimentalWarning",
      bin("jest"),
      ...args, // before the reporters, of which jest would take them for more
      "--reporters",
      path.join(root, "test/support/reporter.js"),
    ],
    { cwd: root, env: { ...env, WANDSTORE_TEST_TOTALS: file }, stdio: "inherit" },
  );
  let result;
  try {
    result = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    remarks.push("failed: jest ended before it could count");
    result = { passed: 0, failed: 1, skipped: 0, failedFiles: [] }; // that is a failure, not nothing
  }
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
  if (run.status === 0 || result.failed > 0) return result;
  remarks.push(`failed: jest ended with ${run.status ?? run.signal}, and no test had failed`);
  return { ...result, failed: 1 };
}

function tests(patterns) {
  console.log("tests");
  const result = jest(patterns);
  const { failedFiles } = result;
  const again = patterns.length === 0 && failedFiles.length > 0 && failedFiles.length <= MOST_AGAIN;
  if (again) runAlone(result, failedFiles);
  for (const key of COUNTS) totals[key] += result[key];
  if (result.passed === 0) totals.failed += 1; // a run in which no test ran proves nothing
}

/** Runs the files that failed once more, one after the other, and puts what they say now in the place of what they said. */
function runAlone(result, failedFiles) {
  console.log("once more, with nothing beside it");
  for (const { file, ...former } of failedFiles) {
    const now = jest(["--runTestsByPath", file]);
    for (const key of COUNTS) result[key] += now[key] - former[key];
    remarks.push(now.failed > 0 ? `failed twice: ${file}` : `disturbed: ${file} failed beside others and passed alone`);
  }
}

const patterns = process.argv.slice(2);
if (patterns.length === 0) for (const [name, command] of CHECKS) check(name, command);
tests(patterns);

for (const remark of remarks) console.log(remark);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
