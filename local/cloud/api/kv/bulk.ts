/** Workers KV: many keys in one request. */
import type { Context } from "hono";
import { z } from "zod";
import type { KvData } from "../../host";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody, parseJson } from "../body";
import { ok } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { checkEntry, checkKey, putOptions } from "./limits";
import { kvNamespace } from "./namespaces";
import { expirationOf } from "./values";

const MAX_PAIRS = 10_000;
const MAX_GET = 100;
/** Requests to the data at once: enough to hide its latency, few enough to leave room for the Workers. */
const CONCURRENCY = 20;

const Pairs = z
  .array(
    z.object({
      key: z.string(),
      value: z.string(),
      base64: z.boolean().default(false),
      expiration: z.number().optional(),
      expiration_ttl: z.number().optional(),
      metadata: z.unknown().optional(),
    }),
  )
  .max(MAX_PAIRS);
const Keys = z.array(z.string()).max(MAX_PAIRS);
const Get = z.object({
  keys: z.array(z.string()).max(MAX_GET),
  type: z.enum(["text", "json"]).default("text"),
  withMetadata: z.boolean().default(false),
});

export function kvBulkRoutes({ state, host, now }: Services): Routes {
  const app = new Routes("whole");
  const open = (c: Context): Promise<KvData> => host.kv(kvNamespace(state.kv.get(c.req.param("namespace") ?? "")).id);

  app.put("/:namespace/bulk", async (c) => {
    const pairs = await jsonBody(c, Pairs, INVALID_INPUT.kvBulk);
    const kv = await open(c);
    const entries = pairs.map(({ base64, value, ...rest }) => ({
      ...rest,
      value: base64 ? new Uint8Array(Buffer.from(value, "base64")) : value,
    }));
    for (const entry of entries) checkEntry(entry, now());
    await inTurns(entries, (entry) => kv.put(entry.key, entry.value, putOptions(entry)));
    return ok(c, { successful_key_count: entries.length, unsuccessful_keys: [] });
  });

  const remove = async (c: Context) => {
    const keys = await jsonBody(c, Keys, INVALID_INPUT.kvBulk);
    const kv = await open(c);
    for (const key of keys) checkKey(key);
    await inTurns(keys, (key) => kv.delete(key));
    return ok(c, { successful_key_count: keys.length, unsuccessful_keys: [] });
  };
  app.post("/:namespace/bulk/delete", remove);
  app.delete("/:namespace/bulk", remove);

  app.post("/:namespace/bulk/get", async (c) => {
    const { keys, type, withMetadata } = await jsonBody(c, Get, INVALID_INPUT.kvBulk);
    if (keys.length === 0) throw errors.kvNoKeys();
    const kv = await open(c);
    for (const key of keys) checkKey(key);
    const values: Record<string, unknown> = {};
    await inTurns(keys, async (key) => {
      const { value, metadata } = await kv.getWithMetadata(key, "text");
      const shown: unknown = value !== null && type === "json" ? parseJson(value, INVALID_INPUT.kv) : value;
      if (!withMetadata || value === null) values[key] = shown;
      else {
        const expiration = await expirationOf(kv, key);
        values[key] = { value: shown, metadata, ...(expiration === undefined ? {} : { expiration }) };
      }
    });
    return ok(c, { values });
  });
  return app;
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += CONCURRENCY) {
    await Promise.all(items.slice(at, at + CONCURRENCY).map(work));
  }
}
