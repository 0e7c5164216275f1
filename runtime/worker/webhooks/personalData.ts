import { generatedKey, jobKey, sessionKey, uiPrefix } from "../../contract/keys";
import type { Env } from "../env";
import { keysOf } from "../listing";
import type { ShopperName } from "../shopper/api";
import { shopperOf } from "../shopper/stub";

/** All that is kept of a shopper in a store, for the shop to pass on. Pages are named, and the one in R2 is whole. */
export async function personalDataOf(env: Env, { store, shopper }: ShopperName): Promise<Record<string, unknown>> {
  const object = shopperOf(env, { store, shopper });
  const [profile, events, session, job, pages, page, records] = await Promise.all([
    object.session(),
    object.events(),
    env.SHOPPER_SESSIONS.get(sessionKey(store, shopper), "json"),
    env.GENERATION_QUEUE.get(jobKey(store, shopper), "json"),
    cachedPages(env, uiPrefix(store, shopper)),
    storedPage(env, generatedKey(store, shopper)),
    recordsOf(env.DB, { store, shopper }),
  ]);
  return { store, shopper, profile, events, session, last_job: job, cached_pages: pages, stored_page: page, records };
}

async function cachedPages(env: Env, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of keysOf(env.UI_CACHE, prefix)) keys.push(key);
  return keys;
}

async function storedPage(env: Env, key: string): Promise<Record<string, unknown> | null> {
  const object = await env.UI_STORAGE.get(key);
  if (object === null) return null;
  const { record: _packed, ...about } = object.customMetadata ?? {};
  return { key, uploaded: object.uploaded.toISOString(), ...about, html: await object.text() };
}

/** The shopper's rows in D1; those of other stores are other shops' business. */
async function recordsOf(db: D1Database, { store, shopper }: ShopperName): Promise<Record<string, unknown>> {
  const query = (sql: string, ...values: string[]): D1PreparedStatement => db.prepare(sql).bind(...values);
  const [shoppers, personas, generations] = await db.batch([
    query("SELECT * FROM shoppers WHERE id = ? AND shop_id = ?", shopper, store),
    query(
      `SELECT * FROM personas WHERE shopper_id = ?1 AND hash IN
         (SELECT persona_hash FROM ui_generations WHERE shopper_id = ?1 AND kv_key >= ?2 AND kv_key < ?3)`,
      shopper,
      ...range(uiPrefix(store, shopper)),
    ),
    query(
      "SELECT * FROM ui_generations WHERE shopper_id = ? AND kv_key >= ? AND kv_key < ? ORDER BY id",
      shopper,
      ...range(uiPrefix(store, shopper)),
    ),
  ]);
  return { shoppers: shoppers?.results, personas: personas?.results, ui_generations: generations?.results };
}

/** Texts that begin with a prefix that ends in a colon: from the prefix to where the colon would be the next character. */
const range = (prefix: string): [string, string] => [prefix, `${prefix.slice(0, -1)};`];
