/**
 * The Worker of ours that is bound to a group's data. Queries of D1 are sent to it whole: Miniflare's own bindings hold up this
 * process, with all its requests, at every `prepare` and `bind`, and for some hundred milliseconds at the first. Objects of R2 are
 * fetched from it as streams: through Miniflare's own binding they come as one text, which has no room for 300 MB.
 */
import { Readable } from "node:stream";
import { askOwn, ownWorker } from "./own-worker";
import type { Miniflare, WorkerOptions } from "miniflare";
import type { StoredObject } from "./types";

/** No Worker of a user can have this name. */
export const DATA_WORKER = "$data";

/** One query of a database. Values and results are what JSON has. */
export interface D1Call {
  method: "all" | "run" | "raw" | "first" | "batch";
  statements: { sql: string; values: unknown[] }[];
  /** Of the method. */
  argument?: unknown;
}

/** Carries what is known of an object beside its bytes: JSON in the way of URIs, since a header holds no other signs. */
const OBJECT_HEADER = "x-object";

/** Its bindings have the names of what they are bound to. */
const SCRIPT = ownWorker(`async (request, env) => {
  const { id, key, method, statements, argument } = await request.json();
  if (key !== undefined) {
    const object = await env[id].get(key);
    if (object === null) return new Response(null, { status: 404 });
    const { size, httpEtag, uploaded, httpMetadata } = object;
    const known = encodeURIComponent(JSON.stringify({ size, httpEtag, uploaded, httpMetadata }));
    return new Response(object.body, { headers: { "${OBJECT_HEADER}": known } });
  }
  try {
    const prepared = statements.map(({ sql, values }) => {
      const statement = env[id].prepare(sql);
      return values.length === 0 ? statement : statement.bind(...values);
    });
    const given = argument === undefined ? [] : [argument];
    const result = method === "batch" ? await env[id].batch(prepared) : await prepared[0][method](...given);
    return Response.json({ result });
  } catch (error) {
    return Response.json({ error: error.message });
  }
}`);

/** The first Worker of its runtime, so that `askOwn` reaches it. */
export const dataWorker = (ids: (kind: "kv" | "d1" | "r2") => string[]): WorkerOptions => ({
  name: DATA_WORKER,
  modules: true,
  script: SCRIPT,
  compatibilityDate: "2026-01-01",
  kvNamespaces: ids("kv"),
  d1Databases: ids("d1"),
  r2Buckets: ids("r2"),
});

/** @throws Error with D1's words */
export async function callD1(miniflare: Miniflare, id: string, call: D1Call): Promise<unknown> {
  const answer = await askOwn(miniflare, { id, ...call });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return result;
}

/** An object of R2; undefined where there is none. */
export async function openObject(miniflare: Miniflare, id: string, key: string): Promise<StoredObject | undefined> {
  const answer = await askOwn(miniflare, { id, key });
  if (answer.status === 404) return undefined;
  const known = decodeURIComponent(answer.headers.get(OBJECT_HEADER) ?? "");
  const { httpMetadata, uploaded, ...rest } = JSON.parse(known) as Omit<StoredObject, "body" | "uploaded"> & {
    uploaded: string;
  };
  const { cacheExpiry } = httpMetadata;
  return {
    ...rest,
    uploaded: new Date(uploaded),
    httpMetadata: { ...httpMetadata, ...(cacheExpiry ? { cacheExpiry: new Date(cacheExpiry) } : {}) },
    body: answer.body ? Readable.fromWeb(answer.body) : Readable.from([]),
  };
}
