import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { Miniflare, type MiniflareOptions, type Response, type RequestInit } from "miniflare";
import { bundleWorker } from "../../../infra/bundle";
import { splitStatements } from "../../../local/cloud/api/d1/statements";
import { DURABLE_OBJECTS, KV_BINDINGS } from "../../../runtime/contract/bindings";
import { storeKey } from "../../../runtime/contract/keys";
import type { StoreRecord } from "../../../runtime/contract/store";
import { GeneratorDouble } from "./support/generator";

const ROOT = path.resolve(__dirname, "../../..");

export const ADMIN_TOKEN = "admin-token-of-the-tests";
export const SIGNING_KEY = "signing-key-of-the-tests";

/** The deployed bundle, with the one class that needs a container engine replaced by a forwarder to the double. */
const ENTRY = `
import { DurableObject } from "cloudflare:workers";
export * from "./worker.js";
export { default } from "./worker.js";
export class AIGeneratorContainer extends DurableObject {
  fetch(request) {
    const { pathname } = new URL(request.url);
    return fetch(this.env.GENERATOR_DOUBLE + pathname, request);
  }
}`;

const VARS = {
  ENVIRONMENT: "test",
  BUILD_ID: "testbuild",
  POOL_SIZE: "4",
  MAX_QUEUE_DEPTH: "100",
  GENERATION_CONCURRENCY: "4",
  CONTAINER_SLEEP_AFTER: "5m",
  CACHE_TTL_SECONDS: "3600",
  STALE_SECONDS: "86400",
  PERSONALISATION_SCOPE: "shopper",
  GENERATION_TRIGGER: "first-visit",
  LLM_PROVIDERS: "[]",
  LLM_FORMAT: "layout",
  STORE_DAILY_BUDGET_USD: "",
  ALERT_RULES: JSON.stringify({
    cacheHitPercent: 70,
    generationP95Seconds: 15,
    coldStartSeconds: 10,
    modelErrorPercent: 5,
    monthlyUsd: 3000,
  }),
  JOB_DEADLINE_MS: "60000",
  GENERATION_RETENTION_DAYS: "7",
  UNSIGNED_LINKS: "true",
  DEBUG_ENABLED: "true",
  DEFAULT_STORE: "magic-wands",
  SHOPPER_SIGNING_KEY: SIGNING_KEY,
  ADMIN_TOKEN,
  WEBHOOK_SIGNING_KEY: "webhook-key-of-the-tests",
};

export type Vars = Partial<
  Record<keyof typeof VARS | "KIMI_API_KEY" | "SHOPIFY_WEBHOOK_SECRETS" | "ALERT_WEBHOOK_URL", string>
>;

/** The Worker on real workerd, with storage in a temporary folder and a generator double on loopback. */
export class Edge {
  readonly generator = new GeneratorDouble();
  readonly #folder = mkdtempSync(path.join(tmpdir(), "wand-worker-"));
  #miniflare: Miniflare | undefined;
  #options: MiniflareOptions | undefined;

  /** Where Miniflare keeps what is stored. */
  get folder(): string {
    return this.#folder;
  }

