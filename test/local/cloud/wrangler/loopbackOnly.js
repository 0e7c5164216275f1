/**
 * Loaded into every process that a test starts (`node --require`): keeps it from any address but this machine's, and writes down
 * which it asked for, so that a test can say that it asked for none.
 */
"use strict";
const { appendFileSync } = require("node:fs");
const { Socket } = require("node:net");

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost", undefined]);
const connect = Socket.prototype.connect;

Socket.prototype.connect = function (...args) {
  // Node's own callers give an array of the arguments, put in order already.
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof first === "object" ? first.host : args[1];
  if (first?.path !== undefined || LOOPBACK.has(typeof host === "string" ? host : undefined)) {
    return connect.apply(this, args);
  }
  appendFileSync(process.env.ASKED_OUTSIDE, `${host}\n`);
  process.nextTick(() => this.destroy(new Error(`this test has no network: ${host}`)));
  return this;
};
