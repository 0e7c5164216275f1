import type { Env } from "./env";
import { createLog, type Log } from "./log";
import { settingsOf } from "./settings";

const DAY_MS = 86_400_000;
/** Life of a shopper's session. Who was not seen for that long is nobody we know. */
const SHOPPER_DAYS = 30;
/** Rows that one statement removes; D1 gives a statement 30 s and lets no other query in meanwhile. */
const BATCH_ROWS = 1_000;
/** Statements of one run: what is left after them, the next day's run takes. */
const MOST_BATCHES = 100;

/** What one run of a statement removes, by the time before which rows are old (`?`). Tests ask for their query plans. */
export const FORGETTING = {
  generations: `DELETE FROM ui_generations WHERE id IN
    (SELECT id FROM ui_generations WHERE started_at < ? ORDER BY started_at LIMIT ${BATCH_ROWS})`,
  /** Personas that nobody has now and no generation is remembered of: each change of a catalogue leaves some. */
  personas: `DELETE FROM personas WHERE rowid IN
    (SELECT p.rowid FROM personas p WHERE p.created_at < ?
       AND NOT EXISTS (SELECT 1 FROM shoppers s WHERE s.id = p.shopper_id AND s.current_persona_hash = p.hash)
       AND NOT EXISTS (SELECT 1 FROM ui_generations g WHERE g.shopper_id = p.shopper_id AND g.persona_hash = p.hash)
     ORDER BY p.created_at LIMIT ${BATCH_ROWS})`,
  /** Whom to forget. Generations are kept for as long as the stack says, and their shopper with them. */
  shoppers: `SELECT id FROM shoppers s WHERE last_seen_at < ?
       AND NOT EXISTS (SELECT 1 FROM ui_generations g WHERE g.shopper_id = s.id)
     ORDER BY last_seen_at, rowid LIMIT ${BATCH_ROWS}`,
} as const;

/**
 * The daily cron. It forgets in D1 what was noted of generations longer ago than `GENERATION_RETENTION_DAYS`, of those that
 * never ended too, and the shoppers not seen for 30 days. Another run finds nothing more to do; a run that fails half-way is
 * made good by the next.
 */
export async function housekeeping(
  { scheduledTime }: Pick<ScheduledController, "scheduledTime">,
  env: Env,
): Promise<void> {
  const log = createLog({});
  const { DB: db } = env;
  const old = sqliteTime(scheduledTime - settingsOf(env).GENERATION_RETENTION_DAYS * DAY_MS);
  const gone = sqliteTime(scheduledTime - SHOPPER_DAYS * DAY_MS);
  await inBatches("generations_forgotten", old, log, () => removed(db.prepare(FORGETTING.generations).bind(old)));
  await inBatches("personas_forgotten", gone, log, () => removed(db.prepare(FORGETTING.personas).bind(gone)));
  await inBatches("shoppers_forgotten", gone, log, () => forgetShoppers(db, gone));
}

async function inBatches(event: string, before: string, log: Log, remove: () => Promise<number>): Promise<void> {
  let rows = 0;
  let done = false;
  for (let batch = 0; batch < MOST_BATCHES && !done; batch++) {
    const count = await remove();
    rows += count;
    done = count < BATCH_ROWS;
  }
  log.info(event, { rows, before, done });
}

const removed = async (statement: D1PreparedStatement): Promise<number> => (await statement.run()).meta.changes;

/** One transaction, in which the same shoppers are found each time; the order is what foreign keys want. */
async function forgetShoppers(db: Env["DB"], before: string): Promise<number> {
  const results = await db.batch(
    [
      `UPDATE shoppers SET current_persona_hash = NULL WHERE id IN (${FORGETTING.shoppers})`,
      `DELETE FROM personas WHERE shopper_id IN (${FORGETTING.shoppers})`,
      `DELETE FROM shoppers WHERE id IN (${FORGETTING.shoppers})`,
    ].map((statement) => db.prepare(statement).bind(before)),
  );
  return results.at(-1)?.meta.changes ?? 0;
}

/** A moment as SQLite's CURRENT_TIMESTAMP writes it: UTC, to the second. */
const sqliteTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
