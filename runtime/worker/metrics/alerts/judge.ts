import type { Log } from "../../log";
import type { Counts } from "../series";
import type { Sql } from "../../sql";
import { noticeOf, type About } from "./notice";
import type { Outbox } from "./outbox";
import { RULES } from "./rules";
import { QUIET, step, type AlertState } from "./step";
import type { Thresholds } from "./thresholds";

const MINUTE_MS = 60_000;
/** Figures of a minute may come this much later: they are gathered before they are sent. */
export const LATE_MS = 10_000;
/** Minutes that are made good after a pause: longer than any rule has to hold. */
const MOST_CATCH_UP = 60;

export interface JudgeContext {
  readonly thresholds: Thresholds;
  readonly environment: string;
  readonly buildId: string;
  /** Whether there is a receiver to tell. */
  readonly hasReceiver: boolean;
  readonly log: Log;
}

/** How every alert stands, in SQLite: judged minute by minute out of the figures, each minute once. */
export class Judge {
  readonly #sql: Sql;
  readonly #totals: (fromMinute: number, toMinute: number) => Counts;
  readonly #outbox: Outbox;

  constructor(sql: Sql, totals: (fromMinute: number, toMinute: number) => Counts, outbox: Outbox) {
    this.#sql = sql;
    this.#totals = totals;
    this.#outbox = outbox;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS alerts (name TEXT PRIMARY KEY, state TEXT NOT NULL, told INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS judged (one INTEGER PRIMARY KEY CHECK (one = 1), minute INTEGER NOT NULL);
    `);
  }

  /** Judges the whole minutes that have ended since the last time. What follows from a minute is stored with it. */
  judge(now: number, context: JudgeContext): void {
    const last = Math.floor((now - LATE_MS) / MINUTE_MS) - 1;
    const first = Math.max(this.judgedMinute() + 1, last - MOST_CATCH_UP + 1);
    for (let minute = first; minute <= last; minute++) this.#judgeMinute(minute, now, context);
  }

  /** The last minute that was judged. */
  judgedMinute(): number {
    const [row] = this.#sql.exec<{ minute: number }>("SELECT minute FROM judged").toArray();
    return row?.minute ?? 0;
  }

  /** When the next minute can be judged, if an alert is on its way or fires; one that is quiet stays so without figures. */
  nextAt(): number | undefined {
    const isQuiet = Object.values(this.states()).every(({ state }) => state === "ok");
    return isQuiet ? undefined : judgeableAt(this.judgedMinute() + 1);
  }

  states(): Record<string, AlertState> {
    const rows = this.#sql.exec<{ name: string; state: string }>("SELECT name, state FROM alerts").toArray();
    return Object.fromEntries(rows.map(({ name, state }) => [name, JSON.parse(state) as AlertState]));
  }

  #judgeMinute(minute: number, now: number, context: JudgeContext): void {
    const windows = new Map<number, Counts>();
    const figures = (window: number): Counts => {
      const known = windows.get(window) ?? this.#totals(minute - window + 1, minute + 1);
      windows.set(window, known);
      return known;
    };
    for (const rule of RULES) {
      if (minute % rule.every !== 0) continue;
      const [row] = this.#sql
        .exec<{ state: string; told: number }>("SELECT state, told FROM alerts WHERE name = ?", rule.name)
        .toArray();
      const before = row === undefined ? QUIET : (JSON.parse(row.state) as AlertState);
      const threshold = rule.threshold(context.thresholds);
      const { next, event } = step(rule, threshold, before, rule.measure(figures(rule.window)), minute);
      const about = (state: AlertState, end?: About["end"]) => ({
        rule,
        threshold,
        value: next.value,
        samples: next.samples,
        since: (state.since ?? minute) * MINUTE_MS,
        ...(end && { end }),
        runbookUrl: context.thresholds.runbookUrl,
        environment: context.environment,
        buildId: context.buildId,
      });
      let told = row?.told === 1;
      if (event !== undefined) {
        context.log.warn(`alert_${event.status}`, {
          alert: rule.name,
          value: next.value,
          samples: next.samples,
          threshold,
        });
      }
      // A receiver that a stack gains while an alert fires hears of it then.
      if (next.state === "firing" && !told && context.hasReceiver) {
        this.#outbox.put(noticeOf(about(next)), now);
        told = true;
      }
      if (event?.status === "resolved" && told) {
        const end = { at: (minute + 1) * MINUTE_MS, reason: event.reason };
        this.#outbox.put(noticeOf(about(before, end)), now);
        told = false;
      }
      this.#sql.exec(
        "INSERT INTO alerts VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET state = ?2, told = ?3",
        rule.name,
        JSON.stringify(next),
        told ? 1 : 0,
      );
    }
    this.#sql.exec("INSERT INTO judged VALUES (1, ?1) ON CONFLICT DO UPDATE SET minute = ?1", minute);
  }
}

/** When a minute's figures are all there. Milliseconds since 1970. */
export const judgeableAt = (minute: number): number => (minute + 1) * MINUTE_MS + LATE_MS;
