import { gunzipSync } from "node:zlib";
import { namespacePath, objectPath, orNothing } from "../cloudflare";
import type { Door, Places } from "./door";
import { BINDING_OF, readKey, readObjectKey } from "./keys";

/** A value as it can be read by people: text of JSON where it is JSON, else as it is. */
export interface Shown {
  readonly where: "kv" | "r2";
  readonly key: string;
  readonly value: unknown;
}

/** Bytes that gzip's output begins with. */
const GZIP = [0x1f, 0x8b] as const;
/** A page is some 50 KB; one that was packed to nothing and is huge opened was not written by us. */
const LARGEST_BYTES = 32 * 1024 * 1024;

/**
 * The value of a key, unpacked. KV keys (`ui:…`, `session:…`, `job:…`, `store:…`, `changes:…`) and R2 keys (`generated/…`) tell by
 * themselves where they are.
 * @returns undefined when nothing is kept under it, and `unknown` when no such key can be.
 */
export async function showStored(door: Door, places: Places, key: string): Promise<Shown | "unknown" | undefined> {
  const named = readKey(key);
  if (named !== undefined) {
    const namespace = places.namespaces[BINDING_OF[named.kind]];
    if (namespace === undefined) return undefined;
    const path = `${namespacePath(door.accountId, namespace)}/values/${encodeURIComponent(key)}`;
    const bytes = await read(door, path);
    return bytes && { where: "kv", key, value: decode(bytes) };
  }
  if (readObjectKey(key) === undefined) return "unknown";
  if (places.bucket === undefined) return undefined;
  const bytes = await read(door, objectPath(door.accountId, places.bucket, key));
  return bytes && { where: "r2", key, value: bytes.toString("utf8") };
}

const read = (door: Door, path: string): Promise<Buffer | undefined> =>
  orNothing(door.raw("GET", path).then(async (answer) => Buffer.from(await answer.arrayBuffer())));

function decode(bytes: Buffer): unknown {
  const packed = bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
  const text = (packed ? gunzipSync(bytes, { maxOutputLength: LARGEST_BYTES }) : bytes).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
