import type { Sql, SqlValue } from "../sql";

/** What is written elsewhere a moment later: a row of D1, a record in KV, what a generation cost. */
export type ItemKind = "row" | "record" | "spent";

export interface Item {
  kind: ItemKind;
  /** What it is about: a later item takes the place of an earlier one with the same slot. */
  slot: string;
  /** Whose it is, to be forgotten with them. */
  store: string;
  owner: string;
  /** JSON. */
  body: string;
}

export interface DueItem extends Item {
  version: number;
  tries: number;
}

/** Items of a kind that are sent together. */
const MOST_AT_ONCE = 25;
/** Items wait this long for others to go with. */
const GATHER_MS = 500;
/** KV takes one write a second for each key. */
const KEY_PAUSE_MS = 1_100;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** Reports, not accounts: what could not be written for so long is dropped. */
const KEPT_MS = 3_600_000;

/**
 * What a pool member has to write elsewhere, kept in its own SQLite until it is written: it joins the transaction that ends the
 * job, so that a kill loses none of it, and writes of many jobs go together. Times in milliseconds since 1970.
 */
export class Outbox {
  readonly #sql: Sql;
  readonly #writtenAt = new Map<string, number>();

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS outbox (
        slot TEXT PRIMARY KEY,
        version INTEGER NOT NULL DEFAULT 1,
        kind TEXT NOT NULL,
        store TEXT NOT NULL,
        owner TEXT NOT NULL,
        body TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        added_at INTEGER NOT NULL
      );
    `);
  }

  put({ kind, slot, store, owner, body }: Item, now: number): void {
    const pausedUntil = kind === "record" ? (this.#writtenAt.get(slot) ?? 0) + KEY_PAUSE_MS : 0;
    this.#sql.exec(
      `INSERT INTO outbox (slot, kind, store, owner, body, due_at, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (slot) DO UPDATE SET version = version + 1, body = excluded.body, store = excluded.store,
         owner = excluded.owner, added_at = excluded.added_at`,
      slot,
      kind,
      store,
      owner,
      body,
      Math.max(now + GATHER_MS, pausedUntil),
      now,
    );
  }

  /** Items that are due, oldest first. One that failed before comes alone, so that it spoils no others' transaction. */
  due(now: number): DueItem[] {
    const rows = this.#sql
      .exec("SELECT * FROM outbox WHERE due_at <= ? ORDER BY tries, added_at, rowid LIMIT ?", now, MOST_AT_ONCE)
      .toArray()
      .map((row): DueItem => ({
        kind: row["kind"] as ItemKind,
        slot: String(row["slot"]),
        store: String(row["store"]),
        owner: String(row["owner"]),
        body: String(row["body"]),
        version: Number(row["version"]),
        tries: Number(row["tries"]),
      }));
    const fresh = rows.filter(({ tries }) => tries === 0);
    return fresh.length > 0 ? fresh : rows.slice(0, 1);
  }

  /** When there will be something due; undefined for never. */
  nextDueAt(): number | undefined {
    const value = this.#sql.exec("SELECT MIN(due_at) AS n FROM outbox").toArray()[0]?.["n"];
    return typeof value === "number" ? value : undefined;
  }

  /** Removes an item that was written, unless another has taken its place meanwhile. */
  written({ slot, version, kind }: DueItem, now: number): void {
    const left = this.#sql
      .exec("DELETE FROM outbox WHERE slot = ? AND version = ? RETURNING slot", slot, version)
      .toArray();
    if (kind !== "record") return;
    for (const [key, at] of this.#writtenAt) if (at + KEY_PAUSE_MS <= now) this.#writtenAt.delete(key);
    this.#writtenAt.set(slot, now);
    if (left.length === 0) this.#sql.exec("UPDATE outbox SET due_at = ? WHERE slot = ?", now + KEY_PAUSE_MS, slot);
  }

  /** Puts an item off that could not be written. False when it is too old for another try, and dropped. */
  failed({ slot, version, tries }: DueItem, now: number): boolean {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
    this.#sql.exec("UPDATE outbox SET tries = tries + 1, due_at = ? WHERE slot = ?", now + pause, slot);
    const dropped = this.#sql.exec(
      "DELETE FROM outbox WHERE slot = ? AND version = ? AND added_at < ? RETURNING slot",
      slot,
      version,
      now - KEPT_MS,
    );
    return dropped.toArray().length === 0;
  }

  /** Removes what is to be written of a subject in a store, or of all the store. What was spent stays spent. */
  forget(store: string, subject?: string): void {
    const values: SqlValue[] = [store, subject ?? null];
    this.#sql.exec("DELETE FROM outbox WHERE kind <> 'spent' AND store = ?1 AND (?2 IS NULL OR owner = ?2)", ...values);
  }
}
