import type { Door, Places } from "./door";
import {
  BINDING_OF,
  type Filter,
  isMeant,
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

const PER_PAGE = 1000;

/** Everything of a stack that passes the filter, kind by kind, in the order of the keys. KV's lists are up to a minute behind. */
export async function* listStored(door: Door, places: Places, filter: Filter): AsyncGenerator<Entry> {
  for (const kind of KINDS) {
    if (filter.kind !== undefined && filter.kind !== kind) continue;
    if (kind === "stores" && filter.shopper !== undefined) continue;
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
  const path = `/accounts/${door.accountId}/storage/kv/namespaces/${namespace}/keys`;
  for await (const { name, expiration, metadata } of pages<ListedKey>(door, path, prefixOf(kind, filter), "limit")) {
    const named = readKey(name);
    if (named === undefined || !isMeant(named, filter)) continue;
    const expiresAt = expiration === undefined ? {} : { expiresAt: new Date(expiration * 1000).toISOString() };
    yield { ...named, where: "kv", key: name, ...expiresAt, notes: textsOf(metadata) };
  }
}

interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly custom_metadata?: unknown;
}

async function* listObjects(door: Door, { bucket }: Places, filter: Filter): AsyncGenerator<Entry> {
  if (bucket === undefined) return;
  const path = `/accounts/${door.accountId}/r2/buckets/${bucket}/objects`;
  for await (const object of pages<ListedObject>(door, path, objectPrefixOf(filter), "per_page")) {
    const named = readObjectKey(object.key);
    if (named === undefined || !isMeant(named, filter)) continue;
    const { record: _layout, ...notes } = textsOf(object.custom_metadata);
    yield { ...named, where: "r2", key: object.key, bytes: object.size, notes };
  }
}

/** What all pages of a list hold. `size` is the parameter that says how many a page may have. */
async function* pages<Item>(
  { raw }: Door,
  path: string,
  prefix: string,
  size: "limit" | "per_page",
): AsyncGenerator<Item> {
  let cursor = "";
  do {
    const query = new URLSearchParams({ prefix, [size]: String(PER_PAGE), ...(cursor !== "" && { cursor }) });
    const answer = await raw("GET", `${path}?${query}`);
    const { result, result_info: info } = (await answer.json()) as {
      result: Item[];
      result_info?: { cursor?: string };
    };
    yield* result;
    cursor = info?.cursor ?? "";
  } while (cursor !== "");
}

/** The texts of what was noted; anything else in it is not ours. */
function textsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== "object" || metadata === null) return {};
  return Object.fromEntries(
    Object.entries(metadata).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
