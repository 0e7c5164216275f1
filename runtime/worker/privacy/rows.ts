import type { Env } from "../env";

/** A page's key in KV, which each row of `ui_generations` has, says of which store it is: `ui:{store}:{subject}:{hash}`. */
const STORE_OF_KEY = "substr(kv_key, 4, instr(substr(kv_key, 4), ':') - 1)";

/** Between these are the keys of a store's pages: a semicolon is what comes after a colon. */
const bounds = (store: string): [string, string] => [`ui:${store}:`, `ui:${store};`];

/** Keys of the pages that were made for a shopper in any store, as far as D1 remembers. */
export async function pageKeysOf(db: Env["DB"], shopper: string): Promise<string[]> {
  const query = db.prepare("SELECT DISTINCT kv_key FROM ui_generations WHERE shopper_id = ?").bind(shopper);
  return (await query.all<{ kv_key: string }>()).results.map(({ kv_key }) => kv_key);
}

/** Everybody who has rows of a store. */
export async function shoppersOf(db: Env["DB"], store: string): Promise<string[]> {
  const query = db
    .prepare(
      `SELECT shopper_id AS id FROM ui_generations WHERE kv_key >= ? AND kv_key < ?
       UNION SELECT id FROM shoppers WHERE shop_id = ?`,
    )
    .bind(...bounds(store), store);
  return (await query.all<{ id: string }>()).results.map(({ id }) => id);
}

/** Removes every row of a shopper, in the order that foreign keys want. */
export async function forgetShopper(db: Env["DB"], shopper: string): Promise<void> {
  await db.batch(
    [
      "UPDATE shoppers SET current_persona_hash = NULL WHERE id = ?",
      "DELETE FROM ui_generations WHERE shopper_id = ?",
      "DELETE FROM personas WHERE shopper_id = ?",
      "DELETE FROM shoppers WHERE id = ?",
    ].map((statement) => db.prepare(statement).bind(shopper)),
  );
}

/**
 * Removes the rows of a store, of one shopper or of all. A shopper's row stands for all stores: it stays, and the personas
 * with it, for what is left of other stores' generations; what none of these needs goes too. A row without a store marks, within
 * the one transaction, whom it is about.
 */
export async function forgetStore(db: Env["DB"], store: string, shopper?: string): Promise<void> {
  const one = shopper === undefined ? [] : [shopper];
  const of = (column: string): string => (shopper === undefined ? "" : ` AND ${column} = ?`);
  const generations = `FROM ui_generations WHERE kv_key >= ? AND kv_key < ?${of("shopper_id")}`;
  const marked = "SELECT id FROM shoppers WHERE shop_id = ''";
  await db.batch([
    db
      .prepare(
        `UPDATE shoppers SET current_persona_hash = NULL, shop_id = ''
         WHERE (shop_id = ? OR id IN (SELECT shopper_id ${generations}))${of("id")}`,
      )
      .bind(store, ...bounds(store), ...one, ...one),
    db.prepare(`DELETE ${generations}`).bind(...bounds(store), ...one),
    db.prepare(
      `DELETE FROM personas WHERE shopper_id IN (${marked}) AND NOT EXISTS
         (SELECT 1 FROM ui_generations g WHERE g.shopper_id = personas.shopper_id AND g.persona_hash = personas.hash)`,
    ),
    db.prepare(
      "DELETE FROM shoppers WHERE shop_id = '' AND NOT EXISTS (SELECT 1 FROM personas p WHERE p.shopper_id = shoppers.id)",
    ),
    db.prepare(
      `UPDATE shoppers SET (shop_id, current_persona_hash) =
         (SELECT ${STORE_OF_KEY}, persona_hash FROM ui_generations g WHERE g.shopper_id = shoppers.id ORDER BY g.id DESC LIMIT 1)
       WHERE shop_id = ''`,
    ),
  ]);
}
