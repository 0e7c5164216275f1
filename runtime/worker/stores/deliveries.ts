/** Shopify tries for four hours; an operator's own replay may come a day later. */
const REMEMBERED_MS = 2 * 86_400_000;

/** Ids of the webhooks of the last two days, so that each has its effect once. */
export class Deliveries {
  constructor(readonly sql: SqlStorage) {
    sql.exec("CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID");
    sql.exec("CREATE INDEX IF NOT EXISTS deliveries_at ON deliveries (at)");
  }

  /** Notes a webhook; false when it was here before. */
  isNew(id: string, now: number): boolean {
    this.sql.exec("DELETE FROM deliveries WHERE at < ?", now - REMEMBERED_MS);
    return this.sql.exec("INSERT OR IGNORE INTO deliveries VALUES (?, ?) RETURNING id", id, now).toArray().length === 1;
  }
}
