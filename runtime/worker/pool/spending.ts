import type { GenerateResponse } from "../../contract/generate";
import type { Claim } from "./job";
import type { Sql } from "../sql";

/**
 * US dollars that a job is taken to cost before it is known: four calls, two tries each with its repair, with a long catalogue
 * to a model of the dearer kind. A store whose jobs cost more is booked what the dearest of them did.
 */
export const ESTIMATED_USD = { layout: 0.02, html: 0.11 } as const;

/**
 * US dollars per million tokens of a model whose price nobody entered. No large model of the providers known here is dearer
 * (the dearest list price of the last years), so that a budget is spent too early rather than too late.
 */
const UNKNOWN_USD_PER_MILLION = { prompt: 15, completion: 75 } as const;

/** What a generation cost; estimated from its tokens where a price is not known. */
export function usdOf({ usd, tokens_used: { prompt, completion, total } }: GenerateResponse["meta"]): number {
  if (usd !== null && usd !== undefined) return usd;
  const rest = Math.max(0, total - prompt - completion); // counted, but not told of which kind
  const { prompt: forPrompt, completion: forCompletion } = UNKNOWN_USD_PER_MILLION;
  return (prompt * forPrompt + (completion + rest) * forCompletion) / 1_000_000;
}

/** The day that a moment is in, UTC: budgets are of such days. */
export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * What a store spends on models, by UTC day. A job's estimate is booked before a model is asked, and replaced by what it cost
 * after; one that never says stays booked, for its money may be gone. A day takes bookings until its budget is reached, so
 * that it costs at most the budget and one job more, and by how much the jobs under way at that moment cost more than was
 * booked for them.
 */
export class SpendingBook {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, usd REAL NOT NULL, dearest REAL NOT NULL);
      CREATE TABLE IF NOT EXISTS booked (key TEXT PRIMARY KEY, day TEXT NOT NULL, usd REAL NOT NULL);
    `);
  }

  /** Books a job; false when the day's budget is spent or booked. The same key again changes nothing. */
  reserve({ key, day, limit, estimate }: Claim): boolean {
    if (this.#sql.exec("SELECT 1 FROM booked WHERE key = ?", key).toArray().length > 0) return true;
    this.#forgetBefore(day);
    if (this.spent(day) >= limit) return false;
    const [row] = this.#sql.exec("SELECT MAX(dearest) AS usd FROM spent").toArray();
    const usd = Math.max(estimate, Number(row?.["usd"] ?? 0));
    this.#sql.exec("INSERT INTO booked (key, day, usd) VALUES (?, ?, ?)", key, day, usd);
    return true;
  }

  settle(key: string, usd: number): void {
    const [row] = this.#sql.exec("DELETE FROM booked WHERE key = ? RETURNING day", key).toArray();
    if (row === undefined) return;
    this.#sql.exec(
      `INSERT INTO spent (day, usd, dearest) VALUES (?1, ?2, ?2)
       ON CONFLICT (day) DO UPDATE SET usd = usd + ?2, dearest = MAX(dearest, ?2)`,
      row["day"] ?? "",
      usd,
    );
  }

  /** US dollars of a day: what was paid, and what is booked. */
  spent(day: string): number {
    const [row] = this.#sql
      .exec(
        `SELECT COALESCE((SELECT usd FROM spent WHERE day = ?1), 0)
           + COALESCE((SELECT SUM(usd) FROM booked WHERE day = ?1), 0) AS usd`,
        day,
      )
      .toArray();
    return Number(row?.["usd"] ?? 0);
  }

  #forgetBefore(day: string): void {
    const first = utcDay(Date.parse(day) - KEPT_DAYS * DAY_MS);
    this.#sql.exec("DELETE FROM spent WHERE day < ?", first);
    this.#sql.exec("DELETE FROM booked WHERE day < ?", first);
  }
}
