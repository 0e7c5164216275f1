/** Workers KV: single values, their metadata, and the list of keys. */
import type { Context } from "hono";
import type { KvData } from "../../host";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { parseJson } from "../body";
import { ok, wholeNumber } from "../envelope";
import { ApiError, errors, INVALID_INPUT } from "../../refusals";
import { checkEntry, checkKey, putOptions, type KvEntry } from "./limits";
import { kvNamespace } from "./namespaces";

const MAX_KEYS_LISTED = 1000;

export function kvValueRoutes({ state, host, now }: Services): Routes {
  const app = new Routes("whole; consistent at once, where Cloudflare is eventually");
  const open = (c: Context): Promise<KvData> => host.kv(kvNamespace(state.kv.get(c.req.param("namespace") ?? "")).id);

  app.get("/:namespace/keys", async (c) => {
    const kv = await open(c);
    const prefix = c.req.query("prefix");
    const cursor = c.req.query("cursor");
    const limit = wholeNumber(c.req.query("limit"), MAX_KEYS_LISTED, MAX_KEYS_LISTED);
    const page = await kv.list({ limit, ...(prefix ? { prefix } : {}), ...(cursor ? { cursor } : {}) });
    const keys = page.keys.map(({ name, expiration, metadata }) => ({
      name,
      ...(expiration === undefined ? {} : { expiration }),
      ...(metadata === undefined || metadata === null ? {} : { metadata }),
    }));
    return ok(c, keys, { info: { count: keys.length, cursor: page.list_complete ? "" : page.cursor } });
  });

  app.get("/:namespace/values/:key{.+}", async (c) => {
    const kv = await open(c);
    const key = c.req.param("key");
    checkKey(key);
    const value = await kv.get(key, "arrayBuffer");
    if (value === null) throw errors.kvKeyNotFound("get");
    const expiration = await expirationOf(kv, key);
    if (expiration !== undefined) c.header("expiration", String(expiration));
    c.header("Content-Type", "application/octet-stream");
    return c.body(value);
  });
  app.put("/:namespace/values/:key{.+}", async (c) => {
    const kv = await open(c);
    const entry: KvEntry = {
      key: c.req.param("key"),
      ...(await valueIn(c)),
      expiration: numberIn(c, "expiration"),
      expiration_ttl: numberIn(c, "expiration_ttl"),
    };
    checkEntry(entry, now());
    await kv.put(entry.key, entry.value, putOptions(entry));
    return ok(c, {});
  });
  app.delete("/:namespace/values/:key{.+}", async (c) => {
    const kv = await open(c);
    checkKey(c.req.param("key"));
    await kv.delete(c.req.param("key"));
    return ok(c, {});
  });

  app.get("/:namespace/metadata/:key{.+}", async (c) => {
    const kv = await open(c);
    checkKey(c.req.param("key"));
    const { value, metadata } = await kv.getWithMetadata(c.req.param("key"), "arrayBuffer");
    if (value === null) throw errors.kvKeyNotFound("get");
    return ok(c, metadata);
  });
  return app;
}

/** The binding's `get` does not tell when a key ends; its list does, and the key itself is the first with it as prefix. */
export async function expirationOf(kv: KvData, key: string): Promise<number | undefined> {
  const { keys } = await kv.list({ prefix: key, limit: 1 });
  return keys[0]?.name === key ? keys[0].expiration : undefined;
}

/** The body as it is, or the fields `value` and `metadata` of a form (which the SDKs and the Pulumi provider send). */
async function valueIn(c: Context): Promise<Pick<KvEntry, "value" | "metadata">> {
  if (!c.req.header("content-type")?.startsWith("multipart/form-data")) {
    return { value: new Uint8Array(await c.req.arrayBuffer()) };
  }
  const form = await c.req.formData().catch(() => undefined);
  const value = form?.get("value") ?? null;
  if (value === null) throw new ApiError(400, INVALID_INPUT.kv, "value: the form has no such field");
  const metadata = form?.get("metadata") ?? null;
  return {
    value: typeof value === "string" ? value : new Uint8Array(await value.arrayBuffer()),
    ...(metadata === null ? {} : { metadata: await metadataIn(metadata) }),
  };
}

async function metadataIn(field: string | File): Promise<unknown> {
  return parseJson(typeof field === "string" ? field : await field.text(), INVALID_INPUT.kv);
}

function numberIn(c: Context, name: string): number | undefined {
  const text = c.req.query(name);
  return text === undefined || text === "" ? undefined : Number(text);
}
