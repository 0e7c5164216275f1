import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env";
import type { Counts, MetricsApi } from "./api";

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 7 * 24 * 60;

/** The stack's one Durable Object of counters, in buckets of a minute, kept for seven days. */
export class Metrics extends DurableObject<Env> implements MetricsApi {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS counts (
      minute INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (minute, name)
    ) WITHOUT ROWID`);
  }

  async add(counts: Counts): Promise<void> {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    const { sql } = this.ctx.storage;
    for (const [name, value] of Object.entries(counts)) {
      sql.exec(
        "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
        minute,
        name,
        value,
      );
    }
    sql.exec("DELETE FROM counts WHERE minute < ?", minute - KEPT_MINUTES);
  }

  async totals(since: number): Promise<Counts> {
    const rows = this.ctx.storage.sql
      .exec<{ name: string; value: number }>(
        "SELECT name, SUM(value) AS value FROM counts WHERE minute >= ? GROUP BY name",
        Math.floor(since / MINUTE_MS),
      )
      .toArray();
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }
}
