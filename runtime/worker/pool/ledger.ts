import type { Env } from "../env";
import type { LeasedJob } from "./job";
import { kvKeyOf } from "../cache/variant";

/** One generation as D1 has it: who shops, and what was made for them. Times as SQLite writes them, in UTC. */
export interface LedgerRow {
  store: string;
  subject: string;
  persona_hash: string;
  persona: { type: string; confidence: number; signals: unknown };
  kv_key: string;
  status: "pending" | "completed" | "failed";
  started_at: string;
  completed_at: string | null;
  error: string | null;
}

/**
 * The row of a job. A job has one, which its key in KV (store, subject, variant) and its start tell from all others, however often
 * it is written: two stores that sell the same may start one for the same shopper at once.
 */
export function ledgerRow(job: LeasedJob, status: LedgerRow["status"], error: string | null, now: number): LedgerRow {
  const { store, subject, persona_hash, persona } = job.request;
  return {
    store,
    subject,
    persona_hash,
    persona: { type: persona.type, confidence: persona.confidence, signals: persona.signals },
    kv_key: kvKeyOf({ store, subject, personaHash: persona_hash }),
    status,
    started_at: sqliteTime(job.createdAt),
    completed_at: status === "pending" ? null : sqliteTime(now),
    error,
  };
}

/** Writes rows in one transaction; one that is there gets its new state, and one that ended stays as it is. */
export async function writeRows(db: Env["DB"], rows: readonly LedgerRow[]): Promise<void> {
  await db.batch(rows.flatMap((row) => statementsOf(db, row)));
}

/** In the order that the foreign keys want. */
function statementsOf(db: Env["DB"], row: LedgerRow): D1PreparedStatement[] {
  const { store, subject, persona_hash: hash, persona, kv_key, status, started_at, completed_at, error } = row;
  return [
    db
      .prepare(
        `INSERT INTO shoppers (id, shop_id) VALUES (?, ?)
         ON CONFLICT (id) DO UPDATE SET last_seen_at = datetime('now'), shop_id = excluded.shop_id`,
      )
      .bind(subject, store),
    db
      .prepare(
        `INSERT INTO personas (hash, shopper_id, type, confidence, signals) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (shopper_id, hash) DO NOTHING`,
      )
      .bind(hash, subject, persona.type, persona.confidence, JSON.stringify(persona.signals)),
    db.prepare("UPDATE shoppers SET current_persona_hash = ? WHERE id = ?").bind(hash, subject),
    db
      .prepare(
        `UPDATE ui_generations SET status = ?4, completed_at = ?5, error_message = ?6
         WHERE shopper_id = ?1 AND persona_hash = ?2 AND started_at = ?3 AND kv_key = ?7 AND status = 'pending'`,
      )
      .bind(subject, hash, started_at, status, completed_at, error, kv_key),
    db
      .prepare(
        `INSERT INTO ui_generations (shopper_id, persona_hash, started_at, status, completed_at, error_message, kv_key)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS
           (SELECT 1 FROM ui_generations
            WHERE shopper_id = ?1 AND persona_hash = ?2 AND started_at = ?3 AND kv_key = ?7)`,
      )
      .bind(subject, hash, started_at, status, completed_at, error, kv_key),
  ];
}

/** A moment as SQLite's functions write and read it, to the millisecond. */
const sqliteTime = (ms: number): string => new Date(ms).toISOString().slice(0, 23).replace("T", " ");
