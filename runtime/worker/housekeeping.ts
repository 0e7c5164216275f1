import type { Env } from "./env";
import { createLog } from "./log";
import { settingsOf } from "./settings";

const DAY_MS = 86_400_000;
/** Rows that one statement removes; D1 gives a statement 30 s and lets no other query in meanwhile. */
const BATCH_ROWS = 1_000;
/** Statements of one run: what is left after them, the next day's run takes. */
const MOST_BATCHES = 100;

/**
 * The daily cron: forgets what was noted of generations in D1 longer ago than `GENERATION_RETENTION_DAYS`, of those that
 * never ended too. Another run finds nothing more to do; a run that fails half-way is made good by the next.
 */
export async function housekeeping(
  { scheduledTime }: Pick<ScheduledController, "scheduledTime">,
  env: Env,
): Promise<void> {
  const before = sqliteTime(scheduledTime - settingsOf(env).GENERATION_RETENTION_DAYS * DAY_MS);
  let rows = 0;
  let done = false;
  for (let batch = 0; batch < MOST_BATCHES && !done; batch++) {
    const removed = await forget(env.DB, before);
    rows += removed;
    done = removed < BATCH_ROWS;
  }
  createLog({}).info("generations_forgotten", { rows, before, done });
}

async function forget(db: D1Database, before: string): Promise<number> {
  const { meta } = await db
    .prepare(
      `DELETE FROM ui_generations WHERE id IN
         (SELECT id FROM ui_generations WHERE started_at < ? ORDER BY id LIMIT ${BATCH_ROWS})`,
    )
    .bind(before)
    .run();
  return meta.changes;
}

/** A moment as SQLite's CURRENT_TIMESTAMP writes it: UTC, to the second. */
const sqliteTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
