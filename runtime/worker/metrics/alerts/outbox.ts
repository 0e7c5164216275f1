import type { Log } from "../../log";
import type { Sql } from "../../sql";
import type { Notice } from "./notice";
import { sendNotice } from "./send";

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 15 * 60_000;
/** Who was not there for a week is not told what was then. */
const KEPT_MS = 7 * 86_400_000;

/**
 * Notices in SQLite until the receiver has taken them, those of one alert in order: its end is not told before its
 * beginning. One whose answer is lost is sent again with the same `Idempotency-Key`. Times in milliseconds since 1970.
 */
export class Outbox {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS notices (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, alert TEXT NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL,
      created_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL
    )`);
  }

  put(notice: Notice, now: number): void {
    this.#sql.exec(
      "INSERT INTO notices (alert, id, body, created_at, next_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      notice.alert,
      `${notice.dedup_key}/${notice.status}`,
      JSON.stringify(notice),
      now,
      now,
    );
  }

  /** Sends what is due. What a receiver has taken is gone at once. */
  async deliver(url: string, now: number, log: Log): Promise<void> {
    this.#sql.exec("DELETE FROM notices WHERE created_at < ?", now - KEPT_MS);
    for (;;) {
      const [notice] = this.#heads(now);
      if (notice === undefined) return;
      const { seq, id, body, attempts } = notice;
      const sent = await sendNotice(url, body, id);
      if (sent === "taken") {
        this.#sql.exec("DELETE FROM notices WHERE seq = ?", seq);
        log.info("alert_told", { notice: id, attempt: attempts + 1 });
      } else {
        const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts);
        this.#sql.exec("UPDATE notices SET attempts = attempts + 1, next_at = ? WHERE seq = ?", now + pause, seq);
        log.warn("alert_not_told", { notice: id, attempt: attempts + 1, receiver: sent, again_s: pause / 1000 });
      }
    }
  }

  /** When there is something to send next; undefined for never. */
  nextAt(): number | undefined {
    const times = this.#heads(Number.MAX_SAFE_INTEGER).map(({ next_at: at }) => at);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  waiting(): number {
    return this.#sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM notices").one().n;
  }

  /** The oldest notice of each alert, of those that are due. */
  #heads(now: number) {
    return this.#sql
      .exec<{ seq: number; id: string; body: string; attempts: number; next_at: number }>(
        `SELECT seq, id, body, attempts, next_at FROM notices
         WHERE seq IN (SELECT MIN(seq) FROM notices GROUP BY alert) AND next_at <= ? ORDER BY seq`,
        now,
      )
      .toArray();
  }
}
