import { onStop } from "./stop"; // first: signals are heard from here on
import { createServer, type Server } from "node:http";
import { createApp } from "./app";
import { ConfigError, readConfig, type Config } from "./config";
import { connectProviders, Models } from "./llm/models";
import { createLog, type Logger } from "./log";

/** In-flight pages get this long after SIGTERM; a job's deadline is shorter, and Cloudflare kills after 15 minutes. */
const DRAIN_LIMIT_MS = 65_000;

function start(config: Config): void {
  const log = createLog(config.logLevel, config.buildId);
  const models = new Models(connectProviders(config.providers));
  let draining = false;
  const app = createApp({ log, models, buildId: config.buildId, isDraining: () => draining });
  const server = createServer(app.callback());
  server.once("error", (error: NodeJS.ErrnoException) => {
    fail(`Cannot listen on ${config.host}:${config.port} (${error.code}). Set HOST and PORT to a free address.`);
  });
  // Listens first: a container is probed from its first moment, and the template needs nothing that is loaded below.
  server.listen(config.port, config.host, () => {
    log.info({ event: "listening", address: server.address() }, "listening");
    for (const { kind, model } of config.providersWithoutKey) {
      log.warn({ event: "provider_left_out", kind, model }, "provider has no key and is left out");
    }
    models.warm().catch(() => log.error({ event: "warm_failed" }, "a model's SDK could not be loaded"));
  });
  onStop((signal) => {
    draining = true;
    drain(server, log, signal);
  });
}

/** Takes no new connection, finishes what is under way, and ends the process; by force when that takes too long. */
function drain(server: Server, log: Logger, signal: string): void {
  log.info({ event: "draining", signal }, "draining");
  setTimeout(() => {
    log.error({ event: "drain_timeout", ms: DRAIN_LIMIT_MS }, "gave up on requests in flight");
    process.exit(1);
  }, DRAIN_LIMIT_MS).unref();
  server.close(() => {
    log.info({ event: "stopped" }, "stopped");
    process.exit(0);
  });
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

try {
  start(readConfig(process.env));
} catch (error) {
  if (error instanceof ConfigError) fail(error.message);
  throw error;
}
