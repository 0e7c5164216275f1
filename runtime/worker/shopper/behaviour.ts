import type { Fact } from "../../lib/persona/facts";
import type { Sql } from "../sql";

/** Events kept of a shopper, and for how long: what a store may know of what they did. */
export const MOST_EVENTS = 10_000;
const KEPT_MS = 30 * 86_400_000;
/** A persona comes from this many of the newest events; older ones say less of today's shopper. */
const TELLING_EVENTS = 2_000;

/** What a shopper did, in the object's SQLite, oldest first. */
export class Behaviour {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Remembers events, in one statement however many they are. */
  add(facts: readonly Fact[], now: number): void {
    // Here, where it is first needed: most shoppers' objects are only told of a page, and one that is only asked writes nothing.
    this.#sql.exec("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, fact TEXT NOT NULL)");
    this.#sql.exec("INSERT INTO events (fact) SELECT value FROM json_each(?)", JSON.stringify(facts));
    this.#sql.exec(
      `DELETE FROM events WHERE seq <= (SELECT MAX(seq) FROM events) - ?1 OR seq <
         (SELECT seq FROM events WHERE json_extract(fact, '$.at') >= ?2 ORDER BY seq LIMIT 1)`,
      MOST_EVENTS,
      now - KEPT_MS,
    );
  }

  /** Every event that is kept; for whoever asks what is known of them. */
  all(): Fact[] {
    const exists = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'events'").toArray();
    if (exists.length === 0) return [];
    return this.#sql
      .exec("SELECT fact FROM events ORDER BY seq")
      .toArray()
      .map(({ fact }) => JSON.parse(String(fact)) as Fact);
  }

  /** The events that the persona comes from. Only after `add`. */
  telling(): Fact[] {
    return this.#sql
      .exec("SELECT fact FROM events ORDER BY seq DESC LIMIT ?", TELLING_EVENTS)
      .toArray()
      .map(({ fact }) => JSON.parse(String(fact)) as Fact)
      .toReversed();
  }
}
