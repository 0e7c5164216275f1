import { keyOf, seriesOf, type Counts, type Gauges, type Labels, type Series } from "./series";
import type { Sql } from "../sql";

/** Minutes are kept for so long. */
export const KEPT_HOURS = 7 * 24;
const KEPT_MINUTES = KEPT_HOURS * 60;
/** Sets of labels that one metric may have; what comes after them is added up under `other`. */
const MOST_LABEL_SETS = 500;
const OTHER = "other";

/**
 * The figures of a stack in the SQLite of one object: sums for each minute, kept for seven days, what counters have come to
 * in all (they never fall, whatever is forgotten), and gauges. Minutes are those since 1970.
 */
export class FigureStore {
  readonly #sql: Sql;
  /** The sets of labels of each metric that there are. */
  readonly #known = new Map<string, Set<string>>();
  #forgotAt = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS counts (
        minute INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (minute, name)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS running (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS gauges (
        minute INTEGER NOT NULL, name TEXT NOT NULL, last REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (name, minute)
      ) WITHOUT ROWID;
    `);
    const names = sql.exec<{ name: string }>("SELECT name FROM running UNION SELECT DISTINCT name FROM gauges");
    for (const { name } of names) this.#admit(name);
  }

  /** What is no figure (an unknown metric, a value that is none) is left out. */
  add(counts: Counts, gauges: Gauges, minute: number): void {
    for (const [name, value] of Object.entries(counts)) {
      const series = Number.isFinite(value) && value >= 0 ? this.#admit(name) : undefined;
      if (series === undefined) continue;
      this.#sql.exec(
        "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
        minute,
        series,
        value,
      );
      this.#sql.exec(
        "INSERT INTO running VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
        series,
        value,
      );
    }
    for (const [name, { last, max }] of Object.entries(gauges)) {
      const series = Number.isFinite(last) && Number.isFinite(max) ? this.#admit(name) : undefined;
      if (series === undefined) continue;
      this.#sql.exec(
        `INSERT INTO gauges VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET last = excluded.last, max = MAX(max, excluded.max)`,
        minute,
        series,
        last,
        max,
      );
    }
    this.#forget(minute);
  }

  /** Sums over minutes from the first one to before the second one. */
  totals(from: number, to = Number.MAX_SAFE_INTEGER): Counts {
    return this.#values(
      "SELECT name, SUM(value) AS value FROM counts WHERE minute >= ? AND minute < ? GROUP BY name",
      from,
      to,
    );
  }

  /** The oldest kept minute, from the given one on, that anything was counted in; undefined where there is none. */
  oldestMinute(from: number): number | undefined {
    const { minute } = this.#sql
      .exec<{ minute: number | null }>("SELECT MIN(minute) AS minute FROM counts WHERE minute >= ?", from)
      .one();
    return minute ?? undefined;
  }

  /** The newest minute that anything was counted in; 0 before there is one. */
  newestMinute(): number {
    return this.#sql.exec<{ minute: number | null }>("SELECT MAX(minute) AS minute FROM counts").one().minute ?? 0;
  }

  /** What every counter has come to since the stack began. */
  running(): Counts {
    return this.#values("SELECT name, value FROM running");
  }

  /** The last value of every gauge that was set within seven days. */
  gauges(): Counts {
    // SQLite takes the other columns from the row that has the greatest minute.
    return this.#values("SELECT name, last AS value, MAX(minute) FROM gauges GROUP BY name");
  }

  /** The highest value of every gauge in minutes from the first one to before the second one. */
  highest(from: number, to = Number.MAX_SAFE_INTEGER): Counts {
    return this.#values(
      "SELECT name, MAX(max) AS value FROM gauges WHERE minute >= ? AND minute < ? GROUP BY name",
      from,
      to,
    );
  }

  /** The key to store a series by: its own, or `other` of its metric where that has too many. */
  #admit(name: string): string | undefined {
    const series = seriesOf(name);
    if (series === undefined) return undefined;
    const known = this.#known.get(series.metric) ?? new Set();
    this.#known.set(series.metric, known);
    const { le: _le, ...labels } = series.labels;
    const set = JSON.stringify(labels);
    if (!known.has(set) && known.size >= MOST_LABEL_SETS) return keyOf(asOther(series));
    known.add(set);
    return keyOf(series);
  }

  #forget(minute: number): void {
    if (minute <= this.#forgotAt) return;
    this.#forgotAt = minute;
    this.#sql.exec("DELETE FROM counts WHERE minute < ?", minute - KEPT_MINUTES);
    this.#sql.exec("DELETE FROM gauges WHERE minute < ?", minute - KEPT_MINUTES);
  }

  #values(query: string, ...values: number[]): Counts {
    const rows = this.#sql.exec<{ name: string; value: number }>(query, ...values).toArray();
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }
}

function asOther(series: Series): Series {
  const { le, ...labels } = series.labels;
  const other: Labels = Object.fromEntries(Object.keys(labels).map((label) => [label, OTHER]));
  return { ...series, labels: le === undefined ? other : { ...other, le } };
}
