/**
 * Keeps connections busy against one address, in a thread of its own: each sends its next request when it has the whole
 * answer to the one before. Counts answers by what they say of themselves and times each.
 */
"use strict";
const { createHistogram } = require("node:perf_hooks");
const { parentPort, workerData } = require("node:worker_threads");
const { setTimeout: wait } = require("node:timers/promises");
const { Client } = require("undici");

const { origin, paths, cookies, connections, seconds, pauseMs, sourceHeader } = workerData;

/** As browsers send it, and as Cloudflare passes it on. */
const ACCEPTED = "gzip, br";
const latency = createHistogram(); // microseconds
const sources = {};
let errors = 0;
let bytes = 0;

/** One request by undici's lowest door: no streams, no promises for each piece of the body. */
function ask(client, at) {
  const before = performance.now();
  const headers = { "accept-encoding": ACCEPTED, ...(cookies !== undefined && { cookie: cookies[at] }) };
  return new Promise((resolve) => {
    let source;
    const handler = {
      onRequestStart() {},
      onResponseStart(_controller, statusCode, answered) {
        source = statusCode === 200 ? (answered[sourceHeader] ?? "none") : String(statusCode);
      },
      onResponseData(_controller, chunk) {
        bytes += chunk.length;
      },
      onResponseEnd() {
        latency.record(Math.max(1, Math.round((performance.now() - before) * 1000)));
        sources[source] = (sources[source] ?? 0) + 1;
        resolve();
      },
      onResponseError() {
        errors++;
        resolve();
      },
    };
    client.dispatch({ path: paths[at], method: "GET", headers }, handler);
  });
}

async function keepBusy(client, first, until) {
  // With pauses all begin at another time, and go on without a common beat.
  if (pauseMs > 0) await wait(Math.random() * pauseMs);
  for (let at = first; performance.now() < until; at = (at + 1) % paths.length) {
    await ask(client, at);
    if (pauseMs > 0) await wait(pauseMs * (0.5 + Math.random()));
  }
}

async function run() {
  const started = performance.now();
  const until = started + seconds * 1000;
  const clients = Array.from({ length: connections }, () => new Client(origin, { pipelining: 1, bodyTimeout: 30_000 }));
  // Each begins elsewhere, so that no two ask for the same one after another.
  await Promise.all(
    clients.map((client, index) => keepBusy(client, Math.floor((index * paths.length) / connections), until)),
  );
  const elapsed = (performance.now() - started) / 1000;
  await Promise.all(clients.map((client) => client.close()));
  parentPort.postMessage({
    requestsPerSecond: latency.count / elapsed,
    requests: latency.count,
    bytesPerAnswer: Math.round(bytes / Math.max(1, latency.count)),
    errors,
    sources,
    p50Ms: latency.percentile(50) / 1000,
    p99Ms: latency.percentile(99) / 1000,
  });
}

void run();
