import { namespacePath, objectPath, orNothing } from "../cloudflare";
import type { Door, Places } from "./door";
import { BINDING_OF, isOfShop } from "./keys";
import type { Entry } from "./list";

/** Most keys that one bulk delete takes. */
const KEYS_AT_ONCE = 10_000;
const OBJECTS_AT_ONCE = 8;

/**
 * Removes entries. What is gone already is fine, so a purge that broke off can be run again. Shops' own entries, and what
 * shops changed in them, are left alone.
 * @returns how many were removed.
 */
export async function purgeStored(door: Door, places: Places, entries: readonly Entry[]): Promise<number> {
  const own = entries.filter(({ kind }) => !isOfShop(kind));
  for (const [namespace, keys] of byNamespace(places, own)) {
    const path = `${namespacePath(door.accountId, namespace)}/bulk/delete`;
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      await door.api("POST", path, keys.slice(at, at + KEYS_AT_ONCE), { idempotent: true });
    }
  }
  const objects = own.filter(({ where }) => where === "r2").values();
  const removeInTurn = async (): Promise<void> => {
    for (const { key } of objects) await removeObject(door, places, key);
  };
  await Promise.all(Array.from({ length: OBJECTS_AT_ONCE }, removeInTurn));
  return own.length;
}

function byNamespace({ namespaces }: Places, entries: readonly Entry[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const { where, kind, key } of entries) {
    const namespace = namespaces[BINDING_OF[kind]];
    if (where !== "kv" || namespace === undefined) continue;
    const list = keys.get(namespace) ?? [];
    list.push(key);
    keys.set(namespace, list);
  }
  return keys;
}

async function removeObject({ api, accountId }: Door, { bucket }: Places, key: string): Promise<void> {
  if (bucket !== undefined) await orNothing(api("DELETE", objectPath(accountId, bucket, key)));
}
