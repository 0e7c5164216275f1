import type { Env } from "../env";
import type { TriggerRequest } from "./api";

/**
 * The record in D1 of who shops and what was made for them. It serves reports: where D1 fails, pages are made all the
 * same, so callers log its errors and go on.
 */
export class Ledger {
  constructor(readonly db: Env["DB"]) {}

  /** Notes that a page is being made. Order as the foreign keys want it; gives the row's id. */
  async begin(request: TriggerRequest, kvKey: string): Promise<number> {
    const { store, subject, persona, persona_hash: hash } = request;
    const results = await this.db.batch<{ id: number }>([
      this.db
        .prepare(
          `INSERT INTO shoppers (id, shop_id) VALUES (?, ?)
           ON CONFLICT (id) DO UPDATE SET last_seen_at = datetime('now'), shop_id = excluded.shop_id`,
        )
        .bind(subject, store),
      this.db
        .prepare(
          `INSERT INTO personas (hash, shopper_id, type, confidence, signals) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (shopper_id, hash) DO NOTHING`,
        )
        .bind(hash, subject, persona.type, persona.confidence, JSON.stringify(persona.signals)),
      this.db.prepare("UPDATE shoppers SET current_persona_hash = ? WHERE id = ?").bind(hash, subject),
      this.db
        .prepare(
          "INSERT INTO ui_generations (shopper_id, persona_hash, status, kv_key) VALUES (?, ?, 'pending', ?) RETURNING id",
        )
        .bind(subject, hash, kvKey),
    ]);
    const id = results.at(-1)?.results[0]?.id;
    if (id === undefined) throw new Error("D1 gave no id for a new row of ui_generations");
    return id;
  }

  async completed(id: number): Promise<void> {
    await this.db
      .prepare("UPDATE ui_generations SET status = 'completed', completed_at = datetime('now') WHERE id = ?")
      .bind(id)
      .run();
  }

  async failed(id: number, message: string): Promise<void> {
    await this.db
      .prepare(
        "UPDATE ui_generations SET status = 'failed', completed_at = datetime('now'), error_message = ? WHERE id = ?",
      )
      .bind(message, id)
      .run();
  }
}