  get mf(): Miniflare {
    if (this.#miniflare === undefined) throw new Error("the edge is not started");
    return this.#miniflare;
  }

  async start(vars: Vars = {}): Promise<void> {
    const generator = await this.generator.listen();
    const { file, sourceMap } = bundleWorker(ROOT, path.join(this.#folder, "build"));
    this.sourceMap = readFileSync(sourceMap.file, "utf8");
    const persist = (name: string): string => path.join(this.#folder, name);
    this.#options = {
      modules: [
        { type: "ESModule", path: "entry.js", contents: ENTRY },
        { type: "ESModule", path: "worker.js", contents: readFileSync(file, "utf8") },
      ],
      compatibilityDate: "2026-07-01",
      compatibilityFlags: ["nodejs_compat"],
      cf: false,
      kvNamespaces: [...KV_BINDINGS],
      kvPersist: persist("kv"),
      d1Databases: ["DB"],
      d1Persist: persist("d1"),
      r2Buckets: ["UI_STORAGE"],
      r2Persist: persist("r2"),
      durableObjects: Object.fromEntries(
        Object.entries(DURABLE_OBJECTS).map(([binding, className]) => [binding, { className, useSQLite: true }]),
      ),
      durableObjectsPersist: persist("do"),
      bindings: { ...VARS, ...vars, GENERATOR_DOUBLE: generator },
      handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
        for (const stream of [stdout, stderr]) stream.on("data", (line: Buffer) => this.log.push(line.toString()));
      },
    };
    await this.#boot();
    await this.#migrate();
  }

  /** The map of the Worker's code, which runs as `worker.js`. */
  sourceMap = "";

  /** What workerd wrote. */
  readonly log: string[] = [];

  /** Ends workerd and starts it on the same storage. */
  async restart(vars: Vars = {}): Promise<void> {
    await this.#miniflare?.dispose();
    const bindings = { ...(this.#options as { bindings: Record<string, string> }).bindings, ...vars };
    this.#options = { ...this.#options, bindings } as MiniflareOptions;
    await this.#boot();
  }

  /** Ends workerd, looks at what it stored, and starts it again. */
  async whileStopped<Result>(look: () => Result): Promise<Result> {
    await this.#miniflare?.dispose();
    try {
      return look();
    } finally {
      await this.#boot();
    }
  }

  async stop(): Promise<void> {
    await this.#miniflare?.dispose();
    await this.generator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  fetch(address: string, init?: RequestInit): Promise<Response> {
    return this.mf.dispatchFetch(new URL(address, "http://shop.test"), { redirect: "manual", ...init });
  }

  async putStore(record: StoreRecord): Promise<void> {
    const stores = await this.mf.getKVNamespace("STORES");
    await stores.put(storeKey(record.slug), JSON.stringify(record));
  }

  async status(store: string, shopper: string): Promise<Status> {
    const response = await this.fetch(`/api/generation/status?store=${store}&shopper=${shopper}`);
    return (await response.json()) as Status;
  }

  /** Waits until the shopper's page has a state. */
  async until(store: string, shopper: string, state: Status["state"]): Promise<Status> {
    return eventually(async () => {
      const status = await this.status(store, shopper);
      return status.state === state ? status : undefined;
    }, `${shopper}'s page to be ${state}`);
  }

  /** Waits until the record of the shopper's job in KV has a state. */
  async untilRecorded(store: string, shopper: string, state: string): Promise<Record<string, unknown>> {
    const jobs = await this.mf.getKVNamespace("GENERATION_QUEUE");
    return eventually(async () => {
      const record = JSON.parse((await jobs.get(`job:${store}:${shopper}`)) ?? "{}") as Record<string, unknown>;
      return record["state"] === state ? record : undefined;
    }, `the record of ${shopper}'s job to say ${state}`);
  }

  async track(store: string, shopper: string, events: unknown[]): Promise<Response> {
    return this.fetch("/api/shopper/track", { method: "POST", body: JSON.stringify({ store, shopper, events }) });
  }

  async #boot(): Promise<void> {
    if (this.#options === undefined) throw new Error("start comes first");
    this.#miniflare = new Miniflare(this.#options);
    await this.#miniflare.ready;
  }

  async #migrate(): Promise<void> {
    const db = await this.mf.getD1Database("DB");
    const folder = path.join(ROOT, "infra/migrations");
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .toSorted()) {
      const sql = readFileSync(path.join(folder, file), "utf8");
      await db.batch(splitStatements(sql).map((statement) => db.prepare(statement)));
    }
  }
}

export interface Status {
  state: "none" | "queued" | "running" | "ready" | "failed";
  persona_hash: string;
  generated_at: string | null;
  job_id: string | null;
}

const PATIENCE_MS = 30_000;

/** Asks until there is an answer; for what happens in another process. */
export async function eventually<Result>(ask: () => Promise<Result | undefined>, what: string): Promise<Result> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const result = await ask();
    if (result !== undefined) return result;
    if (Date.now() > until) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
