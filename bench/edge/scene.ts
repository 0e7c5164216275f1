import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { Miniflare, type WorkerOptions } from "miniflare";
import { bundleWorker } from "../../infra/bundle";
import { readMigrations } from "../../infra/components/readMigrations";
import { workerVars } from "../../infra/components/workerVars";
import { parseSettings } from "../../infra/config";
import { DURABLE_OBJECTS, KV_BINDINGS } from "../../runtime/contract/bindings";
import type { CachedUI } from "../../runtime/contract/cachedUi";
import { sessionKey, storeKey, uiKey } from "../../runtime/contract/keys";
import { PROMPT_VERSIONS } from "../../runtime/contract/promptVersion";
import type { StoreRecord } from "../../runtime/contract/store";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { UNKNOWN_PERSONA } from "../../runtime/lib/persona/detect";
import { personaHash } from "../../runtime/lib/persona/hash";
import { render, templateLayout } from "../../runtime/page";
import { packPage } from "../../runtime/worker/cache/packedPage";
import type { Load } from "./load";

const ROOT = path.resolve(__dirname, "../..");
const STORE = "magic-wands";
const SIGNING_KEY = "signing-key-of-the-bench";

/** Shoppers whose pages fit into an isolate's memory together, one for each connection. */
const REGULARS = 100;
/**
 * So many that none of their pages is still in memory when its turn comes again, and so few that their sessions are: those are
 * small, and believed for ten seconds.
 */
const PASSERS_BY = 750;
/** So many that not even their sessions are. */
const STRANGERS = 3_000;

/** The deployed bundle; the one class that needs a container engine never has a container free. */
const ENTRY = `
import { DurableObject } from "cloudflare:workers";
export * from "./worker.js";
export { default } from "./worker.js";
export class AIGeneratorContainer extends DurableObject {
  async fetch() {
    await scheduler.wait(1000);
    return new Response("There is no Container instance available", { status: 503 });
  }
}`;
const fixed = (html: string): string => `
const html = ${JSON.stringify(html)};
export default { fetch() { return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }); } };`;
const BARE_KV = `
export default { async fetch(request, env) {
  const html = await env.PAGES.get(new URL(request.url).pathname, "text");
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
} };`;

/** The ways to a page on one workerd, each with the requests that take it. */
export interface Scene {
  readonly pageBytes: number;
  readonly loads: Readonly<Record<Target, Load>>;
  readonly stop: () => Promise<void>;
}
export const TARGETS = ["fixed", "bare_kv", "memory", "kv", "kv_cold", "fallback", "first_visit"] as const;
export type Target = (typeof TARGETS)[number];

