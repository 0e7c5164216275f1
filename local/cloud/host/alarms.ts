/**
 * Alarms of Durable Objects, on time also while their Worker does not run. workerd writes each down beside the objects' data and
 * keeps it until its handler has succeeded; when it starts, it calls those that are due. So a Worker needs only to be started.
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock";

/** Before an alarm's time, so that workerd is there when it comes. */
const AHEAD_MS = 1_000;
/** For a Worker that could not be started. */
const RETRY_MS = 60_000;
/** The longest that a timer waits for: those of Node overflow after 24 days. */
const LONGEST_MS = 24 * 60 * 60 * 1000;
const READ_DEADLINE_MS = 500;

export interface AlarmsOptions {
  clock: Clock;
  /** When the next alarm of a Worker's objects is due, in milliseconds since 1970. */
  next: (worker: string) => number | undefined;
  /** Starts the Worker, where it does not run. */
  wake: (worker: string) => Promise<void>;
  log: (line: string) => void;
}

export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #waiting = new Map<string, () => void>();

  constructor(options: AlarmsOptions) {
    this.#options = options;
  }

  /** Wakes a Worker that does not run when its next alarm is due. */
  watch(worker: string): void {
    const next = this.#options.next(worker);
    if (next === undefined) this.forget(worker);
    else this.#after(worker, next - AHEAD_MS - this.#options.clock.now().getTime());
  }

  forget(worker: string): void {
    this.#waiting.get(worker)?.();
    this.#waiting.delete(worker);
  }

  close(): void {
    for (const worker of this.#waiting.keys()) this.forget(worker);
  }

  #after(worker: string, ms: number): void {
    this.forget(worker);
    const call = ms > LONGEST_MS ? () => this.watch(worker) : () => void this.#wake(worker);
    this.#waiting.set(worker, this.#options.clock.after(Math.min(Math.max(ms, 0), LONGEST_MS), call));
  }

  async #wake(worker: string): Promise<void> {
    this.#waiting.delete(worker);
    try {
      await this.#options.wake(worker);
    } catch (error) {
      this.#options.log(`${worker}: cannot be started for an alarm: ${(error as Error).message}`);
      this.#after(worker, RETRY_MS);
    }
  }
}

/**
 * The time of the first alarm in a namespace, in milliseconds since 1970; undefined where there is none. What cannot be read counts
 * as due at once: a Worker that runs for nothing costs less than an alarm that never comes.
 * @param file the database in which workerd keeps them (server/alarm-scheduler.c++), which may be open in a workerd
 */
export function firstAlarm(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: READ_DEADLINE_MS });
    if (db.prepare("SELECT name FROM sqlite_master WHERE name = '_cf_ALARM'").get() === undefined) return undefined;
    const row = db.prepare("SELECT MIN(scheduled_time) / 1000000 AS at FROM _cf_ALARM").get(); // nanoseconds
    return (row as { at: number | null }).at ?? undefined;
  } catch {
    return 0;
  } finally {
    db?.close();
  }
}
