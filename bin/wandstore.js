#!/usr/bin/env node
/**
 * The command line's first step, in plain JavaScript for Node 20: packages and a Node that are new enough, then the
 * program itself. In the running Node where that will do; else in a newer one as a child that gets every signal and ends
 * when this process ends.
 */
"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");
const { prepare } = require("./bootstrap");

const node = prepare();
if (node === process.execPath) {
  const { launch } = require("./launch");
  void launch(process.argv.slice(2));
} else {
  const launcher = `require(${JSON.stringify(path.join(__dirname, "launch.js"))}).launch(process.argv.slice(1))`;
  const child = spawn(node, ["--eval", launcher, "--", ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`error: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
