import { TriggerRequestSchema, type Crumb, type JobResult, type JobState, type JobView, type LeasedJob } from "./job";
import type { Row, Sql } from "../sql";

/** Columns that a member's table may lack because it was made by older code; its jobs go on all the same. */
const ADDED_COLUMNS: Readonly<Record<string, string>> = {
  lease: "INTEGER NOT NULL DEFAULT 0",
  leased_at: "INTEGER",
  ran_ms: "INTEGER NOT NULL DEFAULT 0",
  interruptions: "INTEGER NOT NULL DEFAULT 0",
  crumbs: "TEXT NOT NULL DEFAULT '[]'",
  result: "TEXT",
  rest_until: "INTEGER NOT NULL DEFAULT 0",
};

/** Makes the table of jobs, or brings an older one up to date. */
export function prepareJobs(sql: Sql): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS jobs (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      variant TEXT NOT NULL,
      request TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
      attempt INTEGER NOT NULL DEFAULT 0,
      run_at INTEGER NOT NULL,
      lease_until INTEGER NOT NULL DEFAULT 0,
      deadline_at INTEGER,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER,
      error TEXT
    );
    CREATE UNIQUE INDEX IF NOT EXISTS one_active_job ON jobs (variant) WHERE state IN ('queued', 'running');
    CREATE INDEX IF NOT EXISTS jobs_variant ON jobs (variant, seq);
    CREATE INDEX IF NOT EXISTS jobs_state ON jobs (state, run_at);
  `);
  const there = new Set(
    sql
      .exec("SELECT name FROM pragma_table_info('jobs')")
      .toArray()
      .map(({ name }) => name),
  );
  for (const [name, type] of Object.entries(ADDED_COLUMNS)) {
    if (!there.has(name)) sql.exec(`ALTER TABLE jobs ADD COLUMN ${name} ${type}`);
  }
}

const MOST_CRUMBS = 10;

/** SQL for the column `crumbs` with one more: how the run that began at `leased_at` ended at the time `?1`. */
export const withCrumb = (code: string): string =>
  `json_insert(CASE WHEN json_array_length(crumbs) >= ${MOST_CRUMBS} THEN json_remove(crumbs, '$[0]') ELSE crumbs END,
     '$[#]', json_object('at', ?1, 'attempt', attempt, 'code', ${code}, 'ms', ${RUN_MS}))`;

/** SQL for the milliseconds of the run that ends at the time `?1`. */
export const RUN_MS = "MAX(0, ?1 - COALESCE(leased_at, ?1))";

export const VIEW_COLUMNS = "id, state, attempt, created_at, finished_at, error, result, crumbs";

export function viewOf(row: Row): JobView {
  return {
    id: String(row["id"]),
    state: row["state"] as JobState,
    attempt: Number(row["attempt"]),
    createdAt: Number(row["created_at"]),
    finishedAt: row["finished_at"] === null ? null : Number(row["finished_at"]),
    error: row["error"] === null ? null : String(row["error"]),
    result: resultOf(row),
    crumbs: JSON.parse(String(row["crumbs"])) as Crumb[],
  };
}

export const LEASE_COLUMNS = "id, attempt, lease, request, created_at, deadline_at, interruptions, result";

export function leasedOf(row: Row): LeasedJob {
  return {
    id: String(row["id"]),
    attempt: Number(row["attempt"]),
    lease: Number(row["lease"]),
    request: TriggerRequestSchema.parse(JSON.parse(String(row["request"]))),
    createdAt: Number(row["created_at"]),
    deadlineAt: Number(row["deadline_at"]),
    interruptions: Number(row["interruptions"]),
    stored: resultOf(row),
  };
}

const resultOf = (row: Row): JobResult | null =>
  row["result"] === null ? null : (JSON.parse(String(row["result"])) as JobResult);
