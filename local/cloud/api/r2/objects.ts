/** R2: objects of a bucket. */
import { Readable } from "node:stream";
import type { Context } from "hono";
import { z } from "zod";
import type { R2Data, StoredObject } from "../../host";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody } from "../body";
import { ok, wholeNumber } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { given } from "../given";
import { r2Bucket } from "./buckets";

/** developers.cloudflare.com/r2/platform/limits */
const MAX_KEY_BYTES = 1024;
const Keys = z.array(z.string()).min(1).max(1000);

export function r2ObjectRoutes({ state, host }: Services): Routes {
  const app = new Routes("every object is `Standard`; no deletion by prefix");
  const open = (c: Context): Promise<R2Data> => host.r2(r2Bucket(state, c).name);

  app.get("/:bucket/objects", async (c) => {
    const { prefix, delimiter, cursor, start_after } = c.req.query();
    const perPage = wholeNumber(c.req.query("per_page"), 20, 1000);
    const page = await (
      await open(c)
    ).list({
      limit: perPage,
      include: ["httpMetadata", "customMetadata"],
      ...(prefix ? { prefix } : {}),
      ...(delimiter ? { delimiter } : {}),
      ...(cursor ? { cursor } : {}),
      ...(start_after ? { startAfter: start_after } : {}),
    });
    const info = {
      per_page: perPage,
      is_truncated: page.truncated,
      ...(page.truncated ? { cursor: page.cursor } : {}),
      ...(delimiter ? { delimited: page.delimitedPrefixes } : {}),
    };
    return ok(c, page.objects.map(shown), { info });
  });
  app.delete("/:bucket/objects", async (c) => {
    if (c.req.query("prefix") !== undefined) throw errors.unsupported("the deletion of R2 objects by prefix");
    const keys = await jsonBody(c, Keys, INVALID_INPUT.r2);
    for (const key of keys) checkKey(key);
    await (await open(c)).delete(keys);
    return ok(
      c,
      keys.map((key) => ({ key })),
    );
  });

  // Hono answers HEAD with what GET answers, without the body.
  app.get("/:bucket/objects/:key{.+}", async (c) => {
    const object = await (await open(c)).open(keyIn(c));
    if (!object) throw errors.r2KeyNotFound();
    c.header("ETag", object.httpEtag);
    c.header("Last-Modified", object.uploaded.toUTCString());
    c.header("Content-Length", String(object.size));
    for (const [name, value] of Object.entries(headersOf(object.httpMetadata))) c.header(name, value);
    if (c.req.method !== "HEAD") return c.body(Readable.toWeb(object.body) as ReadableStream);
    object.body.destroy();
    return c.body(null);
  });
  app.put("/:bucket/objects/:key{.+}", async (c) => {
    const key = keyIn(c);
    const bucket = await open(c);
    const httpMetadata = metadataIn(c);
    const object = await bucket.put(key, await c.req.arrayBuffer(), { httpMetadata });
    return ok(c, {
      key,
      etag: object.etag,
      size: String(object.size),
      storage_class: "Standard",
      uploaded: object.uploaded.toISOString(),
      version: object.version,
    });
  });
  app.delete("/:bucket/objects/:key{.+}", async (c) => {
    const key = keyIn(c);
    await (await open(c)).delete(key);
    return ok(c, { key });
  });
  return app;
}

function keyIn(c: Context): string {
  const key = c.req.param("key") ?? "";
  checkKey(key);
  return key;
}

function checkKey(key: string): void {
  if (key === "" || Buffer.byteLength(key) > MAX_KEY_BYTES) throw errors.r2Key();
}

/** The headers that are kept with an object, and given back with it. */
function metadataIn(c: Context): StoredObject["httpMetadata"] {
  const expires = new Date(c.req.header("expires") ?? "");
  return {
    ...given({
      contentType: c.req.header("content-type"),
      contentLanguage: c.req.header("content-language"),
      contentDisposition: c.req.header("content-disposition"),
      contentEncoding: c.req.header("content-encoding"),
      cacheControl: c.req.header("cache-control"),
    }),
    ...(Number.isNaN(expires.getTime()) ? {} : { cacheExpiry: expires }),
  };
}

function headersOf(metadata: StoredObject["httpMetadata"]): Record<string, string> {
  return {
    "Content-Type": metadata.contentType ?? "application/octet-stream",
    ...given({
      "Content-Language": metadata.contentLanguage,
      "Content-Disposition": metadata.contentDisposition,
      "Content-Encoding": metadata.contentEncoding,
      "Cache-Control": metadata.cacheControl,
      Expires: metadata.cacheExpiry?.toUTCString(),
    }),
  };
}

type ListedObject = Awaited<ReturnType<R2Data["list"]>>["objects"][number];

const shown = (object: ListedObject) => ({
  key: object.key,
  etag: object.etag,
  size: object.size,
  last_modified: object.uploaded.toISOString(),
  http_metadata: object.httpMetadata ?? {},
  custom_metadata: object.customMetadata ?? {},
  storage_class: "Standard",
  ssec: false,
});
