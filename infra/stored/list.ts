import { bucketPath, namespacePath, pagesOf } from "../cloudflare";
import type { Door, Places } from "./door";
import {
  BINDING_OF,
  type Filter,
  isMeant,
  isOfShop,
  KINDS,
  type Kind,
  type Named,
  objectPrefixOf,
  prefixOf,
  readKey,
  readObjectKey,
} from "./keys";

/** One value that is kept: a KV pair, or an R2 object. */
export interface Entry extends Named {
  readonly where: "kv" | "r2";
  readonly key: string;
  /** When KV removes it, ISO 8601. R2's rule is the bucket's. */
  readonly expiresAt?: string;
  /** Length of an object, bytes. */
  readonly bytes?: number;
  /** What was noted beside the value: when it was made, by what, with which catalogue. */
  readonly notes: Readonly<Record<string, string>>;
}

/** Everything of a stack that passes the filter, kind by kind, in the order of the keys. KV's lists are up to a minute behind. */
export async function* listStored(door: Door, places: Places, filter: Filter): AsyncGenerator<Entry> {
  for (const kind of KINDS) {
    if (filter.kind !== undefined && filter.kind !== kind) continue;
    if (isOfShop(kind) && filter.shopper !== undefined) continue;
    yield* listKv(door, places, kind, filter);
    if (kind === "pages") yield* listObjects(door, places, filter);
  }
}

interface ListedKey {
  readonly name: string;
  /** Seconds since 1970. */
  readonly expiration?: number;
  readonly metadata?: unknown;
}

async function* listKv(door: Door, { namespaces }: Places, kind: Kind, filter: Filter): AsyncGenerator<Entry> {
  const namespace = namespaces[BINDING_OF[kind]];
  if (namespace === undefined) return;
  const path = `${namespacePath(door.accountId, namespace)}/keys`;
  const list = { path, size: "limit", prefix: prefixOf(kind, filter) } as const;
  for await (const page of pagesOf<ListedKey>(door.raw, list)) {
    for (const { name, expiration, metadata } of page) {
      const named = readKey(name);
      if (named === undefined || !isMeant(named, filter)) continue;
      const expiresAt = expiration === undefined ? {} : { expiresAt: new Date(expiration * 1000).toISOString() };
      yield { ...named, where: "kv", key: name, ...expiresAt, notes: textsOf(metadata) };
    }
  }
}

interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly custom_metadata?: unknown;
}

async function* listObjects(door: Door, { bucket }: Places, filter: Filter): AsyncGenerator<Entry> {
  if (bucket === undefined) return;
  const path = `${bucketPath(door.accountId, bucket)}/objects`;
  const list = { path, size: "per_page", prefix: objectPrefixOf(filter) } as const;
  for await (const page of pagesOf<ListedObject>(door.raw, list)) {
    for (const { key, size, custom_metadata } of page) {
      const named = readObjectKey(key);
      if (named === undefined || !isMeant(named, filter)) continue;
      const { record: _layout, ...notes } = textsOf(custom_metadata);
      yield { ...named, where: "r2", key, bytes: size, notes };
    }
  }
}

/** The texts of what was noted; anything else in it is not ours. */
function textsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== "object" || metadata === null) return {};
  return Object.fromEntries(
    Object.entries(metadata).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
