import { eraseShopper } from "../privacy/erase";
import { eraseStore } from "../privacy/eraseStore";
import type { Env } from "../env";
import type { Log } from "../log";
import type { DataRequest } from "./api";

/** An erasure that failed is tried again after a minute, then ever later, at last each hour, until it is done. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Shopify wants a request answered within 30 days; after that nobody needs to know of it. */
const REQUESTS_KEPT_MS = 30 * 86_400_000;

interface Task extends Record<string, SqlStorageValue> {
  id: number;
  /** Whose data goes; null for all of the store's. */
  shopper: string | null;
  attempts: number;
}

/** What a shop asked for its shoppers' privacy, in SQLite until it is done. */
export class PrivacyTasks {
  constructor(readonly sql: SqlStorage) {
    sql.exec(`CREATE TABLE IF NOT EXISTS erasures (
      id INTEGER PRIMARY KEY AUTOINCREMENT, shopper TEXT, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL
    )`);
    sql.exec("CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, shopper TEXT NOT NULL, at INTEGER NOT NULL)");
  }

  /** Puts an erasure in line. @param shopper null for everybody. */
  erase(shopper: string | null, now: number): void {
    this.sql.exec("INSERT INTO erasures (shopper, due) VALUES (?, ?)", shopper, now);
  }

  request(id: string, shopper: string, now: number): void {
    this.sql.exec("DELETE FROM requests WHERE at < ?", now - REQUESTS_KEPT_MS);
    this.sql.exec("INSERT OR IGNORE INTO requests VALUES (?, ?, ?)", id, shopper, now);
  }

  requests(now: number): DataRequest[] {
    return this.sql
      .exec<{
        id: string;
        shopper: string;
        at: number;
      }>("SELECT * FROM requests WHERE at >= ? ORDER BY at, id", now - REQUESTS_KEPT_MS)
      .toArray()
      .map(({ id, shopper, at }) => ({ id, shopper, received_at: new Date(at).toISOString() }));
  }

  forget(shopper: string | null): void {
    if (shopper === null) this.sql.exec("DELETE FROM requests");
    else this.sql.exec("DELETE FROM requests WHERE shopper = ?", shopper);
  }

  /** When the next erasure is due; undefined when there is none. */
  dueAt(): number | undefined {
    return this.sql.exec<{ due: number | null }>("SELECT MIN(due) AS due FROM erasures").one().due ?? undefined;
  }

  /** Does the erasure that is due longest and says whose data went. One that fails is put off; never throws. */
  async runOne(env: Env, store: string, log: Log, now: number): Promise<"shopper" | "store" | undefined> {
    const [task] = this.sql.exec<Task>("SELECT * FROM erasures WHERE due <= ? ORDER BY due, id LIMIT 1", now).toArray();
    if (task === undefined) return undefined;
    const { id, shopper, attempts } = task;
    try {
      if (shopper === null) await eraseStore(env, store, log);
      else await eraseShopper(env, shopper, [store], log);
    } catch (error) {
      log.error("erasure_failed", error, { attempts: attempts + 1 });
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);
      this.sql.exec("UPDATE erasures SET attempts = attempts + 1, due = ? WHERE id = ?", Date.now() + pause, id);
      return undefined;
    }
    this.forget(shopper);
    this.sql.exec("DELETE FROM erasures WHERE id = ?", id);
    const whose = shopper === null ? "store" : "shopper";
    log.info("erased_by_webhook", { whose });
    return whose;
  }
}