/** Starts workerd with the Workers that are compared, and stores a page for every shopper. */
export async function setScene(): Promise<Scene> {
  const folder = mkdtempSync(path.join(tmpdir(), "wandstore-bench-"));
  const { record } = loadStore(path.join(ROOT, "stores", STORE));
  const hash = personaHash({
    persona: UNKNOWN_PERSONA,
    catalogueVersion: record.catalogue.version,
    promptVersion: PROMPT_VERSIONS.template,
  });
  const page = storedPage(record);
  const { html } = page.ui;
  const { file } = bundleWorker(ROOT, path.join(folder, "build"));
  const code = readFileSync(file, "utf8");
  const direct = [{ host: "127.0.0.1", port: 0 }];
  const mf = new Miniflare({
    cf: false,
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => void [stdout.resume(), stderr.resume()], // a line for each request

    workers: [
      { name: "fixed", modules: true, script: fixed(html), compatibilityDate: DATE, unsafeDirectSockets: direct },
      {
        name: "bare",
        modules: true,
        script: BARE_KV,
        compatibilityDate: DATE,
        kvNamespaces: { PAGES: "bare" },
        unsafeDirectSockets: direct,
      },
      { ...shop("returning", code), unsafeDirectSockets: direct },
      { ...shop("first-visit", code), unsafeDirectSockets: direct },
    ],
  });
  await mf.ready;
  const db = await mf.getD1Database("DB", "returning");
  for (const { sql } of readMigrations(path.join(ROOT, "infra/migrations"))) {
    for (const statement of sql.replace(/--.*$/gm, "").split(";")) {
      if (statement.trim() !== "") await db.prepare(statement).run();
    }
  }
  const pages = await mf.getKVNamespace("UI_CACHE", "returning");
  const sessions = await mf.getKVNamespace("SHOPPER_SESSIONS", "returning");
  const bare = await mf.getKVNamespace("PAGES", "bare");
  const packed = packPage(page, html);
  const session = sessionText(hash, page.meta.generated_at);
  const shoppers = Array.from({ length: REGULARS + PASSERS_BY + STRANGERS }, (_, index) => `bench-${index}`);
  await (await mf.getKVNamespace("STORES", "returning")).put(storeKey(STORE), JSON.stringify(record));
  await inTurn(shoppers, async (shopper) => {
    await pages.put(uiKey(STORE, shopper, hash), packed);
    await sessions.put(sessionKey(STORE, shopper), session);
  });
  const bareKeys = shoppers.slice(REGULARS, REGULARS + PASSERS_BY).map((shopper) => `/${shopper}`);
  await inTurn(bareKeys, (key) => bare.put(key, html));

  const originOf = async (worker: string): Promise<string> => (await mf.unsafeGetDirectURL(worker)).origin;
  const known = async (names: readonly string[]): Promise<Load> => ({
    origin: await originOf("returning"),
    paths: names.map(() => `/s/${STORE}`),
    cookies: names.map(cookieOf),
  });
  return {
    pageBytes: Buffer.byteLength(html),
    loads: {
      fixed: { origin: await originOf("fixed"), paths: ["/"] },
      bare_kv: { origin: await originOf("bare"), paths: bareKeys },
      memory: await known(shoppers.slice(0, REGULARS)),
      kv: await known(shoppers.slice(REGULARS, REGULARS + PASSERS_BY)),
      kv_cold: await known(shoppers.slice(REGULARS + PASSERS_BY)),
      fallback: { origin: await originOf("returning"), paths: [`/s/${STORE}`] },
      first_visit: { origin: await originOf("first-visit"), paths: [`/s/${STORE}`] },
    },
    stop: async () => {
      await mf.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const DATE = "2026-07-01";
const SECRETS = {
  SHOPPER_SIGNING_KEY: SIGNING_KEY,
  ADMIN_TOKEN: "admin-token-of-the-bench",
  WEBHOOK_SIGNING_KEY: "webhook-key-of-the-bench",
};

/** The variables of a stack that says no more than this. */
const varsOf = (trigger: "first-visit" | "returning"): Record<string, string> =>
  workerVars(
    parseSettings({
      "wandstore:environment": "dev",
      "wandstore:accountId": "0".repeat(32),
      "wandstore:stores": JSON.stringify([STORE]),
      "wandstore:cache": JSON.stringify({ ttlSeconds: 86_400 }), // no page is stale before the bench is over
      "wandstore:personalisation": JSON.stringify({ trigger }),
      "wandstore:debug": JSON.stringify({ enabled: false }),
    }),
    "bench",
  );

/** The product's Worker. Both share their storage but for the Durable Objects. */
function shop(trigger: "first-visit" | "returning", code: string): WorkerOptions {
  return {
    name: trigger,
    modules: [
      { type: "ESModule", path: "entry.js", contents: ENTRY },
      { type: "ESModule", path: "worker.js", contents: code },
    ],
    compatibilityDate: DATE,
    compatibilityFlags: ["nodejs_compat"],
    kvNamespaces: Object.fromEntries(KV_BINDINGS.map((binding) => [binding, binding.toLowerCase()])),
    d1Databases: { DB: "db" },
    r2Buckets: { UI_STORAGE: "ui-storage" },
    durableObjects: Object.fromEntries(
      Object.entries(DURABLE_OBJECTS).map(([binding, className]) => [binding, { className, useSQLite: true }]),
    ),
    bindings: { ...varsOf(trigger), ...SECRETS },
  };
}

/** The page of a shopper of whom nothing is known yet, as the queue stores it. */
function storedPage(record: StoreRecord): CachedUI {
  const { products } = record.catalogue;
  const layout = templateLayout({ persona: UNKNOWN_PERSONA, products, brand: record.brand, shopName: record.name });
  const { html, cspHash } = render({ layout, shop: record, products, page: { source: "template" } });
  return {
    version: 1,
    format: "layout",
    ui: { html, components: layout.sections },
    meta: {
      persona_type: UNKNOWN_PERSONA.type,
      generated_at: new Date().toISOString(),
      model: "template",
      generation_time_ms: 0,
    },
    shop_context: { shop_id: record.slug, product_count: products.length },
    source: "template",
    catalogue_version: record.catalogue.version,
    csp_hash: cspHash,
  };
}

const sessionText = (hash: string, generatedAt: string): string =>
  JSON.stringify({
    version: 1,
    persona: UNKNOWN_PERSONA,
    page: { persona_hash: hash, generated_at: generatedAt, job_id: "bench" },
  });

function cookieOf(shopper: string): string {
  const signature = createHmac("sha256", SIGNING_KEY).update(`cookie:${shopper}`).digest("base64url");
  return `wand_shopper=${shopper}.${signature}`;
}

const AT_ONCE = 16;
async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const one = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}
